// When scheduled jobs run: intervals, anchors, the calendar and its clocks.
#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "runtime/calendar.hpp"
#include "runtime/schedule/occurrences.hpp"
#include "runtime/time_zone.hpp"

using namespace duso;
using namespace duso::schedule;
using std::chrono::microseconds;
using std::chrono::seconds;

namespace {

std::int64_t utc(std::int64_t) { return 0; }
std::int64_t berlin(std::int64_t time) { return *detail::posix_offset("CET-1CEST,M3.5.0,M10.5.0/3", time); }
std::int64_t chile(std::int64_t time) { return *detail::posix_offset("<-04>4<-03>,M9.1.6/24,M4.1.6/24", time); }
// A place that left out the 30th of December 2011.
std::int64_t apia(std::int64_t time) { return time < 1'325'239'200 ? -10 * 3600 : 14 * 3600; }

Instant at(std::int64_t year, int month, int day, int hour = 0, int minute = 0, int second = 0) {
  return Instant(seconds(seconds_from_civil(
      {.year = year, .month = month, .day = day, .hour = hour, .minute = minute, .second = second})));
}

// [instant] as the clocks of [zone] show it.
std::string shown(Instant instant, ZoneOffset zone) {
  if (instant == kNever) return "never";
  const std::int64_t time = std::chrono::floor<seconds>(instant.time_since_epoch()).count();
  const CivilTime civil = civil_from_seconds(time + zone(time));
  char text[64];
  std::snprintf(text, sizeof text, "%lld-%02d-%02d %02d:%02d:%02d", static_cast<long long>(civil.year), civil.month,
                civil.day, civil.hour, civil.minute, civil.second);
  return text;
}

Occurrences occurrences(std::string_view text, Instant now, ZoneOffset zone) {
  std::string problem;
  const auto spec = parse_spec(text, problem);
  INFO(problem);
  REQUIRE(spec);
  return Occurrences(*spec, now, zone);
}

// The first [count] occurrences of [text] given at [now].
std::vector<std::string> list(std::string_view text, Instant now, ZoneOffset zone, int count) {
  const Occurrences all = occurrences(text, now, zone);
  std::vector<std::string> shown_times;
  std::optional<Instant> next = all.first();
  for (int i = 0; i < count && next; ++i) {
    shown_times.push_back(shown(*next, zone));
    next = all.after(*next);
  }
  return shown_times;
}

using Times = std::vector<std::string>;

}  // namespace

TEST_CASE("an interval alone begins one interval from now", "[schedule]") {
  const Instant now = at(2026, 1, 15, 10, 30, 5);
  CHECK(list("30s", now, utc, 2) == Times{"2026-01-15 10:30:35", "2026-01-15 10:31:05"});
  CHECK(list("1.5h", now, utc, 2) == Times{"2026-01-15 12:00:05", "2026-01-15 13:30:05"});
  CHECK(list("2w", now, utc, 2) == Times{"2026-01-29 10:30:05", "2026-02-12 10:30:05"});
  CHECK(list("1y", now, utc, 2) == Times{"2027-01-15 10:30:05", "2028-01-15 10:30:05"});
  const Occurrences tenths = occurrences("0.1s", now + microseconds(250), utc);
  CHECK(tenths.first() == now + microseconds(100'250));
  CHECK(*tenths.after(now + seconds(1000)) == now + seconds(1000) + microseconds(250));
}

TEST_CASE("a date or a time runs once; what is missing is today or midnight", "[schedule]") {
  const Instant now = at(2026, 1, 15, 10, 30);
  CHECK(list("12:15", now, utc, 3) == Times{"2026-01-15 12:15:00"});
  CHECK(list("06:00", now, utc, 3) == Times{"2026-01-15 06:00:00"});
  CHECK(list("2031-06-01", now, utc, 3) == Times{"2031-06-01 00:00:00"});
  CHECK(list("2031-06-01 12:15:16", now, utc, 3) == Times{"2031-06-01 12:15:16"});
  // Today is what the clocks of the place say.
  CHECK(list("12:15", at(2026, 1, 15, 23, 30), berlin, 1) == Times{"2026-01-16 12:15:00"});
}

TEST_CASE("a date or a time with an interval is where it starts", "[schedule]") {
  const Instant now = at(2026, 1, 15, 10, 30);
  CHECK(list("12:15 1h", now, utc, 2) == Times{"2026-01-15 12:15:00", "2026-01-15 13:15:00"});
  CHECK(list("10:30 1h", now, utc, 2) == Times{"2026-01-15 10:30:00", "2026-01-15 11:30:00"});
  CHECK(list("06:00 1D", now, utc, 2) == Times{"2026-01-16 06:00:00", "2026-01-17 06:00:00"});
  CHECK(list("2031-01-01 03:00 1mo", now, utc, 2) == Times{"2031-01-01 03:00:00", "2031-02-01 03:00:00"});
}

TEST_CASE("an anchor in the past is computed, not counted up", "[schedule]") {
  const Instant now = at(2026, 1, 15, 10, 30, 0) + microseconds(1);
  CHECK(list("0001-01-01 00:00 1s", now, utc, 1) == Times{"2026-01-15 10:30:01"});
  CHECK(list("0001-01-01 00:00:30 1m", now, utc, 2) == Times{"2026-01-15 10:30:30", "2026-01-15 10:31:30"});
  CHECK(list("2001-01-01 05:00 3D", now, utc, 1) == Times{"2026-01-17 05:00:00"});
  CHECK(list("2001-01-31 1mo", now, utc, 2) == Times{"2026-01-31 00:00:00", "2026-02-28 00:00:00"});
  CHECK(list("2004-02-29 1y", now, utc, 3) ==
        Times{"2026-02-28 00:00:00", "2027-02-28 00:00:00", "2028-02-29 00:00:00"});
  for (int i = 0; i < 20'000; ++i) occurrences("0001-01-01 0.1s", now, utc);
}

TEST_CASE("an offset is where it starts too", "[schedule]") {
  const Instant now = at(2026, 1, 31, 10, 30);
  CHECK(list("+30s", now, utc, 3) == Times{"2026-01-31 10:30:30"});
  CHECK(list("+1mo", now, utc, 3) == Times{"2026-02-28 10:30:00"});
  CHECK(list("1D +2h", now, utc, 2) == Times{"2026-01-31 12:30:00", "2026-02-01 12:30:00"});
}

TEST_CASE("months and years end on the last day there is, and come back to the first one's day", "[schedule]") {
  const Instant now = at(2026, 1, 1);
  CHECK(list("2026-01-31 1mo", now, utc, 5) == Times{"2026-01-31 00:00:00", "2026-02-28 00:00:00",
                                                     "2026-03-31 00:00:00", "2026-04-30 00:00:00",
                                                     "2026-05-31 00:00:00"});
  CHECK(list("2026-11-30 3mo", now, utc, 3) ==
        Times{"2026-11-30 00:00:00", "2027-02-28 00:00:00", "2027-05-30 00:00:00"});
  CHECK(list("2028-02-29 2y", now, utc, 3) ==
        Times{"2028-02-29 00:00:00", "2030-02-28 00:00:00", "2032-02-29 00:00:00"});
}

TEST_CASE("days keep the time on the wall when the clocks change, hours do not", "[schedule]") {
  const Instant march = at(2026, 3, 27, 12);
  CHECK(list("06:00 1D", march, berlin, 3) ==
        Times{"2026-03-28 06:00:00", "2026-03-29 06:00:00", "2026-03-30 06:00:00"});
  CHECK(list("2026-03-28 06:00 24h", march, berlin, 3) ==
        Times{"2026-03-28 06:00:00", "2026-03-29 07:00:00", "2026-03-30 07:00:00"});
  const Occurrences daily = occurrences("06:00 1D", march, berlin);
  CHECK(*daily.after(daily.first()) - daily.first() == std::chrono::hours(23));
  CHECK(list("2026-09-04 23:30 1D", at(2026, 9, 1), chile, 3) ==
        Times{"2026-09-04 23:30:00", "2026-09-05 23:30:00", "2026-09-06 23:30:00"});
}

TEST_CASE("a time that the clocks skip moves forward by the gap, for that day only", "[schedule]") {
  CHECK(list("02:30 1D", at(2026, 3, 28, 12), berlin, 2) == Times{"2026-03-29 03:30:00", "2026-03-30 02:30:00"});
  CHECK(list("2026-03-29 02:00", at(2026, 3, 1), berlin, 1) == Times{"2026-03-29 03:00:00"});
  CHECK(list("2026-03-29 02:30 1D", at(2026, 3, 1), berlin, 2) == Times{"2026-03-29 03:30:00", "2026-03-30 02:30:00"});
  // Midnight itself.
  CHECK(list("2026-09-06 00:15", at(2026, 9, 1), chile, 1) == Times{"2026-09-06 01:15:00"});
  // A whole day: its occurrence falls on the next one's, which is one firing.
  CHECK(list("12:00 1D", at(2011, 12, 29, 12), apia, 3) ==
        Times{"2011-12-29 12:00:00", "2011-12-31 12:00:00", "2012-01-01 12:00:00"});
}

TEST_CASE("of a time that comes twice the first one counts", "[schedule]") {
  const Occurrences once = occurrences("2026-10-25 02:30", at(2026, 10, 1), berlin);
  CHECK(once.first() == at(2026, 10, 25, 0, 30));
  const Occurrences daily = occurrences("02:30 1D", at(2026, 10, 24, 12), berlin);
  CHECK(daily.first() == at(2026, 10, 25, 0, 30));
  // Between the two, the next one is tomorrow's.
  CHECK(*daily.after(at(2026, 10, 25, 1, 0)) == at(2026, 10, 26, 1, 30));
  const Occurrences south = occurrences("2026-04-04 23:30", at(2026, 4, 1), chile);
  CHECK(south.first() == at(2026, 4, 5, 2, 30));
}

TEST_CASE("the next occurrence is the first one after the given moment, wherever that is", "[schedule]") {
  for (const std::string_view text : {"2025-03-30 02:30 1D", "2025-01-31 02:30 1mo", "2024-02-29 12:00 1y",
                                      "2025-01-01 7m", "2025-10-26 02:15 1w", "2025-01-01 02:30 90m"}) {
    CAPTURE(std::string(text));
    const Occurrences all = occurrences(text, at(2024, 1, 1), berlin);
    Instant next = all.first();
    for (Instant time = next - std::chrono::hours(3); time < at(2027, 1, 1); time += std::chrono::minutes(47)) {
      // The slow way: occurrences one after the other.
      while (next <= time) next = *all.after(next);
      if (*all.after(time) != next) FAIL("after " << shown(time, berlin) << ": " << shown(*all.after(time), berlin));
    }
  }
}

TEST_CASE("what lies beyond all calendars never comes", "[schedule]") {
  const Instant now = at(2026, 1, 1);
  const std::string huge(400, '9');
  for (const std::string unit : {"s", "h", "D", "mo", "y", "w"}) {
    for (const std::string count : {"99999999999999999999", huge.c_str()}) {
      CHECK(list(count + unit, now, berlin, 1) == Times{"never"});
      CHECK(list("+" + count + unit + " 1s", now, berlin, 1) == Times{"never"});
      CHECK(list("2001-01-01 " + count + unit, now, berlin, 1) == Times{"never"});
      CHECK(list("2027-01-01 " + count + unit, now, berlin, 2) == Times{"2027-01-01 00:00:00", "never"});
    }
  }
  CHECK(list("9999-12-31 1y", now, utc, 2) == Times{"9999-12-31 00:00:00", "10000-12-31 00:00:00"});
}
