// parse_time: text to seconds, by a layout (time_layout.hpp). Always in UTC, unless the text gives an offset.
//
// Reading is stricter than it looks - every element takes a fixed form and what it says is checked against the calendar
// - but for three things that people write: names in any case, several spaces for one, and fractions of a second where
// the layout has none.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/calendar.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/time_layout.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }
bool is_capital(char byte) { return byte >= 'A' && byte <= 'Z'; }

bool starts_with_name(std::string_view text, std::string_view name) {
  if (text.size() < name.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    // Names are letters only, and no other character differs from a letter in this bit alone.
    if ((text[i] | 0x20) != (name[i] | 0x20)) return false;
  }
  return true;
}

class TimeReader {
 public:
  // Reads [text], which must outlive this.
  explicit TimeReader(std::string_view text) : rest_(text) {}

  // The time in seconds; nothing when the text does not match [layout], and then `problem` says why.
  std::optional<std::int64_t> read(std::string_view layout) {
    for (;;) {
      const TimePiece piece = next_piece(layout);
      if (!skip_literal(piece.literal)) return std::nullopt;
      if (piece.element == TimeElement::kNone) break;
      if (!read_element(piece, layout)) return std::nullopt;
    }
    if (!rest_.empty()) {
      fail("extra text \"" + std::string(rest_) + "\"");
      return std::nullopt;
    }
    return result();
  }

  const std::string& problem() const { return problem_; }

 private:
  // A run of spaces stands for any number of them, and for none at the end of the text.
  bool skip_literal(std::string_view literal) {
    while (!literal.empty()) {
      if (literal.front() == ' ') {
        if (!rest_.empty() && rest_.front() != ' ') return fail("a space is missing");
        literal.remove_prefix(std::min(literal.find_first_not_of(' '), literal.size()));
        rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
        continue;
      }
      if (rest_.empty() || rest_.front() != literal.front()) {
        return fail("\"" + std::string(literal) + "\" is missing");
      }
      literal.remove_prefix(1);
      rest_.remove_prefix(1);
    }
    return true;
  }

  // [behind] is the layout behind the element.
  bool read_element(const TimePiece& piece, std::string_view behind) {
    using Element = TimeElement;
    switch (piece.element) {
      case Element::kNone:
        return true;
      case Element::kLongMonth:
        return read_name(kMonthNames, false, &month_);
      case Element::kShortMonth:
        return read_name(kMonthNames, true, &month_);
      case Element::kLongWeekday:
        return read_name(kWeekdayNames, false, nullptr);
      case Element::kShortWeekday:
        return read_name(kWeekdayNames, true, nullptr);
      case Element::kZoneName:
        return read_zone_name();
      case Element::kMonth:
        return read_number(1, 2, 1, 12, "month", month_);
      case Element::kPaddedMonth:
        return read_number(2, 2, 1, 12, "month", month_);
      case Element::kDay:
        return read_number(1, 2, 1, 31, "day", day_);
      case Element::kSpacedDay:
        skip_space(1);
        return read_number(1, 2, 1, 31, "day", day_);
      case Element::kPaddedDay:
        return read_number(2, 2, 1, 31, "day", day_);
      case Element::kSpacedYearDay:
        skip_space(2);
        return read_number(1, 3, 1, 366, "day of the year", year_day_);
      case Element::kPaddedYearDay:
        return read_number(3, 3, 1, 366, "day of the year", year_day_);
      case Element::kHour:
        return read_number(1, 2, 0, 23, "hour", hour_);
      case Element::kHour12:
        return read_number(1, 2, 0, 12, "hour", hour_);
      case Element::kPaddedHour12:
        return read_number(2, 2, 0, 12, "hour", hour_);
      case Element::kMinute:
        return read_number(1, 2, 0, 59, "minute", minute_);
      case Element::kPaddedMinute:
        return read_number(2, 2, 0, 59, "minute", minute_);
      case Element::kSecond:
        return read_number(1, 2, 0, 59, "second", second_) && skip_unasked_fraction(behind);
      case Element::kPaddedSecond:
        return read_number(2, 2, 0, 59, "second", second_) && skip_unasked_fraction(behind);
      case Element::kYear:
        return read_number(4, 4, 0, 9999, "year", year_);
      case Element::kShortYear:
        if (!read_number(2, 2, 0, 99, "year", year_)) return false;
        year_ += year_ >= 69 ? 1900 : 2000;
        return true;
      case Element::kUpperHalf:
        return read_half("AM", "PM");
      case Element::kLowerHalf:
        return read_half("am", "pm");
      case Element::kOffset:
        return read_offset(piece.text);
      case Element::kZuluOffset:
        if (!rest_.starts_with('Z')) return read_offset(piece.text);
        rest_.remove_prefix(1);
        return true;
      case Element::kFixedFraction:
        return read_fraction(piece.text.size() - 1);
      case Element::kFreeFraction:
        skip_fraction();
        return true;
    }
    return true;
  }

