// See number_text.hpp. The first half writes numbers, the second half reads them.
//
// std::to_chars finds the shortest digits and std::from_chars rounds correctly, both without a locale; what is ours is
// the layout of the digits, the grammar, and the short cuts for the numbers that scripts really use.
#include "interpreter/values/number_text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <system_error>

#include "interpreter/values/arithmetic.hpp"
#include "interpreter/values/utf8.hpp"

namespace duso {

namespace {

// Below this every whole number is a double and every double has its neighbours less than 1 away.
constexpr double kWholeNumberLimit = 0x1p53;

// "00" to "99", so that one division yields two digits.
constexpr auto kDigitPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t number = 0; number < 100; ++number) {
    pairs[2 * number] = static_cast<char>('0' + number / 10);
    pairs[2 * number + 1] = static_cast<char>('0' + number % 10);
  }
  return pairs;
}();

// kPowersOfTen[n] is 10^n, but for [0], which is 0 so that zero counts as a number of one digit.
constexpr auto kPowersOfTen = [] {
  std::array<std::uint64_t, 20> powers{};
  std::uint64_t power = 1;
  for (std::size_t exponent = 1; exponent < powers.size(); ++exponent) powers[exponent] = power *= 10;
  return powers;
}();

// The number of decimal digits of [value]. The logarithm to base 2 times log10(2) (1233 / 4096) is right or one short.
std::size_t count_digits(std::uint64_t value) {
  const auto estimate = static_cast<std::size_t>(std::bit_width(value | 1)) * 1233 >> 12;
  return estimate + (value >= kPowersOfTen[estimate] ? 1 : 0);
}

void write_pair(char* out, std::uint64_t number) { std::memcpy(out, &kDigitPairs[2 * number], 2); }

std::size_t write_literal(std::string_view literal, char* out) {
  std::memcpy(out, literal.data(), literal.size());
  return literal.size();
}

// Infinities and NaN read the same in every form.
std::size_t write_non_finite(double value, char* out) {
  if (std::isnan(value)) return write_literal("NaN", out);
  return write_literal(value > 0 ? "+Inf" : "-Inf", out);
}

// The shortest digits of finite [value] as d.ddde+XX.
std::size_t write_scientific(double value, char* out) {
  return static_cast<std::size_t>(std::to_chars(out, out + kDisplayTextSize, value, std::chars_format::scientific).ptr -
                                  out);
}

// The shortest digits of finite [value] without an exponent, into [capacity] bytes that have to suffice.
std::size_t write_fixed(double value, char* out, std::size_t capacity) {
  if (std::fabs(value) < kWholeNumberLimit) {
    const char* end = std::to_chars(out, out + capacity, value, std::chars_format::fixed).ptr;
    return static_cast<std::size_t>(end - out);
  }
  // std::to_chars would spell out all digits of the binary value. The shortest ones end before the decimal point, so
  // they are put down without their point and filled up with zeros.
  char scientific[kDisplayTextSize];
  const std::string_view text(scientific, write_scientific(value, scientific));
  const std::size_t exponent_mark = text.find('e');
  std::size_t exponent = 0;
  std::from_chars(text.data() + exponent_mark + 2, text.data() + text.size(), exponent);  // behind "e+"
  char* at = out;
  for (const char byte : text.substr(0, exponent_mark)) {
    if (byte != '.') *at++ = byte;
  }
  char* const end = out + (value < 0 ? 1 : 0) + exponent + 1;
  std::memset(at, '0', static_cast<std::size_t>(end - at));
  return static_cast<std::size_t>(end - out);
}

template <std::size_t kSize>
std::string text_of(double value, std::size_t (*format)(double, char*)) {
  char buffer[kSize];
  return {buffer, format(value, buffer)};
}

}  // namespace

std::size_t format_integer(std::int64_t value, char* out) {
  if (value >= 0 && value < 10) {
    *out = static_cast<char>('0' + value);
    return 1;
  }
  std::size_t sign = 0;
  auto rest = static_cast<std::uint64_t>(value);
  if (value < 0) {
    out[sign++] = '-';
    rest = 0 - rest;  // in unsigned arithmetic, where -2^63 has a magnitude too
  }
  const std::size_t size = sign + count_digits(rest);
  char* at = out + size;
  while (rest >= 100) {
    at -= 2;
    write_pair(at, rest % 100);
    rest /= 100;
  }
  if (rest >= 10) {
    write_pair(at - 2, rest);
  } else {
    at[-1] = static_cast<char>('0' + rest);
  }
  return size;
}

