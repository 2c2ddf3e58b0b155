// Fuzz target: text to number and back.
//
// The input is used twice, as text to be read as a number and as the eight bytes of a double to be written. strtod() is
// the judge for text that both sides accept; for doubles the judge is that every form reads back as what was written.
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "interpreter/values/number_text.hpp"

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

bool same_number(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

void check_reading(std::string_view text) {
  const double front = duso::parse_number_prefix(text);
  const auto whole = duso::parse_entire_number(text);
  if (!whole) return;
  expect(same_number(*whole, front));
  if (text.find('_') != std::string_view::npos) return;  // strtod() knows no separators
  const std::string terminated(text);
  char* end = nullptr;
  const double expected = std::strtod(terminated.c_str(), &end);
  expect(end == terminated.c_str() + terminated.size());
  expect(same_number(*whole, expected));
}

void check_writing(double value) {
  char buffer[duso::kPlainTextSize];
  const std::string_view display(buffer, duso::format_display(value, buffer));
  expect(display.size() <= duso::kDisplayTextSize);
  expect(same_number(duso::parse_number_prefix(display), value));
  const std::string_view plain(buffer, duso::format_plain(value, buffer));
  expect(plain.find('e') == std::string_view::npos);
  // Plain text drops the sign of zero, which adding 0 does too.
  expect(same_number(duso::parse_entire_number(plain).value(), value + 0.0));
  if (!std::isfinite(value)) return;
  const std::string_view json(buffer, duso::format_json(value, buffer));
  expect(json.size() <= duso::kJsonTextSize);
  expect(same_number(duso::parse_entire_number(json).value(), value));
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the fuzzer looks for this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_reading({reinterpret_cast<const char*>(data), size});
  if (size >= sizeof(double)) {
    double value;
    std::memcpy(&value, data, sizeof value);
    check_writing(value);
  }
  return 0;
}
