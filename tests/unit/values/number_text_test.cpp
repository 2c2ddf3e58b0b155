// Numbers to text and back. What scripts can see of it is also shown by the conformance cases builtins/025, 026, 029
// and 078 and language/016, 019 and 020; their values are repeated here so that a mistake shows up next to its cause.
#include "interpreter/values/number_text.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using duso::display_text;
using duso::json_text;
using duso::parse_entire_number;
using duso::parse_number_prefix;
using duso::plain_text;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// A reader that accepts "+Inf", "-Inf" and "NaN" as well, independent of ours.
double read_back(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

// Doubles of every magnitude: random bits, whole numbers of all sizes, short decimals.
std::vector<double> assorted_numbers() {
  std::mt19937_64 random(20240123);
  std::vector<double> numbers;
  for (int round = 0; round < 100'000; ++round) {
    const std::uint64_t bits = random();
    const double any = std::bit_cast<double>(bits);
    if (std::isfinite(any)) numbers.push_back(any);
    numbers.push_back(static_cast<double>(static_cast<std::int64_t>(bits) >> (random() % 64)));
    numbers.push_back(static_cast<double>(static_cast<std::int64_t>(bits) >> (random() % 64)) /
                      std::pow(10.0, static_cast<double>(random() % 12)));
  }
  for (int exponent = -1074; exponent < 1024; ++exponent) {
    for (const double power : {std::ldexp(1.0, exponent), -std::ldexp(1.0, exponent)}) {
      numbers.push_back(power);
      numbers.push_back(std::nextafter(power, 0));
      numbers.push_back(std::nextafter(power, 2 * power));
    }
  }
  for (int exponent = -323; exponent <= 308; ++exponent) {
    const double power = std::strtod(("1e" + std::to_string(exponent)).c_str(), nullptr);
    numbers.insert(numbers.end(), {power, std::nextafter(power, 0), std::nextafter(power, kInfinity)});
  }
  return numbers;
}

struct Forms {
  double value;
  std::string display;
  std::string plain;
  std::string json;
};

}  // namespace

