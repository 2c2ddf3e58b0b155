// How often a scheduled job runs.
//
// Seconds, minutes and hours are time that passes. Days, months and years are steps in the calendar of a place: "every
// day" at six stays at six when summer time begins. So an interval is a count and a unit, not a number of seconds; what
// it means is worked out where it is applied (occurrences.hpp).
//
// Rules: concurrency.md 8.
#pragma once

#include <cstdint>
#include <string>

namespace duso::schedule {

enum class Unit : std::uint8_t { kSecond, kMinute, kHour, kDay, kMonth, kYear };

struct Interval {
  double count = 1;  // positive; whole for days, months and years
  Unit unit = Unit::kSecond;

  bool is_calendar() const { return unit >= Unit::kDay; }
  // How long it is, in seconds. For seconds, minutes and hours only.
  double seconds() const { return count * (unit == Unit::kHour ? 3600 : unit == Unit::kMinute ? 60 : 1); }
};

// The canonical text of [interval]: "30s", "1.5h", "14D".
std::string canonical_text(const Interval& interval);

}  // namespace duso::schedule
