// The remainder and the integer conversions of the language's numbers.
#include "interpreter/values/arithmetic.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

using duso::modulo;
using duso::to_integral;
using duso::truncates_to_zero;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

bool same_number(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b));
}

// The rule of language.md 6 and 18.14 word for word, slowly, in a wider type.
double modulo_by_definition(double dividend, double divisor) {
  const long double remainder =
      std::fmod(std::trunc(static_cast<long double>(dividend)), std::trunc(static_cast<long double>(divisor)));
  return remainder == 0 ? 0.0 : static_cast<double>(remainder);
}

// Values on and around every border that modulo() distinguishes.
std::vector<double> borders() {
  std::vector<double> values = {0.0,   0.5,    0.9999999999999999, 1.0, 1.5, 2.0, 2.9, 3.0, 5.7, 7.0, 10.0,
                                1e300, 5e-324, kInfinity,          kNan};
  for (const int exponent : {15, 30, 31, 32, 33, 52, 53, 54, 62, 63, 64, 65, 1000}) {
    const double power = std::ldexp(1.0, exponent);
    values.insert(values.end(),
                  {power, power - 1, power + 1, std::nextafter(power, 0), std::nextafter(power, kInfinity)});
  }
  const std::vector<double> positive = values;
  for (const double value : positive) values.push_back(-value);
  return values;
}

}  // namespace

TEST_CASE("the remainder has the sign of the left operand", "[arithmetic]") {
  CHECK(modulo(7, 3) == 1);
  CHECK(modulo(-7, 3) == -1);
  CHECK(modulo(7, -3) == 1);
  CHECK(modulo(-7, -3) == -1);
  CHECK(modulo(-5, 3) == -2);
  CHECK(modulo(4503599627370497, 2) == 1);
  CHECK(modulo(9007199254740991, 10) == 1);
}

TEST_CASE("both operands are truncated before the division", "[arithmetic]") {
  CHECK(modulo(5.7, 2.9) == 1);
  CHECK(modulo(7.9, 3) == 1);
  CHECK(modulo(7, 3.9) == 1);
  CHECK(modulo(-7.9, 3.9) == -1);
  CHECK(modulo(0.5, 2) == 0);
  CHECK(modulo(5.7, kInfinity) == 5);
}

TEST_CASE("a zero remainder is never negative", "[arithmetic]") {
  for (const double dividend : {6.0, -6.0, -0.5, -0.0, -0x1p62, -0x1p63, -0x1p70, -6e15}) {
    CHECK(same_number(modulo(dividend, 2), 0.0));
    CHECK(same_number(modulo(dividend, -2), 0.0));
  }
  CHECK(same_number(modulo(-0x1p63, -1), 0.0));
}

TEST_CASE("operands beyond 64 bits and non-finite ones follow fmod", "[arithmetic]") {
  CHECK(modulo(1e300, 2) == 0);
  CHECK(modulo(36893488147419103232.0, 3) == 2);
  CHECK(modulo(5, 1e300) == 5);
  CHECK(modulo(5, kInfinity) == 5);
  CHECK(modulo(-5, -kInfinity) == -5);
  CHECK(std::isnan(modulo(kNan, 2)));
  CHECK(std::isnan(modulo(2, kNan)));
  CHECK(std::isnan(modulo(kInfinity, 2)));
}

TEST_CASE("the remainder agrees with its definition everywhere", "[arithmetic]") {
  const std::vector<double> values = borders();
  for (const double dividend : values) {
    for (const double divisor : values) {
      if (truncates_to_zero(divisor)) continue;
      INFO(dividend << " % " << divisor);
      REQUIRE(same_number(modulo(dividend, divisor), modulo_by_definition(dividend, divisor)));
    }
  }
  std::mt19937_64 random(11);
  const auto any = [&random] {
    const std::uint64_t bits = random();
    switch (random() % 4) {
      case 0:
        return std::bit_cast<double>(bits);
      case 1:
        return static_cast<double>(static_cast<std::int64_t>(bits) >> (random() % 64));
      case 2:
        return static_cast<double>(static_cast<std::int32_t>(bits)) / 16;
      default:
        return static_cast<double>(static_cast<std::int32_t>(bits) >> (random() % 32));
    }
  };
  for (int round = 0; round < 1'000'000; ++round) {
    const double dividend = any();
    const double divisor = any();
    if (truncates_to_zero(divisor)) continue;
    INFO(dividend << " % " << divisor);
    REQUIRE(same_number(modulo(dividend, divisor), modulo_by_definition(dividend, divisor)));
  }
}

TEST_CASE("a divisor is zero for `%` when it truncates to zero", "[arithmetic]") {
  for (const double zero : {0.0, -0.0, 0.5, -0.9, 0.9999999999999999, -0.9999999999999999, 5e-324}) {
    CHECK(truncates_to_zero(zero));
  }
  for (const double divisor : {1.0, -1.0, 1.5, 1e300, kInfinity, -kInfinity, kNan}) {
    CHECK_FALSE(truncates_to_zero(divisor));
  }
}

TEST_CASE("an integral number is one that an int64 holds exactly", "[arithmetic]") {
  CHECK(to_integral(0) == 0);
  CHECK(to_integral(-0.0) == 0);
  CHECK(to_integral(-17) == -17);
  CHECK(to_integral(9223372036854774784.0) == 9223372036854774784);
  CHECK(to_integral(-0x1p63) == std::numeric_limits<std::int64_t>::min());
  for (const double value : {0.5, -1e-300, 1e15 + 0.5, 0x1p63, -0x1.0000000000001p63, kInfinity, -kInfinity, kNan}) {
    CHECK_FALSE(to_integral(value).has_value());
  }
}
