// Numbers: rounding, powers, angles, extremes and chance.
//
// Nearly all of these are one function of the C library behind one test of the argument's type, so they are declared in
// two shapes, `unary` and `binary`. The results are IEEE 754's: no error for a square root of -1, but NaN.
#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <string_view>

#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

// The builtin that is [function] of one number; [wording] is what its error says it requires.
template <double (*function)(double), const char* wording>
Value unary(Call& call) {
  const Value x = call.argument(0);
  if (!x.is_number()) [[unlikely]]
    return call.requires_argument(wording);
  return Value(function(x.number()));
}

template <double (*function)(double, double), const char* first, const char* second>
Value binary(Call& call) {
  const Value a = call.argument(0);
  const Value b = call.argument(1);
  if (!a.is_number()) [[unlikely]]
    return call.requires_argument(first);
  if (!b.is_number()) [[unlikely]]
    return call.requires_argument(second);
  return Value(function(a.number(), b.number()));
}

constexpr char kNumber[] = "a number";
constexpr char kAngle[] = "a number (angle in radians)";
constexpr char kSineOrCosine[] = "a number between -1 and 1";
constexpr char kFirst[] = "a number as first argument";
constexpr char kSecond[] = "a number as second argument";

// --- rounding ---

const BuiltinSpec kFloor{
    .name = "floor",
    .parameters = {{"number", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"floor() requires a number"},
    .summary = "The largest whole number that is not above `number`.",
    .example = "print(floor(2.7), floor(-2.1)) // 2 -3",
    .function = unary<std::floor, kNumber>,
};

const BuiltinSpec kCeil{
    .name = "ceil",
    .parameters = {{"number", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"ceil() requires a number"},
    .summary = "The smallest whole number that is not below `number`.",
    .example = "print(ceil(2.1), ceil(-2.7)) // 3 -2",
    .function = unary<std::ceil, kNumber>,
};

const BuiltinSpec kRound{
    .name = "round",
    .parameters = {{"number", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"round() requires a number"},
    .summary = "The whole number nearest to `number`; half way between two, the one further from zero.",
    .example = "print(round(2.5), round(-2.5), round(2.4)) // 3 -3 2",
    .function = unary<std::round, kNumber>,
};

const BuiltinSpec kAbs{
    .name = "abs",
    .parameters = {{"number", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"abs() requires a number"},
    .summary = "`number` without its sign.",
    .example = "print(abs(-3), abs(0.5)) // 3 0.5",
    .function = unary<std::fabs, kNumber>,
};

// --- powers and logarithms ---

const BuiltinSpec kSqrt{
    .name = "sqrt",
    .parameters = {{"number", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"sqrt() requires a number"},
    .summary = "The square root of `number`; NaN if it is negative.",
    .example = "print(sqrt(144), sqrt(-1)) // 12 NaN",
    .function = unary<std::sqrt, kNumber>,
};

const BuiltinSpec kPow{
    .name = "pow",
    .parameters = {{"base", Type::kNumber}, {"exponent", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"pow() requires a number as first argument", "pow() requires a number as second argument"},
    .summary = "`base` raised to the power of `exponent`. A negative base with a fractional exponent gives NaN.",
    .example = "print(pow(2, 10), pow(9, 0.5)) // 1024 3",
    .function = binary<std::pow, kFirst, kSecond>,
};

const BuiltinSpec kExp{
    .name = "exp",
    .parameters = {{"x", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"exp() requires a number"},
    .summary = "e, the base of the natural logarithm, raised to the power of `x`.",
    .example = "print(exp(0), exp(1)) // 1 2.718281828459045",
    .function = unary<std::exp, kNumber>,
};

const BuiltinSpec kLog{
    .name = "log",
    .parameters = {{"x", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"log() requires a number"},
    .summary = "The logarithm of `x` to base 10; `ln` is the natural one. -Inf for 0, NaN for negative numbers.",
    .example = "print(log(1000), log(0.01)) // 3 -2",
    .function = unary<std::log10, kNumber>,
};

const BuiltinSpec kLn{
    .name = "ln",
    .parameters = {{"x", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"ln() requires a number"},
    .summary = "The natural logarithm of `x`; `log` is the one to base 10. -Inf for 0, NaN for negative numbers.",
    .example = "print(ln(1), ln(0)) // 0 -Inf",
    .function = unary<std::log, kNumber>,
};

// --- angles ---

const BuiltinSpec kSin{
    .name = "sin",
    .parameters = {{"x", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"sin() requires a number (angle in radians)"},
    .summary = "The sine of the angle `x`, in radians.",
    .example = "print(sin(0), round(sin(pi() / 2))) // 0 1",
    .function = unary<std::sin, kAngle>,
};

const BuiltinSpec kCos{
    .name = "cos",
    .parameters = {{"x", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"cos() requires a number (angle in radians)"},
    .summary = "The cosine of the angle `x`, in radians.",
    .example = "print(cos(0), cos(pi())) // 1 -1",
    .function = unary<std::cos, kAngle>,
};

const BuiltinSpec kTan{
    .name = "tan",
    .parameters = {{"x", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"tan() requires a number (angle in radians)"},
    .summary = "The tangent of the angle `x`, in radians.",
    .example = "print(tan(0), round(tan(pi() / 4))) // 0 1",
    .function = unary<std::tan, kAngle>,
};

const BuiltinSpec kAsin{
    .name = "asin",
    .parameters = {{"x", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"asin() requires a number between -1 and 1"},
    .summary = "The angle in radians whose sine is `x`; NaN if `x` is not between -1 and 1.",
    .example = "print(asin(0), asin(2)) // 0 NaN",
    .function = unary<std::asin, kSineOrCosine>,
};

const BuiltinSpec kAcos{
    .name = "acos",
    .parameters = {{"x", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"acos() requires a number between -1 and 1"},
    .summary = "The angle in radians whose cosine is `x`; NaN if `x` is not between -1 and 1.",
    .example = "print(acos(1), acos(-1)) // 0 3.141592653589793",
    .function = unary<std::acos, kSineOrCosine>,
};

const BuiltinSpec kAtan{
    .name = "atan",
    .parameters = {{"x", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"atan() requires a number"},
    .summary = "The angle in radians whose tangent is `x`.",
    .example = "print(atan(0), atan(1)) // 0 0.7853981633974483",
    .function = unary<std::atan, kNumber>,
};

constexpr char kY[] = "a number as first argument (y)";
constexpr char kX[] = "a number as second argument (x)";

const BuiltinSpec kAtan2{
    .name = "atan2",
    .parameters = {{"y", Type::kNumber}, {"x", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"atan2() requires a number as first argument (y)", "atan2() requires a number as second argument (x)"},
    .summary =
        "The angle in radians, from -pi to pi, of the direction that leads from the origin to the point (`x`, `y`). "
        "Mind "
        "the order: `y` comes first.",
    .example = "print(atan2(1, 1), atan2(0, -1)) // 0.7853981633974483 3.141592653589793",
    .function = binary<std::atan2, kY, kX>,
};

const BuiltinSpec kPi{
    .name = "pi",
    .returns = Type::kNumber,
    .summary = "The ratio of a circle's circumference to its diameter.",
    .example = "print(pi()) // 3.141592653589793",
    .function = [](Call&) -> Value { return Value(std::numbers::pi); },
};

// --- extremes ---

// The first of the arguments that no later one goes [before]. A later argument that is no number ends the list.
template <class Compare>
Value extreme(Call& call, Compare before) {
  if (!call.has(0)) return call.requires_argument("at least one argument");
  if (!call.argument(0).is_number()) return call.raise(std::string(call.spec().name) + "() requires numeric arguments");
  double result = call.argument(0).number();
  for (const Value value : call.arguments().subspan(1)) {
    if (!value.is_number()) break;
    if (before(value.number(), result)) result = value.number();
  }
  return Value(result);
}

const BuiltinSpec kMin{
    .name = "min",
    .rest = {{"numbers", Type::kNumber, 1}},
    .returns = Type::kNumber,
    .errors = {"min() requires at least one argument", "min() requires numeric arguments"},
    .summary =
        "The smallest of the numbers given. An argument that is no number ends the list; an array is none, use "
        "`reduce(list, min, list[0])`.",
    .example = "print(min(4, 2, 8)) // 2",
    .function = [](Call& call) -> Value { return extreme(call, [](double a, double b) { return a < b; }); },
};

const BuiltinSpec kMax{
    .name = "max",
    .rest = {{"numbers", Type::kNumber, 1}},
    .returns = Type::kNumber,
    .errors = {"max() requires at least one argument", "max() requires numeric arguments"},
    .summary =
        "The largest of the numbers given. An argument that is no number ends the list; an array is none, use "
        "`reduce(list, max, list[0])`.",
    .example = "print(max(4, 2, 8)) // 8",
    .function = [](Call& call) -> Value { return extreme(call, [](double a, double b) { return a > b; }); },
};

Value clamp(Call& call) {
  static constexpr std::array<std::string_view, 3> kWordings = {
      "a number as first argument", "a number as second argument (min)", "a number as third argument (max)"};
  for (std::size_t i = 0; i < kWordings.size(); ++i) {
    if (!call.argument(i).is_number()) return call.requires_argument(kWordings[i]);
  }
  const double value = call.argument(0).number();
  const double low = call.argument(1).number();
  const double high = call.argument(2).number();
  return Value(value < low ? low : value > high ? high : value);
}

const BuiltinSpec kClamp{
    .name = "clamp",
    .parameters = {{"value", Type::kNumber}, {"min", Type::kNumber}, {"max", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"clamp() requires a number as first argument", "clamp() requires a number as second argument (min)",
               "clamp() requires a number as third argument (max)"},
    .summary = "`value`, or the nearer limit if it is below `min` or above `max`.",
    .example = "print(clamp(5, 0, 10), clamp(-5, 0, 10), clamp(50, 0, 10)) // 5 0 10",
    .function = clamp,
};

// --- chance ---

// One generator for the process: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
// 2014). Its state is a counter that grows by the same odd number each time, so workers share it with one atomic
// addition, and no two of them ever see the same step.
std::uint64_t random_bits() {
  static std::atomic<std::uint64_t> state = [] {
    std::random_device entropy;
    return (std::uint64_t{entropy()} << 32) | entropy();
  }();
  static constexpr std::uint64_t kStep = 0x9E37'79B9'7F4A'7C15;
  std::uint64_t bits = state.fetch_add(kStep, std::memory_order_relaxed) + kStep;
  bits = (bits ^ (bits >> 30)) * 0xBF58'476D'1CE4'E5B9;
  bits = (bits ^ (bits >> 27)) * 0x94D0'49BB'1331'11EB;
  return bits ^ (bits >> 31);
}

const BuiltinSpec kRandom{
    .name = "random",
    .returns = Type::kNumber,
    .summary = "A random number from 0 up to, but not including, 1, evenly distributed. Not for secrets.",
    .example = R"(n = random()
print(n >= 0 and n < 1) // true)",
    .function = [](Call&) -> Value { return Value(static_cast<double>(random_bits() >> 11) * 0x1p-53); },
};

// --- fibonacci ---

// The [n]-th Fibonacci number modulo 2^64, from F(2k) = F(k) (2 F(k+1) - F(k)) and F(2k+1) = F(k)^2 + F(k+1)^2.
std::uint64_t fibonacci_number(std::uint64_t n) {
  std::uint64_t current = 0;  // F(k), k being the bits of n read so far
  std::uint64_t following = 1;
  for (int bit = 63; bit >= 0; --bit) {
    const std::uint64_t even = current * (2 * following - current);
    const std::uint64_t odd = current * current + following * following;
    const bool is_set = ((n >> bit) & 1) != 0;
    current = is_set ? odd : even;
    following = is_set ? even + odd : odd;
  }
  return current;
}

const BuiltinSpec kFibonacci{
    .name = "fibonacci",
    .parameters = {{"n", Type::kNumber}},
    .returns = Type::kNumber,
    .errors = {"fibonacci() requires a number", "fibonacci() requires a non-negative integer"},
    .summary =
        "The `n`-th Fibonacci number; a fraction is dropped from `n`. Computed in 64-bit integers, which overflow "
        "beyond "
        "the 92nd.",
    .example = "print(fibonacci(10), fibonacci(50)) // 55 12586269025",
    .function = [](Call& call) -> Value {
      const auto number = required_number(call, 0, kNumber);
      if (!number) return Value::raise();
      if (!(*number > -1)) return call.requires_argument("a non-negative integer");
      const std::uint64_t result = fibonacci_number(static_cast<std::uint64_t>(to_count(*number)));
      return Value(static_cast<double>(static_cast<std::int64_t>(result)));
    },
};

constexpr const BuiltinSpec* kMath[] = {&kFloor, &kCeil, &kRound, &kAbs,   &kSqrt,   &kPow,      &kExp,  &kLog,
                                        &kLn,    &kSin,  &kCos,   &kTan,   &kAsin,   &kAcos,     &kAtan, &kAtan2,
                                        &kPi,    &kMin,  &kMax,   &kClamp, &kRandom, &kFibonacci};

}  // namespace

Family math_builtins() { return kMath; }

}  // namespace duso::stdlib
