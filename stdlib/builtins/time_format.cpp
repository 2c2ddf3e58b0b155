// format_time: seconds to text, by a layout (time_layout.hpp). Always in UTC.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "interpreter/values/number_text.hpp"
#include "runtime/calendar.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/time_layout.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

constexpr double kLargestTime = 9.2e18;

// Appends [number], padded in front with [fill] to [width] characters; its sign does not count.
void append_number(std::string& out, std::int64_t number, std::size_t width, char fill = '0') {
  if (number < 0) out += '-';
  const std::string digits = std::to_string(number < 0 ? -number : number);
  if (digits.size() < width) out.append(width - digits.size(), fill);
  out += digits;
}

class TimeWriter {
 public:
  explicit TimeWriter(std::int64_t seconds)
      : time_(civil_from_seconds(seconds)),
        days_(days_from_seconds(seconds)),
        weekday_(static_cast<std::size_t>(weekday_of(days_))) {}

  std::string write(std::string_view layout) {
    std::string out;
    for (;;) {
      const TimePiece piece = next_piece(layout);
      out += piece.literal;
      if (piece.element == TimeElement::kNone) return out;
      append(out, piece);
    }
  }

 private:
  void append(std::string& out, const TimePiece& piece) const {
    const std::string_view month = kMonthNames[static_cast<std::size_t>(time_.month - 1)];
    switch (piece.element) {
      case TimeElement::kNone:
        break;
      case TimeElement::kLongMonth:
        out += month;
        break;
      case TimeElement::kShortMonth:
        out += month.substr(0, kShortNameSize);
        break;
      case TimeElement::kLongWeekday:
        out += kWeekdayNames[weekday_];
        break;
      case TimeElement::kShortWeekday:
        out += kWeekdayNames[weekday_].substr(0, kShortNameSize);
        break;
      case TimeElement::kZoneName:
        out += "UTC";
        break;
      case TimeElement::kMonth:
        append_number(out, time_.month, 1);
        break;
      case TimeElement::kPaddedMonth:
        append_number(out, time_.month, 2);
        break;
      case TimeElement::kDay:
        append_number(out, time_.day, 1);
        break;
      case TimeElement::kSpacedDay:
        append_number(out, time_.day, 2, ' ');
        break;
      case TimeElement::kPaddedDay:
        append_number(out, time_.day, 2);
        break;
      case TimeElement::kSpacedYearDay:
        append_number(out, year_day(), 3, ' ');
        break;
      case TimeElement::kPaddedYearDay:
        append_number(out, year_day(), 3);
        break;
      case TimeElement::kHour:
        append_number(out, time_.hour, 2);
        break;
      case TimeElement::kHour12:
        append_number(out, hour12(), 1);
        break;
      case TimeElement::kPaddedHour12:
        append_number(out, hour12(), 2);
        break;
      case TimeElement::kMinute:
        append_number(out, time_.minute, 1);
        break;
      case TimeElement::kPaddedMinute:
        append_number(out, time_.minute, 2);
        break;
      case TimeElement::kSecond:
        append_number(out, time_.second, 1);
        break;
      case TimeElement::kPaddedSecond:
        append_number(out, time_.second, 2);
        break;
      case TimeElement::kYear:
        append_number(out, time_.year, 4);
        break;
      case TimeElement::kShortYear:
        append_number(out, std::abs(time_.year) % 100, 2);
        break;
      case TimeElement::kUpperHalf:
        out += time_.hour < 12 ? "AM" : "PM";
        break;
      case TimeElement::kLowerHalf:
        out += time_.hour < 12 ? "am" : "pm";
        break;
      case TimeElement::kOffset:
        append_offset(out, piece.text);
        break;
      case TimeElement::kZuluOffset:
        out += 'Z';
        break;
      case TimeElement::kFixedFraction:
        out += piece.text;
        break;  // whole seconds only
      case TimeElement::kFreeFraction:
        break;
    }
  }

  // No offset, with as many digits and colons as the layout has.
  static void append_offset(std::string& out, std::string_view digits) {
    out += '+';
    for (const char c : digits) out += c == ':' ? ':' : '0';
  }

  int hour12() const { return time_.hour % 12 == 0 ? 12 : time_.hour % 12; }
  std::int64_t year_day() const { return days_ - days_from_date(time_.year, 1, 1) + 1; }

  CivilTime time_;
  std::int64_t days_;
  std::size_t weekday_;
};

// The time that [value] gives: a number, or a string that is a decimal number throughout.
std::optional<double> seconds_of(Value value) {
  if (value.is_number()) return value.number();
  if (!value.is_string()) return std::nullopt;
  const std::string_view text = value.string()->view();
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
  return parse_entire_number(text);
}

Value format_time(Call& call) {
  const auto seconds = seconds_of(call.argument(0));
  if (!seconds) return call.requires_argument("a number or numeric string as first argument");
  if (!(std::fabs(*seconds) <= kLargestTime)) return call.raise("format_time() timestamp out of range");
  const String* format = optional_string(call, 1);
  const std::string layout = format != nullptr ? layout_of(format->view()) : "2006-01-02 15:04:05";
  return call.string(TimeWriter(static_cast<std::int64_t>(*seconds)).write(layout));
}

const BuiltinSpec kFormatTime{
    .name = "format_time",
    .parameters = {{"timestamp", Type::kNumber | Type::kString}, {"format", Type::kString, "\"YYYY-MM-DD HH:mm:ss\""}},
    .returns = Type::kString,
    .errors = {"format_time() requires a number or numeric string as first argument",
               "format_time() timestamp out of range"},
    .summary =
        "The time `timestamp`, in seconds since 1970, as text in UTC. `format` is `iso`, `date`, `time`, `long_date`, "
        "`long_date_dow`, `short_date` or `short_date_dow`; or made of `YYYY MM DD HH mm ss`; or an example that shows "
        "how Monday, January 2, 2006, 15:04:05 would be written.",
    .example = R"(print(format_time(0))                        // 1970-01-01 00:00:00
print(format_time(1718454245, "Jan 2, 3PM")) // Jun 15, 12PM)",
    .function = format_time,
};

constexpr const BuiltinSpec* kTimeFormat[] = {&kFormatTime};

}  // namespace

Family time_format_builtins() { return kTimeFormat; }

}  // namespace duso::stdlib
