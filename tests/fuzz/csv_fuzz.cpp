// Fuzz target: CSV.
//
// The first line of an input is the delimiter, the rest a table. A table that is accepted survives being written and
// read again, but for what CSV cannot say: a record of one empty field is an empty line, and a line end within a field
// is always a newline.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz_calls.hpp"
#include "interpreter/values/array.hpp"

using namespace duso;
using namespace duso::fuzz;

namespace {

bool has_empty_record(const Owned& table) {
  for (const Value record : table.get().array()->elements()) {
    const Array* fields = record.array();
    if (fields->size == 1 && fields->elements()[0].string()->size == 0) return true;
  }
  return false;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the fuzzer looks for this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = text_of(data, size);
  const Owned delimiter = instance().string(take_line(text));
  const Owned input = instance().string(text);
  const Owned table = call("parse_csv", {input.get(), delimiter.get()});
  if (table.get().is_unset()) return 0;
  const Owned written = call("format_csv", {table.get(), delimiter.get()});
  const Owned again = call("parse_csv", {written.get(), delimiter.get()});
  expect(!again.get().is_unset());
  if (text.find('\r') == std::string_view::npos && !has_empty_record(table)) expect(text_of(again) == text_of(table));
  return 0;
}
