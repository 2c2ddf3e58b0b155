// When a job runs: the moments that a spec means, once it is clear when and where it was given.
//
// All moments are the anchor plus a whole number of intervals, each computed from the anchor and never from the one
// before. So a job on the 31st that has run on the 28th of February runs on the 31st of March again, and finding the
// first moment after a given one takes a division, not a loop over the years between.
//
// Calendar steps are made on the clock on the wall, and only the result becomes a moment again. Where the clocks are
// put forward some wall times do not exist; they move forward by the gap. Where they are put back some exist twice; the
// first one counts.
//
// Rules: concurrency.md 8.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "runtime/schedule/spec.hpp"

namespace duso::schedule {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;

// A moment that never comes: counts are not limited, and a million years must not become an hour ago.
inline constexpr Instant kNever = Instant::max();

// The offset of local time from UTC, in seconds, that applies at [time], in seconds since 1970 (time_zone.hpp).
using ZoneOffset = std::int64_t (*)(std::int64_t time);

class Occurrences {
 public:
  // Those of [spec] given at [now] in a place whose clocks are [zone] away from UTC.
  Occurrences(const Spec& spec, Instant now, ZoneOffset zone);

  // The first one. In the past only for a job that runs once.
  Instant first() const { return first_; }
  // The first one after [time]; nothing for a job that runs once. May be kNever.
  std::optional<Instant> after(Instant time) const;

 private:
  struct Anchor {
    Instant instant;
    std::int64_t wall = 0;                  // what the clocks show then, in seconds; perhaps a time they skip
    std::chrono::microseconds fraction{0};  // of the second
  };

  Anchor anchor_at(Instant instant) const;
  Anchor anchor_on_wall(std::int64_t wall) const;
  Instant occurrence(const Anchor& anchor, const Interval& interval, std::int64_t number) const;
  std::int64_t estimate(const Interval& every, Instant time) const;

  ZoneOffset zone_;
  std::optional<Interval> every_;
  Anchor anchor_;
  Instant first_;
};

// The second, since 1970, at which the clocks of [zone] show [wall] (seconds as if they showed UTC).
std::int64_t time_of_wall(std::int64_t wall, ZoneOffset zone);

}  // namespace duso::schedule
