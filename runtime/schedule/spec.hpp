// What a script writes to say when a job runs: "30s", "06:00 1D", "+2h 1D", "2031-01-15 15:00".
//
//   spec     = token {space token}, at most one of each kind, in any order
//   token    = interval | "+" interval | time | date
//   interval = digits ["." digits] letters
//   time     = hour ":" minute [":" second]
//   date     = year "-" month "-" day | year "/" month "/" day
//
// A token is told by its shape alone, before anything in it is judged, so that a message can say what is wrong with it:
// what holds a colon is a time, be it a bad one. This file only reads; what a spec means at some moment in some place
// is in occurrences.hpp.
//
// Rules and messages: concurrency.md 8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/schedule/interval.hpp"

namespace duso::schedule {

struct Date {
  int year = 1970;
  int month = 1;
  int day = 1;
};

struct Spec {
  std::optional<Interval> every;
  std::optional<Interval> offset;           // from the moment of registration
  std::optional<Date> date;                 // exists
  std::optional<std::int64_t> time_of_day;  // in seconds
};

// The message of schedule() when there is no spec at all.
inline constexpr std::string_view kSpecRequired =
    R"(schedule() requires a spec string (e.g. "30s", "06:00 1D", "2026-01-15 15:00"))";

// Reads [text]. Returns nothing and puts the message of the error into [problem] if it is no spec.
std::optional<Spec> parse_spec(std::string_view text, std::string& problem);

}  // namespace duso::schedule