TEST_CASE("each form writes a number as the specification's examples do", "[number_text]") {
  const std::vector<Forms> table = {
      {0, "0", "0", "0"},
      {-0.0, "-0", "0", "-0"},
      {1, "1", "1", "1"},
      {-1, "-1", "-1", "-1"},
      {9, "9", "9", "9"},
      {10, "10", "10", "10"},
      {99, "99", "99", "99"},
      {100, "100", "100", "100"},
      {123456789, "123456789", "123456789", "123456789"},
      {1.5, "1.5", "1.5", "1.5"},
      {-0.25, "-0.25", "-0.25", "-0.25"},
      {0.1, "0.1", "0.1", "0.1"},
      {3.14159, "3.14159", "3.14159", "3.14159"},
      {100.001, "100.001", "100.001", "100.001"},
      {99999.9, "99999.9", "99999.9", "99999.9"},
      {1.0 / 3, "0.3333333333333333", "0.3333333333333333", "0.3333333333333333"},
      {2.0 / 3, "0.6666666666666666", "0.6666666666666666", "0.6666666666666666"},
      {10.0 / 3, "3.3333333333333335", "3.3333333333333335", "3.3333333333333335"},
      {0.1 + 0.2, "0.30000000000000004", "0.30000000000000004", "0.30000000000000004"},
      {1.1 * 3, "3.3000000000000003", "3.3000000000000003", "3.3000000000000003"},
      {4.35 * 100, "434.99999999999994", "434.99999999999994", "434.99999999999994"},
      {1e15 + 0.5, "1.0000000000000005e+15", "1000000000000000.5", "1000000000000000.5"},
      {123456.5, "123456.5", "123456.5", "123456.5"},
      {123456.789, "123456.789", "123456.789", "123456.789"},
      {999999.5, "999999.5", "999999.5", "999999.5"},
      {1000000.5, "1.0000005e+06", "1000000.5", "1000000.5"},
      {1234567.5, "1.2345675e+06", "1234567.5", "1234567.5"},
      {1234567.891, "1.234567891e+06", "1234567.891", "1234567.891"},
      {12345678.25, "1.234567825e+07", "12345678.25", "12345678.25"},
      {12345678.9, "1.23456789e+07", "12345678.9", "12345678.9"},
      {1e6 / 3, "333333.3333333333", "333333.3333333333", "333333.3333333333"},
      {1e7 / 3, "3.3333333333333335e+06", "3333333.3333333335", "3333333.3333333335"},
      {1 / 7e6, "1.4285714285714285e-07", "0.00000014285714285714285", "1.4285714285714285e-7"},
      {0.001, "0.001", "0.001", "0.001"},
      {0.0001, "0.0001", "0.0001", "0.0001"},
      {0.00012, "0.00012", "0.00012", "0.00012"},
      {0.000123, "0.000123", "0.000123", "0.000123"},
      {0.00001, "1e-05", "0.00001", "0.00001"},
      {0.000015, "1.5e-05", "0.000015", "0.000015"},
      {1e-6, "1e-06", "0.000001", "0.000001"},
      {1e-7, "1e-07", "0.0000001", "1e-7"},
      {2.5e-10, "2.5e-10", "0.00000000025", "2.5e-10"},
      {1.5e-10, "1.5e-10", "0.00000000015", "1.5e-10"},
      {1e-100, "1e-100", "0." + std::string(99, '0') + "1", "1e-100"},
      {5e-324, "5e-324", "0." + std::string(323, '0') + "5", "5e-324"},
      {1e6, "1000000", "1000000", "1000000"},
      {1e15, "1000000000000000", "1000000000000000", "1000000000000000"},
      {1e16, "10000000000000000", "10000000000000000", "10000000000000000"},
      {1e18, "1000000000000000000", "1000000000000000000", "1000000000000000000"},
      {-1e18, "-1000000000000000000", "-1000000000000000000", "-1000000000000000000"},
      {1e19, "1e+19", "10000000000000000000", "10000000000000000000"},
      {1e20, "1e+20", "100000000000000000000", "100000000000000000000"},
      {123456789012345680000.0, "1.2345678901234568e+20", "123456789012345680000", "123456789012345680000"},
      {1e21, "1e+21", "1000000000000000000000", "1e+21"},
      {1e23, "1e+23", "1" + std::string(23, '0'), "1e+23"},
      {1e100, "1e+100", "1" + std::string(100, '0'), "1e+100"},
      {1.5e300, "1.5e+300", "15" + std::string(299, '0'), "1.5e+300"},
      {-1.7976931348623157e308, "-1.7976931348623157e+308", "-17976931348623157" + std::string(292, '0'),
       "-1.7976931348623157e+308"},
      {9007199254740991, "9007199254740991", "9007199254740991", "9007199254740991"},
      {9007199254740993.0, "9007199254740992", "9007199254740992", "9007199254740992"},
      {0x1p60, "1152921504606846976", "1152921504606846976", "1152921504606847000"},
      {9223372036854774784.0, "9223372036854774784", "9223372036854774784", "9223372036854775000"},
      {-0x1p63, "-9223372036854775808", "-9223372036854775808", "-9223372036854776000"},
      {0x1p63, "9.223372036854776e+18", "9223372036854776000", "9223372036854776000"},
  };
  for (const Forms& forms : table) {
    CHECK(display_text(forms.value) == forms.display);
    CHECK(plain_text(forms.value) == forms.plain);
    CHECK(json_text(forms.value) == forms.json);
  }
}

TEST_CASE("infinities and NaN have names", "[number_text]") {
  CHECK(display_text(kInfinity) == "+Inf");
  CHECK(display_text(-kInfinity) == "-Inf");
  CHECK(display_text(kNan) == "NaN");
  CHECK(display_text(-kNan) == "NaN");
  CHECK(plain_text(kInfinity) == "+Inf");
  CHECK(plain_text(-kInfinity) == "-Inf");
  CHECK(plain_text(-kNan) == "NaN");
}

