// The book of scheduled jobs: which there are, when each runs next, and what a script may read about them.
//
// Pure bookkeeping. It has no clock, no timer and no thread: whoever owns it (and guards it) says what time it is,
// takes out what is due, and asks when to come back. A job that is due several times over, because the process was
// stopped or late, runs once.
//
// Rules: concurrency.md 8.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/frozen_value.hpp"
#include "runtime/schedule/occurrences.hpp"

namespace duso::schedule {

// A job whose time has come.
struct Firing {
  std::string id;
  std::string script;  // resolved path
  FrozenValue context;
};

class Schedule {
 public:
  // Dates, times and calendar steps are those of [zone].
  explicit Schedule(ZoneOffset zone) : zone_(zone) {}

  // Enters a job at the time [now], or replaces the one with the same [id].
  void add(const std::string& id, const Spec& spec, std::string script, FrozenValue context, Instant now);
  // Strikes the job called [id]; false if there is none.
  bool remove(std::string_view id);

  // What is due at [now], the longest overdue first, equals in the order in which they were entered. Jobs that run once
  // are struck, the others wait for their next time.
  std::vector<Firing> take_due(Instant now);
  // When take_due() will have something; nothing if it never will.
  std::optional<Instant> next_deadline() const;

  // Remembers that the latest firing of the job called [id], if it is still there, runs as instance [pid].
  void note_pid(std::string_view id, std::uint64_t pid);

  // The ids of all jobs, in the order in which they were first entered.
  std::vector<std::string> ids() const;
  // What scripts see of the job called [id]: {every, script, next_fire, context, last_pid}; nil if there is none.
  FrozenValue record(std::string_view id) const;

 private:
  struct Job {
    std::uint64_t number;  // counts entries
    Occurrences occurrences;
    std::optional<Interval> every;
    Instant next;
    std::string script;
    FrozenValue context;
    FrozenValue last_pid;
  };
  using Jobs = std::map<std::string, Job, std::less<>>;

  static std::pair<Instant, std::uint64_t> deadline_of(const Job& job) { return {job.next, job.number}; }

  ZoneOffset zone_;
  std::uint64_t last_number_ = 0;
  Jobs jobs_;
  // The same jobs by deadline and by entry; the iterators stay valid while a job is in the book.
  std::map<std::pair<Instant, std::uint64_t>, Jobs::iterator> by_deadline_;
  std::map<std::uint64_t, Jobs::iterator> by_entry_;
};

}  // namespace duso::schedule
