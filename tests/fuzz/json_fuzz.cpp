// Fuzz target: JSON.
//
// There are two readers, which must agree wherever both accept a text. What is accepted survives being written and read
// again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz_calls.hpp"
#include "stdlib/builtins/json_builder.hpp"
#include "stdlib/builtins/json_library.hpp"
#include "stdlib/builtins/json_reader.hpp"

using namespace duso;
using namespace duso::fuzz;

// NOLINTNEXTLINE(readability-identifier-naming): the fuzzer looks for this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  stdlib::JsonBuilder ours(instance().get());
  const auto problem = stdlib::JsonReader(text, ours).read();
  stdlib::JsonBuilder theirs(instance().get());
  const bool accepted = stdlib::read_with_simdjson(text, 0, theirs);
  if (problem) {
    expect(!accepted);
    expect(!problem->reason.empty() && problem->offset <= text.size());
    return 0;
  }
  const Owned value(ours.take());
  const Owned written = call("format_json", {value.get()});
  expect(written.get().is_string());
  if (accepted) {
    const Owned same(theirs.take());
    const Owned same_written = call("format_json", {same.get(), Value(1.0)});
    expect(text_of(call("format_json", {value.get(), Value(1.0)})) == text_of(same_written));
  }
  const Owned again = call("parse_json", {written.get()});
  expect(!again.get().is_unset());
  expect(text_of(call("format_json", {again.get()})) == text_of(written));
  return 0;
}
