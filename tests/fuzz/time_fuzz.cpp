// Fuzz target: dates, date formats and the two ways in which systems describe time zones.
//
// The second line of an input is a date format for the first one. What is read with a format can be written with it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz_calls.hpp"
#include "runtime/time_zone.hpp"

using namespace duso;
using namespace duso::fuzz;

// NOLINTNEXTLINE(readability-identifier-naming): the fuzzer looks for this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = text_of(data, size);
  std::string_view rest = input;
  const Owned text = instance().string(take_line(rest));
  const Owned format = instance().string(rest);
  call("parse_time", {text.get()});
  call("format_time", {text.get(), format.get()});
  const Owned seconds = call("parse_time", {text.get(), format.get()});
  if (seconds.get().is_number()) expect(call("format_time", {seconds.get(), format.get()}).get().is_string());
  for (const std::int64_t moment : {std::int64_t{-5'000'000'000}, std::int64_t{0}, std::int64_t{1'700'000'000}}) {
    detail::posix_offset(input, moment);
    detail::zone_file_offset(input, moment);
  }
  return 0;
}
