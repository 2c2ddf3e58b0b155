// The standard library rounds correctly, but says only "out of range" of what is too large and of what is too small.
// Which of them it is follows from where the first digit that is not 0 stands.
#include "interpreter/syntax/number_literal.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>
#include <system_error>

namespace duso::syntax {

namespace {

constexpr long kLargestExponent = 1L << 40;

// The exponent of [text] as written, up to what no number of digits in a source text could make up for.
long written_exponent(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  if (e == text.npos) return 0;
  std::string_view digits = text.substr(e + 1);
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  long exponent = 0;
  for (const char digit : digits) exponent = std::min(exponent * 10 + (digit - '0'), kLargestExponent);
  return negative ? -exponent : exponent;
}

// Whether the first digit that is not 0 stands, in scientific notation, for a positive power of ten. For numbers
// outside the range of doubles this tells the too large from the too small.
bool is_large(std::string_view text) {
  const std::size_t length = std::min(text.find_first_of("eE"), text.size());
  const std::size_t point = std::min(text.find('.'), length);
  const std::size_t first = text.find_first_of("123456789");
  return static_cast<long>(point) - static_cast<long>(first) + written_exponent(text) > 0;
}

}  // namespace

double number_value(std::string_view text) {
  double value = 0;
  const std::from_chars_result result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc::result_out_of_range) return value;
  return is_large(text) ? std::numeric_limits<double>::infinity() : 0.0;
}

}  // namespace duso::syntax