TEST_CASE("integers of every length are written digit for digit", "[number_text]") {
  const auto check = [](std::int64_t value) {
    char buffer[duso::kIntegerTextSize];
    REQUIRE(std::string(buffer, duso::format_integer(value, buffer)) == std::to_string(value));
  };
  std::int64_t power = 1;
  for (int digits = 1; digits <= 18; ++digits, power *= 10) {
    for (const std::int64_t value : {power - 1, power, power + 1}) {
      check(value);
      check(-value);
    }
  }
  check(std::numeric_limits<std::int64_t>::max());
  check(std::numeric_limits<std::int64_t>::min());
  for (std::int64_t value = -11'000; value <= 11'000; ++value) check(value);
  std::mt19937_64 random(7);
  for (int round = 0; round < 100'000; ++round) check(static_cast<std::int64_t>(random()) >> (random() % 64));
}

TEST_CASE("every form reads back to the same double", "[number_text]") {
  char buffer[duso::kPlainTextSize];
  for (const double value : assorted_numbers()) {
    const std::string display(buffer, duso::format_display(value, buffer));
    REQUIRE(display.size() <= duso::kDisplayTextSize);
    REQUIRE(same_bits(read_back(display), value));
    REQUIRE(same_bits(parse_number_prefix(display), value));

    const std::string plain(buffer, duso::format_plain(value, buffer));
    REQUIRE(plain.size() <= duso::kPlainTextSize);
    REQUIRE(plain.find('e') == std::string::npos);
    REQUIRE(read_back(plain) == value);

    const std::string json(buffer, duso::format_json(value, buffer));
    REQUIRE(json.size() <= duso::kJsonTextSize);
    REQUIRE(same_bits(read_back(json), value));
    REQUIRE(same_bits(parse_entire_number(json).value(), value));
  }
}

TEST_CASE("the display form switches to an exponent at 1e-4 and 1e6", "[number_text]") {
  CHECK(display_text(std::nextafter(1e-4, 0)) == "9.999999999999999e-05");
  CHECK(display_text(std::nextafter(1e-4, 1)) == "0.00010000000000000002");
  CHECK(display_text(std::nextafter(1e6, 0)) == "999999.9999999999");
  CHECK(display_text(std::nextafter(1e6, 2e6)) == "1.0000000000000001e+06");
}

TEST_CASE("the JSON form switches to an exponent at 1e-6 and 1e21", "[number_text]") {
  CHECK(json_text(std::nextafter(1e-6, 0)) == "9.999999999999997e-7");
  CHECK(json_text(1e-6) == "0.000001");
  CHECK(json_text(std::nextafter(1e21, 0)) == "999999999999999900000");
  CHECK(json_text(-1e21) == "-1e+21");
  CHECK(json_text(1.5e-9) == "1.5e-9");
  CHECK(json_text(1e-10) == "1e-10");
}

TEST_CASE("a string is a number for `<` only from its first byte to its last", "[number_text]") {
  const std::vector<std::pair<std::string, double>> numbers = {
      {"10", 10},
      {"9", 9},
      {"10.0", 10},
      {"1e2", 100},
      {"100", 100},
      {"5", 5},
      {"+5", 5},
      {"6", 6},
      {".5", 0.5},
      {"5.", 5},
      {"1e5", 1e5},
      {"1E+5", 1e5},
      {"25e-1", 2.5},
      {"-.5e1", -5},
      {"007", 7},
      {"inf", kInfinity},
      {"+Inf", kInfinity},
      {"INFINITY", kInfinity},
      {"-Infinity", -kInfinity},
      {"0x10p0", 16},
      {"0X1.8P1", 3},
      {"-0x.8p-1", -0.25},
      {"0x1p-1074", 5e-324},
      {"0x1p-2000", 0},
      {"1e-999", 0},
      {"1_0", 10},
      {"1_000.2_5e0_1", 10002.5},
      {"0x_1p4", 16},
      {"0x1_0p0_1", 32},
      {"0e999999999999999999999", 0},
  };
  for (const auto& [text, value] : numbers) {
    INFO(text);
    const auto parsed = parse_entire_number(text);
    REQUIRE(parsed.has_value());
    CHECK(same_bits(*parsed, value));
  }
  CHECK(std::isnan(parse_entire_number("NaN").value()));
  CHECK(std::isnan(parse_entire_number("nan").value()));
  CHECK(same_bits(parse_entire_number("-0").value(), -0.0));
}

TEST_CASE("words, spaces, units and numbers out of range are no numbers for `<`", "[number_text]") {
  for (const std::string text :
       {"",     "abc",  "9a",    " 5",   "5 ",   "0x10",  "1e999",  "-1e999", "0x1p1024", ".",    "-",
        "+",    "+-5",  "e5",    "1e",   "1e+",  "1.2.3", "- 5",    "10px",   "1p3",      "+nan", "-nan",
        "nano", "in",   "infin", "infx", "0x",   "0xp1",  "0x.p1",  "0x1p",   "0b11",     "_1",   "1_",
        "1__0", "1_.5", "1._5",  "1e_5", "1e5_", "1_e5",  "0x1_p4", "i",      "n",        "é",    "1,000",
        "1\n",  "--1",  "5%",    "0x1g", "1.5f", "1e5.0", "1e5e5",  "-_1",    "0_x1p1",   "in f"}) {
    INFO(text);
    CHECK_FALSE(parse_entire_number(text).has_value());
  }
  CHECK_FALSE(parse_entire_number(std::string_view("5\0", 2)).has_value());
}

TEST_CASE("tonumber takes the longest number at the front and never fails", "[number_text]") {
  const std::vector<std::pair<std::string, double>> table = {
      {"42", 42},
      {"-7", -7},
      {"+3", 3},
      {"3.25", 3.25},
      {".5", 0.5},
      {"5.", 5},
      {"1e3", 1000},
      {"1E-2", 0.01},
      {"  8  ", 8},
      {"\t9", 9},
      {"12abc", 12},
      {"7 8", 7},
      {"1,234", 1},
      {"1.2.3", 1.2},
      {"007", 7},
      {"", 0},
      {" ", 0},
      {"abc", 0},
      {"-", 0},
      {"+", 0},
      {".", 0},
      {"--1", 0},
      {"- 5", 0},
      {"$5", 0},
      {"1_000", 1000},
      {"1__0", 0},
      {"_1", 0},
      {"e5", 0},
      {"12e3e4", 12000},
      {"1,000", 1},
      {"99999999999999999999", 1e20},
      {"1e-400", 0},
      {"1e400", 0},
      {"inf", kInfinity},
      {"-Inf", -kInfinity},
      {"+INFINITY", kInfinity},
      {"0x10", 0},
      {"0b11", 0},
      {"-.5e-2", -0.005},
      {"5%", 5},
      {"1e5 apples", 100000},
      {"9007199254740993", 9007199254740992},
      {"10px", 10},
      {"2.5em", 2.5},
      {"7 px", 7},
      {"3kg", 3},
      {"1e", 1},
      {"1e+", 1},
      {"4p", 4},
      {"\n8", 8},
      {"\r\n9", 9},
      {"10em", 10},
      {"0x1p4", 16},
      {"0x1.8p1x", 3},
      {"1p3", 8},
      {"1.5p-1", 0.75},
      {"1_0p1", 20},
      {"10p", 10},
      {"10p+", 10},
      {"1p99999", 0},
      {"1p-99999", 0},
      {"-1e400", 0},
      {"0x1p5000", 0},
      {"Infinity", kInfinity},
      {"info", kInfinity},
      {"in", 0},
      {"0x", 0},
      {"0x1p", 0},
      {"0xp4", 0},
      {"1_", 0},
      {"1e5_0", 1e50},
      {"1e_5", 1},
      {"1.", 1},
      {"1.e2", 100},
      {"\u00A0\u30007", 7},
      {"\u200B7", 0},
      {"1e99999999999999999999999999", 0},
      {"1e-99999999999999999999999999", 0},
  };
  for (const auto& [text, value] : table) {
    INFO(text);
    CHECK(same_bits(parse_number_prefix(text), value));
  }
  for (const std::string text : {"nan", "NaN", "nano", " nan"}) CHECK(std::isnan(parse_number_prefix(text)));
  for (const std::string text : {"-nan", "+nan", "na"}) CHECK(same_bits(parse_number_prefix(text), 0));
  CHECK(parse_number_prefix("0.1") + parse_number_prefix("0.2") == 0.1 + 0.2);
}

TEST_CASE("long mantissas are rounded correctly and do not confuse range with length", "[number_text]") {
  const std::string zeros(400, '0');
  CHECK(parse_number_prefix("1" + zeros + "e-400") == 1);
  CHECK(parse_number_prefix("0." + zeros + "1e401") == 1);
  CHECK(parse_entire_number("0." + zeros + "1") == 0.0);
  CHECK_FALSE(parse_entire_number("1" + zeros).has_value());
  CHECK(parse_entire_number(zeros + "1e308") == 1e308);
  CHECK(parse_entire_number("1.7976931348623158e308") == std::numeric_limits<double>::max());
  CHECK_FALSE(parse_entire_number("1.7976931348623159e308").has_value());
  CHECK(parse_entire_number("2.4703282292062327e-324") == 0.0);
  CHECK(parse_entire_number("2.4703282292062328e-324") == 5e-324);
  // Halfway between two doubles, then a hair above.
  CHECK(parse_entire_number("9007199254740993") == 9007199254740992.0);
  CHECK(parse_entire_number("9007199254740993." + zeros + "1") == 9007199254740994.0);
  CHECK(parse_entire_number("0x1.00000000000008p0") == 1.0);
  CHECK(parse_entire_number("0x1.00000000000008000000000000000000000001p0") == 1.0 + 0x1p-52);
}

TEST_CASE("decimal text is read as strtod reads it", "[number_text]") {
  std::mt19937_64 random(99);
  const auto digits = [&random](std::size_t most) {
    std::string text(random() % (most + 1), '0');
    for (char& digit : text) digit = static_cast<char>('0' + random() % 10);
    return text;
  };
  for (int round = 0; round < 200'000; ++round) {
    std::string text = random() % 2 == 0 ? "-" : "";
    text += std::to_string(random() % 10) + digits(20);
    if (random() % 2 == 0) text += "." + digits(20);
    if (random() % 2 == 0) text += "e" + std::to_string(static_cast<int>(random() % 60) - 30);
    INFO(text);
    const double expected = read_back(text);
    REQUIRE(same_bits(parse_entire_number(text).value(), expected));
    REQUIRE(same_bits(parse_number_prefix(text + " apples"), expected));
  }
}
