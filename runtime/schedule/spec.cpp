#include "runtime/schedule/spec.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "interpreter/values/number_text.hpp"
#include "runtime/calendar.hpp"

namespace duso::schedule {

namespace {

constexpr double kShortest = 0.1;  // seconds

constexpr std::string_view kBlanks = " \t\r\n\v\f";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

std::size_t digits_at_front(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

// The size of the number at the front of an interval; 0 if [token] does not have the shape of one.
std::size_t number_size(std::string_view token) {
  std::size_t size = digits_at_front(token);
  if (size == 0) return 0;
  if (size < token.size() && token[size] == '.') {
    const std::size_t fraction = digits_at_front(token.substr(size + 1));
    if (fraction == 0) return 0;
    size += 1 + fraction;
  }
  if (size == token.size()) return 0;
  for (const char c : token.substr(size)) {
    if (!is_letter(c)) return 0;
  }
  return size;
}

bool is_interval(std::string_view token) { return number_size(token) != 0; }

// How many digits a number may have.
struct DigitRange {
  std::size_t least;
  std::size_t most;
};

// Reads [numbers] that [separator] stands between, the n-th of as many digits as the n-th of [digits] allows. False if
// [text] is anything else than [least] to three of them.
bool read_numbers(std::string_view text, char separator, const std::array<DigitRange, 3>& digits, std::size_t least,
                  std::array<int, 3>& numbers) {
  for (std::size_t count = 0; count < digits.size(); ++count) {
    const std::size_t size = digits_at_front(text);
    if (size < digits[count].least || size > digits[count].most) return false;
    for (const char digit : text.substr(0, size)) numbers[count] = numbers[count] * 10 + (digit - '0');
    text.remove_prefix(size);
    if (text.empty()) return count + 1 >= least;
    if (text.front() != separator) return false;
    text.remove_prefix(1);
  }
  return false;
}

class SpecParser {
 public:
  SpecParser(std::string_view text, std::string& problem) : text_(text), problem_(problem) {}

  std::optional<Spec> parse() {
    if (text_.empty()) return fail(kSpecRequired);
    std::string_view rest = text_;
    bool is_blank = true;
    for (;;) {
      rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
      if (rest.empty()) break;
      is_blank = false;
      const std::string_view token = rest.substr(0, rest.find_first_of(kBlanks));
      rest.remove_prefix(token.size());
      if (!read(token)) return std::nullopt;
    }
    if (is_blank) {
      return fail("schedule() spec \"" + std::string(text_) + "\" didn't resolve to an interval or a date/time");
    }
    if (spec_.offset && (spec_.date || spec_.time_of_day)) {
      return fail("schedule spec \"" + std::string(text_) +
                  "\" combines a relative offset (+...) with an absolute date/time - pick one");
    }
    return spec_;
  }

 private:
  std::nullopt_t fail(std::string_view problem) {
    problem_ = problem;
    return std::nullopt;
  }

  std::nullopt_t invalid(std::string_view kind, std::string_view token, std::string_view why) {
    return fail("invalid " + std::string(kind) + " \"" + std::string(token) + "\" - " + std::string(why));
  }

  bool read(std::string_view token) {
    if (token.starts_with('+') && is_interval(token.substr(1))) {
      return keep(spec_.offset, parse_interval(token.substr(1)), "relative (+...)");
    }
    if (is_interval(token)) return keep(spec_.every, parse_interval(token), "interval");
    if (token.find(':') != std::string_view::npos) return keep(spec_.time_of_day, parse_time(token), "time");
    if (token.find_first_of("/-") != std::string_view::npos) return keep(spec_.date, parse_date(token), "date");
    fail("schedule spec \"" + std::string(text_) + "\" has an unrecognized token \"" + std::string(token) + "\"");
    return false;
  }

  // Puts what a token says into its [place], which only one token may have.
  template <class T>
  bool keep(std::optional<T>& place, const std::optional<T>& read, std::string_view kind) {
    if (!read) return false;
    if (place) {
      fail("schedule spec \"" + std::string(text_) + "\" has more than one " + std::string(kind) + " token");
      return false;
    }
    place = read;
    return true;
  }

  std::optional<Interval> parse_interval(std::string_view token) {
    const std::size_t size = number_size(token);
    Interval interval;
    interval.count = parse_entire_number(token.substr(0, size)).value_or(HUGE_VAL);  // none: too large for a double
    const std::string_view letters = token.substr(size);
    int days = 1;
    if (!parse_unit(letters, interval.unit, days)) {
      return invalid("interval", token, "unrecognized unit \"" + std::string(letters) + "\"");
    }
    if (interval.count == 0) return invalid("interval", token, "count must be positive");
    if (interval.is_calendar()) {
      if (interval.count != std::floor(interval.count)) {
        return invalid("interval", token, "count must be a whole number");
      }
      interval.count *= days;
    } else if (interval.seconds() < kShortest) {
      return invalid("interval", token, "shorter than 0.1s");
    }
    return interval;
  }

  // The unit that [letters] begin to spell, in any case; a week is [days] days.
  static bool parse_unit(std::string_view letters, Unit& unit, int& days) {
    const auto letter = [letters](std::size_t index) {
      return index < letters.size() ? static_cast<char>(letters[index] | 0x20) : '\0';
    };
    switch (letter(0)) {
      case 's':
        unit = Unit::kSecond;
        return true;
      case 'm':
        unit = letter(1) == 'o' ? Unit::kMonth : Unit::kMinute;
        return letters.size() == 1 || letter(1) == 'o' || letter(1) == 'i';
      case 'h':
        unit = Unit::kHour;
        return true;
      case 'w':
        days = 7;
        [[fallthrough]];
      case 'd':
        unit = Unit::kDay;
        return true;
      case 'y':
        unit = Unit::kYear;
        return true;
      default:
        return false;
    }
  }

  std::optional<std::int64_t> parse_time(std::string_view token) {
    static constexpr std::array<DigitRange, 3> kDigits = {{{1, 2}, {2, 2}, {2, 2}}};
    std::array<int, 3> time{};
    if (!read_numbers(token, ':', kDigits, 2, time)) return invalid("time", token, "expected HH:MM or HH:MM:SS");
    if (time[0] > 23 || time[1] > 59 || time[2] > 59) return invalid("time", token, "out of range");
    return (std::int64_t{time[0]} * 60 + time[1]) * 60 + time[2];
  }

  std::optional<Date> parse_date(std::string_view token) {
    static constexpr std::array<DigitRange, 3> kDigits = {{{4, 4}, {1, 2}, {1, 2}}};
    std::array<int, 3> numbers{};
    const char separator = token.find('/') != std::string_view::npos ? '/' : '-';
    if (!read_numbers(token, separator, kDigits, 3, numbers)) {
      return invalid("date", token, "expected YYYY-MM-DD or YYYY/MM/DD");
    }
    const Date date{numbers[0], numbers[1], numbers[2]};
    if (date.month < 1 || date.month > 12) return invalid("date", token, "month out of range");
    if (date.day < 1 || date.day > days_in_month(date.year, date.month)) {
      return invalid("date", token, "day out of range");
    }
    return date;
  }

  std::string_view text_;
  std::string& problem_;
  Spec spec_;
};

}  // namespace

std::optional<Spec> parse_spec(std::string_view text, std::string& problem) {
  return SpecParser(text, problem).parse();
}

}  // namespace duso::schedule
