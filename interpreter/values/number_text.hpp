// Numbers to text and text to numbers.
//
// Every number of the language is an IEEE double, but scripts rarely mean one: they count, index and add up whole
// numbers. So each formatter first asks whether the value is a whole number of 64 bits and then writes its digits two
// at a time; only real fractions pay for the search of the shortest decimal that reads back to the same double.
//
// There are three written forms (builtins.md 1.3), different on purpose, because scripts see all of them:
//
//   value        display          plain               json
//   -0           -0               0                   -0
//   1234567.5    1.2345675e+06    1234567.5           1234567.5
//   0.00001      1e-05            0.00001             0.00001
//   1e23         1e+23            1 and 23 zeros      1e+23
//   2^62         all 19 digits    all 19 digits       shortest digits, filled up with zeros
//   infinity     +Inf             +Inf                none, it has no JSON form
//
// and two readings: a string that is a number from its first byte to its last takes part in `<` as that number
// (language.md 6), and tonumber() takes the longest number at the front of anything and never fails (builtins.md 5).
//
// Nothing here may depend on the locale or allocate, except for the std::string conveniences and for text with `_`
// between its digits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace duso {

// Bytes that a caller's buffer must offer to each form. None of the forms writes a terminating zero.
inline constexpr std::size_t kIntegerTextSize = 20;  // -9223372036854775808
inline constexpr std::size_t kDisplayTextSize = 24;  // -1.7976931348623157e+308
inline constexpr std::size_t kPlainTextSize = 336;   // -0. and 324 digits for the smallest doubles
inline constexpr std::size_t kJsonTextSize = 32;     // -0.0000012345678901234567

// Writes the decimal digits of [value] to [out] (kIntegerTextSize bytes) and returns how many bytes that took.
std::size_t format_integer(std::int64_t value, char* out);

// Writes the display form of [value] (`print`, templates, anything nested in an array) to [out] (kDisplayTextSize
// bytes) and returns its length.
std::size_t format_display(double value, char* out);

// Writes the plain form of [value] (`+` with a string, join(), object keys), which never has an exponent, to [out]
// (kPlainTextSize bytes) and returns its length.
std::size_t format_plain(double value, char* out);

// Writes the JSON form of [value], which must be finite, to [out] (kJsonTextSize bytes) and returns its length.
std::size_t format_json(double value, char* out);

// The same three forms as strings of their own.
std::string display_text(double value);
std::string plain_text(double value);
std::string json_text(double value);

namespace detail {

std::optional<double> parse_entire_number(std::string_view text);

// Whether a number can begin with [byte]. Sorting words asks this of every word, so it has to be cheap.
constexpr bool may_start_number(char byte) {
  return (byte >= '0' && byte <= '9') || byte == '-' || byte == '+' || byte == '.' || byte == 'i' || byte == 'I' ||
         byte == 'n' || byte == 'N';
}

}  // namespace detail

// The value of [text] if all of it is one number in the sense of `<` on strings: decimal, inf, infinity or nan in any
// case, or a hexadecimal number with a `p` exponent. Single underscores may separate digits (conformance case
// language/016 relies on it). Neither spaces around it nor a value too large for a double count as a number; one too
// small is zero.
inline std::optional<double> parse_entire_number(std::string_view text) {
  if (text.empty() || !detail::may_start_number(text.front())) return std::nullopt;
  return detail::parse_entire_number(text);
}

// The number at the front of [text], as tonumber() reads it: whitespace is skipped, what follows the number is ignored,
// and 0 stands for "no number here" as well as for one too large for a double.
double parse_number_prefix(std::string_view text);

}  // namespace duso
