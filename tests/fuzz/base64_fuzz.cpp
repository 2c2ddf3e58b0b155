// Fuzz target: base64.
//
// Every text survives being encoded and decoded; what is accepted as encoded is the same after a second round.
#include <cstddef>
#include <cstdint>

#include "fuzz_calls.hpp"

using namespace duso;
using namespace duso::fuzz;

// NOLINTNEXTLINE(readability-identifier-naming): the fuzzer looks for this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Owned input = instance().string(text_of(data, size));
  const Owned encoded = call("encode_base64", {input.get()});
  expect(text_of(call("decode_base64", {encoded.get()})) == text_of(input));
  const Owned decoded = call("decode_base64", {input.get()});
  if (decoded.get().is_unset()) return 0;
  const Owned again = call("encode_base64", {decoded.get()});
  expect(text_of(call("decode_base64", {again.get()})) == text_of(decoded));
  return 0;
}