  // A number of at least [fewest] and at most [most] digits, from [lowest] to [highest].
  bool read_number(std::size_t fewest, std::size_t most, int lowest, int highest, std::string_view what, int& result) {
    int number = 0;
    std::size_t digits = 0;
    for (; digits < most && digits < rest_.size() && is_digit(rest_[digits]); ++digits) {
      number = number * 10 + (rest_[digits] - '0');
    }
    if (digits < fewest) return fail("the " + std::string(what) + " is missing");
    if (number < lowest || number > highest) return fail("the " + std::string(what) + " is out of range");
    rest_.remove_prefix(digits);
    result = number;
    return true;
  }

  // One of [names], or of their short forms; [number] receives which, from 1.
  template <std::size_t kCount>
  bool read_name(const std::array<std::string_view, kCount>& names, bool is_short, int* number) {
    for (std::size_t i = 0; i < kCount; ++i) {
      const std::string_view name = is_short ? names[i].substr(0, kShortNameSize) : names[i];
      if (!starts_with_name(rest_, name)) continue;
      rest_.remove_prefix(name.size());
      if (number != nullptr) *number = static_cast<int>(i) + 1;
      return true;
    }
    return fail("a name is missing");
  }

  bool read_half(std::string_view morning, std::string_view evening) {
    if (!rest_.starts_with(morning) && !rest_.starts_with(evening)) return fail("AM or PM is missing");
    half_ = rest_.starts_with(morning) ? Half::kMorning : Half::kEvening;
    rest_.remove_prefix(2);
    return true;
  }

  // Three to five capitals, GMT with an offset too. None of them is looked up.
  bool read_zone_name() {
    std::size_t capitals = 0;
    while (capitals < rest_.size() && is_capital(rest_[capitals])) ++capitals;
    const bool is_utc = rest_.starts_with("UTC");
    if (is_utc) capitals = 3;
    if (capitals < 3 || capitals > 5) return fail("a time zone is missing");
    const bool is_gmt = rest_.starts_with("GMT") && capitals == 3;
    rest_.remove_prefix(capitals);
    if (!is_gmt || rest_.size() < 2 || (rest_[0] != '+' && rest_[0] != '-') || !is_digit(rest_[1])) return true;
    rest_.remove_prefix(1);
    int hours = 0;
    return read_number(1, 2, 0, 23, "offset", hours);
  }

  // An offset of the form [digits] after its sign: 07, 0700, 07:00, 070000 or 07:00:00.
  bool read_offset(std::string_view digits) {
    if (!rest_.starts_with('+') && !rest_.starts_with('-')) return fail("the offset is missing");
    const int sign = rest_.front() == '-' ? -1 : 1;
    rest_.remove_prefix(1);
    const bool has_colons = digits.find(':') != std::string_view::npos;
    const std::size_t parts = digits.size() >= 6 ? 3 : digits.size() >= 4 ? 2 : 1;
    constexpr int kHighest[] = {24, 60, 60};
    int seconds = 0;
    int unit = 3600;
    for (std::size_t part = 0; part < parts; ++part, unit /= 60) {
      if (part != 0 && has_colons && !skip_literal(":")) return false;
      int number = 0;
      if (!read_number(2, 2, 0, kHighest[part], "offset", number)) return false;
      seconds += number * unit;
    }
    offset_ = sign * seconds;
    return true;
  }

  void skip_space(std::size_t most) {
    for (; most > 0 && rest_.starts_with(' '); --most) rest_.remove_prefix(1);
  }

  // Whether the text goes on with a point or comma and a digit.
  bool at_fraction() const { return rest_.size() >= 2 && (rest_[0] == '.' || rest_[0] == ',') && is_digit(rest_[1]); }

  void skip_fraction() {
    if (!at_fraction()) return;
    rest_.remove_prefix(1);
    while (!rest_.empty() && is_digit(rest_.front())) rest_.remove_prefix(1);
  }

