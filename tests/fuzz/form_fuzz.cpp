// Fuzz target: forms (application/x-www-form-urlencoded).
//
// A form that is accepted is the same after it was written and read again.
#include <cstddef>
#include <cstdint>

#include "fuzz_calls.hpp"

using namespace duso;
using namespace duso::fuzz;

// NOLINTNEXTLINE(readability-identifier-naming): the fuzzer looks for this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Owned input = instance().string(text_of(data, size));
  const Owned form = call("parse_form", {input.get()});
  if (form.get().is_unset()) return 0;
  const Owned written = call("format_form", {form.get()});
  const Owned again = call("parse_form", {written.get()});
  // Keys come back in the order of their bytes, as an object is shown in any case.
  expect(text_of(again) == text_of(form));
  return 0;
}
