#include "runtime/schedule/occurrences.hpp"

#include <algorithm>
#include <cmath>

#include "runtime/calendar.hpp"

namespace duso::schedule {

namespace {

using std::chrono::floor;
using std::chrono::microseconds;
using std::chrono::seconds;

// Beyond this year nothing is computed: microseconds in 64 bits end not much later.
constexpr std::int64_t kLastYear = 200'000;
constexpr double kLongestElapsed = 6e12;    // seconds
constexpr double kMostCalendarSteps = 1e8;  // days, from 1970 to the last year

std::int64_t seconds_of(Instant instant) { return floor<seconds>(instant.time_since_epoch()).count(); }

// The number of the month that holds the wall time [wall], counted without end from year 0.
std::int64_t month_number(const CivilTime& wall) { return wall.year * 12 + wall.month - 1; }

std::int64_t floored_quotient(std::int64_t dividend, std::int64_t divisor) {
  return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

// An interval of the calendar as a number of days or of months.
std::int64_t calendar_steps(const Interval& interval) {
  const double steps = interval.count * (interval.unit == Unit::kYear ? 12 : 1);
  return static_cast<std::int64_t>(std::min(steps, kMostCalendarSteps));
}

}  // namespace

std::int64_t time_of_wall(std::int64_t wall, ZoneOffset zone) {
  // No place is more than 14 hours away from UTC: a day earlier lies before a change near [wall], a day later behind.
  const std::int64_t before = zone(wall - kSecondsPerDay);
  const std::int64_t behind = zone(wall + kSecondsPerDay);
  const std::int64_t first = wall - std::max(before, behind);
  if (first + zone(first) == wall) return first;
  const std::int64_t second = wall - std::min(before, behind);
  if (second + zone(second) == wall) return second;
  return wall - before;  // skipped: by the old offset it would be now, and the clocks are a gap ahead
}

Occurrences::Occurrences(const Spec& spec, Instant now, ZoneOffset zone) : zone_(zone), every_(spec.every) {
  if (spec.date || spec.time_of_day) {
    std::int64_t day = days_from_seconds(anchor_at(now).wall);
    if (spec.date) day = days_from_date(spec.date->year, spec.date->month, spec.date->day);
    anchor_ = anchor_on_wall(day * kSecondsPerDay + spec.time_of_day.value_or(0));
    first_ = anchor_.instant < now ? after(now).value_or(anchor_.instant) : anchor_.instant;
  } else if (spec.offset) {
    anchor_ = anchor_at(occurrence(anchor_at(now), *spec.offset, 1));
    first_ = anchor_.instant;
  } else {
    anchor_ = anchor_at(now);
    first_ = after(now).value_or(kNever);  // there is an interval, or it would be no spec
  }
}

Occurrences::Anchor Occurrences::anchor_at(Instant instant) const {
  const std::int64_t time = seconds_of(instant);
  if (instant == kNever) return {instant, time, microseconds(0)};
  return {instant, time + zone_(time), instant.time_since_epoch() - seconds(time)};
}

Occurrences::Anchor Occurrences::anchor_on_wall(std::int64_t wall) const {
  return {Instant(seconds(time_of_wall(wall, zone_))), wall, microseconds(0)};
}

// The moment [number] intervals behind [anchor].
Instant Occurrences::occurrence(const Anchor& anchor, const Interval& interval, std::int64_t number) const {
  if (anchor.instant == kNever || number == 0) return anchor.instant;
  if (!interval.is_calendar()) {
    const double elapsed = interval.seconds() * static_cast<double>(number);
    if (elapsed > kLongestElapsed) return kNever;
    // Multiplied as whole microseconds: a thousandth of an error a step would be an hour in the end.
    return anchor.instant + microseconds(std::llround(interval.seconds() * 1e6)) * number;
  }
  const std::int64_t steps = calendar_steps(interval) * number;
  if (steps > static_cast<std::int64_t>(kMostCalendarSteps)) return kNever;
  std::int64_t wall = anchor.wall;
  if (interval.unit == Unit::kDay) {
    wall += steps * kSecondsPerDay;
  } else {
    CivilTime civil = civil_from_seconds(wall);
    const std::int64_t month = month_number(civil) + steps;
    civil.year = floored_quotient(month, 12);
    civil.month = static_cast<int>(month - civil.year * 12) + 1;
    civil.day = std::min(civil.day, days_in_month(civil.year, civil.month));
    wall = seconds_from_civil(civil);
  }
  if (civil_from_seconds(wall).year > kLastYear) return kNever;
  return Instant(seconds(time_of_wall(wall, zone_))) + anchor.fraction;
}

std::optional<Instant> Occurrences::after(Instant time) const {
  if (!every_) return std::nullopt;
  for (std::int64_t number = estimate(*every_, time);; ++number) {
    const Instant instant = occurrence(anchor_, *every_, number);
    if (instant > time || instant == kNever) return instant;
  }
}

// The number of an occurrence at [time] or a few before it, where the search begins.
std::int64_t Occurrences::estimate(const Interval& every, Instant time) const {
  if (time < anchor_.instant) return 0;
  if (!every.is_calendar()) {
    const std::int64_t step = std::llround(std::min(every.seconds(), kLongestElapsed) * 1e6);
    return (time - anchor_.instant).count() / step;
  }
  const std::int64_t wall = anchor_at(time).wall;
  const std::int64_t passed = every.unit == Unit::kDay ? days_from_seconds(wall) - days_from_seconds(anchor_.wall)
                                                       : month_number(civil_from_seconds(wall)) -
                                                             month_number(civil_from_seconds(anchor_.wall));
  return std::max<std::int64_t>(0, floored_quotient(passed, calendar_steps(every)) - 1);
}

}  // namespace duso::schedule