  // Behind the seconds a fraction may stand, even if the next element of the layout, [behind], is none.
  bool skip_unasked_fraction(std::string_view behind) {
    const TimeElement next = next_piece(behind).element;
    if (next != TimeElement::kFixedFraction && next != TimeElement::kFreeFraction) skip_fraction();
    return true;
  }

  bool read_fraction(std::size_t digits) {
    if (!at_fraction() || rest_.size() < digits + 1) return fail("the fraction is missing");
    for (std::size_t i = 1; i <= digits; ++i) {
      if (!is_digit(rest_[i])) return fail("the fraction is too short");
    }
    rest_.remove_prefix(digits + 1);
    return true;
  }

  std::optional<std::int64_t> result() {
    if (half_ == Half::kEvening && hour_ < 12) hour_ += 12;
    if (half_ == Half::kMorning && hour_ == 12) hour_ = 0;
    if (year_day_ != kNotGiven && !use_year_day()) return std::nullopt;
    CivilTime time{.year = year_, .month = 1, .day = 1, .hour = hour_, .minute = minute_, .second = second_};
    if (month_ != kNotGiven) time.month = month_;
    if (day_ != kNotGiven) time.day = day_;
    if (time.day > days_in_month(time.year, time.month)) {
      fail("the day is out of range");
      return std::nullopt;
    }
    return seconds_from_civil(time) - offset_;
  }

  // The day of the year says month and day; if the text says them as well, they must agree.
  bool use_year_day() {
    const std::int64_t first = days_from_date(year_, 1, 1);
    const CivilTime date = civil_from_seconds((first + year_day_ - 1) * kSecondsPerDay);
    if (date.year != year_) return fail("the day of the year is out of range");
    if (month_ != kNotGiven && month_ != date.month) return fail("the day of the year is not in that month");
    if (day_ != kNotGiven && day_ != date.day) return fail("the day of the year is not that day");
    month_ = date.month;
    day_ = date.day;
    return true;
  }

  bool fail(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  enum class Half { kNone, kMorning, kEvening };
  static constexpr int kNotGiven = -1;

  std::string_view rest_;
  int year_ = 0;
  int month_ = kNotGiven;
  int day_ = kNotGiven;
  int year_day_ = kNotGiven;
  int hour_ = 0;
  int minute_ = 0;
  int second_ = 0;
  int offset_ = 0;
  Half half_ = Half::kNone;
  std::string problem_;
};

// What is tried when the script gives no format.
constexpr std::string_view kUsualLayouts[] = {
    "2006-01-02T15:04:05Z", "2006-01-02T15:04:05", "2006-01-02 15:04:05",
    "2006-01-02",           "January 2, 2006",     "Mon January 2, 2006",
    "Jan 2, 2006",          "Mon Jan 2, 2006",     "2006-01-02T15:04:05Z07:00",
};

Value parse_time(Call& call) {
  const String* argument = required_string(call, 0);
  if (argument == nullptr) return Value::raise();
  const std::string_view text = argument->view();
  if (const String* format = optional_string(call, 1)) {
    TimeReader reader(text);
    if (const auto seconds = reader.read(layout_of(format->view()))) return Value(static_cast<double>(*seconds));
    return call.raise("parse_time() failed to parse \"" + std::string(text) + "\" with format \"" +
                      std::string(format->view()) + "\": " + reader.problem());
  }
  for (const std::string_view layout : kUsualLayouts) {
    if (const auto seconds = TimeReader(text).read(layout)) return Value(static_cast<double>(*seconds));
  }
  return call.raise("parse_time() could not parse \"" + std::string(text) + "\" - try providing a format");
}

const BuiltinSpec kParseTime{
    .name = "parse_time",
    .parameters = {{"str", Type::kString}, {"format", Type::kString, "nil"}},
    .returns = Type::kNumber,
    .errors = {"parse_time() requires a string as first argument",
               "parse_time() failed to parse \"{str}\" with format \"{format}\": {problem}",
               "parse_time() could not parse \"{str}\" - try providing a format"},
    .summary =
        "The time that a text gives, in seconds since 1970, read as UTC unless it has an offset. `format` is one that "
        "`format_time` takes; without it the usual ways to write a date are tried.",
    .example =
        R"(print(parse_time("2024-03-01 12:30:00"))  // 1709296200
print(parse_time("01.03.24", "DD.MM.YY")) // 1709251200)",
    .function = parse_time,
};

constexpr const BuiltinSpec* kTimeParse[] = {&kParseTime};

}  // namespace

Family time_parse_builtins() { return kTimeParse; }

}  // namespace duso::stdlib
