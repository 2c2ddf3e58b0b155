// What time it is: now, timestamp, timer.
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/time_zone.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

// Seconds since 1970, in UTC.
std::int64_t utc_seconds() {
  using std::chrono::floor;
  return floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch().count();
}

const BuiltinSpec kNow{
    .name = "now",
    .returns = Type::kNumber,
    .summary =
        "The wall clock of the machine in whole seconds, as `format_time` shows it. Where the machine's time zone is "
        "not UTC, this is not the number that `timestamp` returns.",
    .example = R"(print(now() > 1700000000, now() == floor(now())) // true true)",
    .function = [](Call&) -> Value {
      const std::int64_t seconds = utc_seconds();
      return Value(static_cast<double>(seconds + local_offset(seconds)));
    },
};

// --- timestamp ---

// A number of the whole of [text]; it has digits only.
std::optional<std::int64_t> digits_value(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() ? std::optional(number) : std::nullopt;
}

// The seconds that "+H", "+HH" or "-H:MM" stands for; parts behind the minutes are ignored.
std::optional<double> offset_value(std::string_view text) {
  const double sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const std::size_t colon = text.find(':');
  const auto hours = digits_value(text.substr(0, colon));
  if (!hours) return std::nullopt;
  double seconds = static_cast<double>(*hours) * 3600;
  if (colon != std::string_view::npos) {
    text.remove_prefix(colon + 1);
    const auto minutes = digits_value(text.substr(0, text.find(':')));
    if (!minutes) return std::nullopt;
    seconds += static_cast<double>(*minutes) * 60;
  }
  return sign * seconds;
}

Value timestamp(Call& call) {
  const std::int64_t seconds = utc_seconds();
  const auto utc = static_cast<double>(seconds);
  if (!call.has(0)) return Value(utc);
  const Value zone = call.argument(0);
  if (zone.is_number()) return Value(utc + std::nearbyint(zone.number()) * 3600);
  if (!zone.is_string()) {
    return call.raise("timestamp() argument must be a string (timezone/offset) or number (hours offset)");
  }
  const std::string_view name = zone.string()->view();
  if (name.starts_with('+') || name.starts_with('-')) {
    const auto offset = offset_value(name);
    return offset ? Value(utc + *offset) : call.raise("timestamp() invalid offset: invalid offset format");
  }
  if (const auto offset = zone_offset(name, seconds)) return Value(utc + static_cast<double>(*offset));
  return call.raise("timestamp() unknown timezone \"" + std::string(name) + "\": no such zone in the time zone data");
}

const BuiltinSpec kTimestamp{
    .name = "timestamp",
    .parameters = {{"timezone", Type::kString | Type::kNumber, "\"UTC\""}},
    .returns = Type::kNumber,
    .errors = {"timestamp() argument must be a string (timezone/offset) or number (hours offset)",
               "timestamp() invalid offset: invalid offset format",
               "timestamp() unknown timezone \"{timezone}\": no such zone in the time zone data"},
    .summary =
        "The time in whole seconds since 1970 in UTC or, with `timezone`, what the clocks show there: the name of a "
        "zone "
        "such as `\"Europe/Berlin\"`, an offset such as `\"+05:30\"`, or a number of hours.",
    .example = R"(print(timestamp("+1") - timestamp() >= 3600) // true)",
    .function = timestamp,
};

// --- timer ---

// The seconds since 1970 by a clock that nobody sets: it starts from the wall clock and then only counts.
double timer_seconds() {
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;
  struct Start {
    double wall = Seconds(std::chrono::system_clock::now().time_since_epoch()).count();
    Clock::time_point counted = Clock::now();
  };
  static const Start kStart;
  return kStart.wall + Seconds(Clock::now() - kStart.counted).count();
}

const BuiltinSpec kTimer{
    .name = "timer",
    .returns = Type::kNumber,
    .summary =
        "The time in seconds with a fraction, for measuring: it never goes backwards, even when somebody sets the "
        "clock.",
    .example = R"(start = timer()
print(timer() - start < 5) // true)",
    .function = [](Call&) -> Value { return Value(timer_seconds()); },
};

constexpr const BuiltinSpec* kClock[] = {&kNow, &kTimestamp, &kTimer};

}  // namespace

Family clock_builtins() { return kClock; }

}  // namespace duso::stdlib