std::size_t format_display(double value, char* out) {
  if (const auto whole = to_integral(value)) {
    if (*whole == 0 && std::signbit(value)) return write_literal("-0", out);
    return format_integer(*whole, out);
  }
  if (!std::isfinite(value)) return write_non_finite(value, out);
  // The limits stand for decimal exponents -4 and 6: no fraction beside one of them has digits that round to it.
  const double magnitude = std::fabs(value);
  if (magnitude >= 1e-4 && magnitude < 1e6) return write_fixed(value, out, kDisplayTextSize);
  return write_scientific(value, out);
}

std::size_t format_plain(double value, char* out) {
  if (const auto whole = to_integral(value)) return format_integer(*whole, out);
  if (!std::isfinite(value)) return write_non_finite(value, out);
  return write_fixed(value, out, kPlainTextSize);
}

std::size_t format_json(double value, char* out) {
  const double magnitude = std::fabs(value);
  // Up to here all digits of a whole number are its shortest digits.
  if (magnitude < kWholeNumberLimit && to_integral(value)) return format_display(value, out);
  if (magnitude >= 1e-6 && magnitude < 1e21) return write_fixed(value, out, kJsonTextSize);
  std::size_t size = write_scientific(value, out);
  // 1e-07 is 1e-7 here. A positive exponent is at least 21.
  if (out[size - 2] == '0' && out[size - 3] == '-') {
    out[size - 2] = out[size - 1];
    --size;
  }
  return size;
}

std::string display_text(double value) { return text_of<kDisplayTextSize>(value, format_display); }

std::string plain_text(double value) { return text_of<kPlainTextSize>(value, format_plain); }

std::string json_text(double value) { return text_of<kJsonTextSize>(value, format_json); }

namespace {

constexpr bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

constexpr char lower(char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte | 0x20) : byte; }

constexpr bool is_hex_digit(char byte) { return is_digit(byte) || (lower(byte) >= 'a' && lower(byte) <= 'f'); }

// What a text begins with, taken as a number. The parts are found in one pass; no value is computed before it is known
// that it will be used.
struct Numeral {
  enum class Kind : std::uint8_t { kNone, kInfinity, kNan, kDecimal, kHexadecimal };

  Kind kind = Kind::kNone;
  bool negative = false;
  bool has_separators = false;           // `_` between its digits
  char exponent_letter = 0;              // 'e', 'p', or 0 without an exponent
  std::size_t size = 0;                  // bytes of the text that belong to it, the sign included
  std::string_view mantissa;             // its digits and point
  std::string_view digits;               // mantissa and exponent: all but the sign and "0x"
  std::uint64_t leading_digits = 0;      // the first kExactDigits digits of a decimal mantissa, read as an integer
  std::int64_t digit_count = 0;          // of the mantissa, without the zeros in front
  std::int64_t digits_before_point = 0;  // counted from the first that is not zero; below 0 for 0.01
  std::int64_t fraction_digits = 0;      // digits behind the point, zeros and all
  std::int64_t exponent = 0;             // as written, but cut off beyond kExponentLimit
};

// More decimal digits than this may exceed the 53 bits that a double holds exactly.
constexpr std::int64_t kExactDigits = 15;

// Far beyond any exponent that matters, even behind a mantissa of millions of zeros, and far from overflowing.
constexpr std::int64_t kExponentLimit = 1'000'000'000'000;

// Whether [text] begins with [word] (lower case) in any case.
bool starts_with_word(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (std::size_t index = 0; index < word.size(); ++index) {
    if (lower(text[index]) != word[index]) return false;
  }
  return true;
}

// Whether every `_` in [digits] stands between two digits. One may also follow the "0x" in front of hexadecimal digits.
bool separators_fit(std::string_view digits, bool hexadecimal) {
  const auto digit_at = [=](std::size_t index) {
    return index < digits.size() && (hexadecimal ? is_hex_digit(digits[index]) : is_digit(digits[index]));
  };
  for (std::size_t index = 0; index < digits.size(); ++index) {
    if (digits[index] != '_') continue;
    const bool after_digit = index == 0 ? hexadecimal : digit_at(index - 1);
    if (!after_digit || !digit_at(index + 1)) return false;
  }
  return true;
}

