// Arithmetic whose rules are the language's own and not the processor's.
//
// `%` truncates both operands toward zero and takes the remainder with the sign of the left one (language.md 6). fmod()
// computes exactly that, but bit by bit: it costs several times a machine division. As almost every operand fits an
// integer of 64 bits, the work is done on integers and fmod() is left with what does not fit.
//
// Converting to an integer truncates for free, so no operand is rounded first. C++ leaves a conversion out of range
// undefined (and compilers do fold it to something else than the processor would answer), so the range is always asked
// for; the comparison runs beside the conversion and costs next to nothing.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

namespace duso {

namespace detail {

// The first double above the 64-bit integers. Its negative is the lowest of them.
inline constexpr double kInt64Limit = 0x1p63;

}  // namespace detail

// [value] as an integer if it is exactly one and -2^63 <= value < 2^63. Negative zero is the integer 0.
inline std::optional<std::int64_t> to_integral(double value) {
  if (!(value >= -detail::kInt64Limit && value < detail::kInt64Limit)) return std::nullopt;  // NaN fails too
  const auto whole = static_cast<std::int64_t>(value);
  if (static_cast<double>(whole) != value) return std::nullopt;
  return whole;
}

// Whether `% divisor` is the error "modulo by zero". NaN is not zero.
inline bool truncates_to_zero(double divisor) { return std::fabs(divisor) < 1.0; }

namespace detail {

// modulo() for operands of any magnitude, exact as fmod() is.
inline double modulo_beyond_int64(double dividend, double divisor) {
  return std::fmod(std::trunc(dividend), std::trunc(divisor)) + 0.0;  // -0 + 0 is +0, anything else stays
}

}  // namespace detail

// The language's `dividend % divisor`. [divisor] must not truncate to zero (ask truncates_to_zero() first). A zero
// result is always +0; NaN and infinite operands give what fmod() gives (language.md 18.14).
inline double modulo(double dividend, double divisor) {
  if (!(std::fabs(dividend) < detail::kInt64Limit && std::fabs(divisor) < detail::kInt64Limit)) [[unlikely]] {
    return detail::modulo_beyond_int64(dividend, divisor);
  }
  const auto left = static_cast<std::int64_t>(dividend);
  const auto right = static_cast<std::int64_t>(divisor);
  // Many processors divide 32 bits several times faster than 64. One test covers both operands, their size and sign.
  if (((static_cast<std::uint64_t>(left) | static_cast<std::uint64_t>(right)) >> 32) == 0) [[likely]] {
    const std::uint32_t remainder = static_cast<std::uint32_t>(left) % static_cast<std::uint32_t>(right);
    return static_cast<double>(static_cast<std::int64_t>(remainder));
  }
  return static_cast<double>(left % right);
}

}  // namespace duso