// Reads numbers off the front of a text.
class NumeralScanner {
 public:
  explicit NumeralScanner(std::string_view text) : text_(text) {}

  // numeral := "nan" | [sign] ( "infinity" | "inf" | decimal | "0x" hexadecimal )
  Numeral scan() {
    if (starts_with_word(text_, "nan")) return special(Numeral::Kind::kNan, 3);
    numeral_.negative = peek() == '-';
    if (peek() == '-' || peek() == '+') ++at_;
    const std::string_view rest = text_.substr(at_);
    if (starts_with_word(rest, "infinity")) return special(Numeral::Kind::kInfinity, 8);
    if (starts_with_word(rest, "inf")) return special(Numeral::Kind::kInfinity, 3);
    const bool hexadecimal = starts_with_word(rest, "0x");
    if (hexadecimal) at_ += 2;

    const std::size_t start = at_;
    scan_mantissa(hexadecimal);
    numeral_.mantissa = text_.substr(start, at_ - start);
    scan_exponent(hexadecimal);
    numeral_.digits = text_.substr(start, at_ - start);
    numeral_.size = at_;

    if (!saw_digit_ || (hexadecimal && numeral_.exponent_letter == 0)) return {};
    if (numeral_.has_separators && !separators_fit(numeral_.digits, hexadecimal)) return {};
    numeral_.kind = hexadecimal ? Numeral::Kind::kHexadecimal : Numeral::Kind::kDecimal;
    return numeral_;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  Numeral special(Numeral::Kind kind, std::size_t length) {
    numeral_.kind = kind;
    numeral_.size = at_ + length;
    return numeral_;
  }

  // mantissa := digits [ "." [ digits ] ] | "." digits
  void scan_mantissa(bool hexadecimal) {
    bool after_point = false;
    for (;; ++at_) {
      const char byte = peek();
      if (hexadecimal ? is_hex_digit(byte) : is_digit(byte)) {
        take_digit(byte, after_point);
      } else if (byte == '.' && !after_point) {
        after_point = true;
      } else if (byte == '_') {
        numeral_.has_separators = true;
      } else {
        return;
      }
    }
  }

  void take_digit(char byte, bool after_point) {
    saw_digit_ = true;
    if (byte != '0' || numeral_.digit_count > 0) {
      ++numeral_.digit_count;
      if (numeral_.digit_count <= kExactDigits) {
        numeral_.leading_digits = numeral_.leading_digits * 10 + static_cast<std::uint64_t>(byte - '0');
      }
      if (!after_point) ++numeral_.digits_before_point;
    } else if (after_point) {
      --numeral_.digits_before_point;
    }
    if (after_point) ++numeral_.fraction_digits;
  }

  // exponent := ( "e" | "p" ) [sign] digits      "e" is a digit of a hexadecimal number, so there only "p" gets here
  // Anything else behind the mantissa, "10px" say, does not belong to the number.
  void scan_exponent(bool hexadecimal) {
    const char letter = lower(peek());
    if (letter != 'p' && (letter != 'e' || hexadecimal)) return;
    const std::size_t mantissa_end = at_++;
    const bool negative = peek() == '-';
    if (peek() == '-' || peek() == '+') ++at_;
    if (!is_digit(peek())) {
      at_ = mantissa_end;
      return;
    }
    for (; is_digit(peek()) || peek() == '_'; ++at_) {
      if (peek() == '_') {
        numeral_.has_separators = true;
      } else if (numeral_.exponent < kExponentLimit) {
        numeral_.exponent = numeral_.exponent * 10 + (peek() - '0');
      }
    }
    if (negative) numeral_.exponent = -numeral_.exponent;
    numeral_.exponent_letter = letter;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool saw_digit_ = false;
  Numeral numeral_;
};

// The value of [digits] without regard to the sign; infinity if a double cannot hold it. [large] tells an overflow from
// an underflow, which std::from_chars reports alike.
double convert_digits(std::string_view digits, std::chars_format format, bool large) {
  double value = 0;
  const auto outcome = std::from_chars(digits.data(), digits.data() + digits.size(), value, format);
  if (outcome.ec != std::errc::result_out_of_range) return value;
  return large ? std::numeric_limits<double>::infinity() : 0.0;
}

// The powers of ten that a double holds exactly.
constexpr std::array kExactPowers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                     1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

double decimal_magnitude(const Numeral& numeral, std::string_view digits) {
  // Clinger's fast path: a mantissa and a power of ten that are both exact leave one rounding, that of the result.
  const std::int64_t power = numeral.exponent - numeral.fraction_digits;
  if (numeral.digit_count <= kExactDigits && static_cast<std::uint64_t>(std::abs(power)) < kExactPowers.size()) {
    const auto mantissa = static_cast<double>(numeral.leading_digits);
    const double scale = kExactPowers[static_cast<std::size_t>(std::abs(power))];
    return power < 0 ? mantissa / scale : mantissa * scale;
  }
  return convert_digits(digits, std::chars_format::general, numeral.digits_before_point + numeral.exponent > 0);
}

// A decimal mantissa times a power of two, which only tonumber() knows.
double scaled_magnitude(const Numeral& numeral, std::string_view mantissa) {
  Numeral unscaled = numeral;
  unscaled.exponent = 0;
  const auto exponent = std::clamp<std::int64_t>(numeral.exponent, -100'000, 100'000);
  return std::ldexp(decimal_magnitude(unscaled, mantissa), static_cast<int>(exponent));
}

double hexadecimal_magnitude(const Numeral& numeral, std::string_view digits) {
  const bool large = 4 * numeral.digits_before_point + numeral.exponent > 0;  // a digit is four bits
  return convert_digits(digits, std::chars_format::hex, large);
}

// The value of a decimal or hexadecimal [numeral], or nothing if it is too large for a double.
std::optional<double> finite_value(const Numeral& numeral) {
  const bool binary_scale = numeral.kind == Numeral::Kind::kDecimal && numeral.exponent_letter == 'p';
  std::string_view digits = binary_scale ? numeral.mantissa : numeral.digits;
  std::string without_separators;
  if (numeral.has_separators) {
    without_separators = digits;
    std::erase(without_separators, '_');
    digits = without_separators;
  }
  const double magnitude = numeral.kind == Numeral::Kind::kHexadecimal ? hexadecimal_magnitude(numeral, digits)
                           : binary_scale                              ? scaled_magnitude(numeral, digits)
                                                                       : decimal_magnitude(numeral, digits);
  if (std::isinf(magnitude)) return std::nullopt;
  return numeral.negative ? -magnitude : magnitude;
}

std::optional<double> value_of(const Numeral& numeral) {
  switch (numeral.kind) {
    case Numeral::Kind::kNone:
      return std::nullopt;
    case Numeral::Kind::kInfinity:
      return numeral.negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    case Numeral::Kind::kNan:
      return std::numeric_limits<double>::quiet_NaN();
    case Numeral::Kind::kDecimal:
    case Numeral::Kind::kHexadecimal:
      break;
  }
  return finite_value(numeral);
}

// The value of [text] if it is nothing but digits, and no more than kExactDigits, as most numbers in text are.
std::optional<double> plain_integer(std::string_view text) {
  if (text.empty() || text.size() > static_cast<std::size_t>(kExactDigits)) return std::nullopt;
  std::int64_t value = 0;
  for (const char byte : text) {
    if (!is_digit(byte)) return std::nullopt;
    value = value * 10 + (byte - '0');
  }
  return static_cast<double>(value);
}

}  // namespace

std::optional<double> detail::parse_entire_number(std::string_view text) {
  if (const auto value = plain_integer(text)) return *value;
  const Numeral numeral = NumeralScanner(text).scan();
  if (numeral.size != text.size()) return std::nullopt;
  if (numeral.kind == Numeral::Kind::kDecimal && numeral.exponent_letter == 'p') return std::nullopt;
  return value_of(numeral);
}

double parse_number_prefix(std::string_view text) {
  if (const auto value = plain_integer(text)) return *value;
  return value_of(NumeralScanner(utf8::trim_start(text)).scan()).value_or(0.0);
}

}  // namespace duso
