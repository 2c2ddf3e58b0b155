// Scheduled jobs coming true: the book of jobs (schedule.hpp) beside a clock.
//
// Any instance may enter jobs, so the book is guarded by a mutex. One timer, on the main worker, stands for the next
// deadline of all; when it fires, what is due is started as instances of their own. The wall clock may be set while the
// timer runs, so it is looked at again at least once a minute.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "runtime/schedule/schedule.hpp"
#include "runtime/tasks/timer_queue.hpp"

namespace duso::tasks {

class Runtime;
class Worker;

class JobScheduler {
 public:
  // Starts the script of a job as an instance, on the thread of [worker]; returns its pid, or 0 when that failed, which
  // was reported.
  using Launch = std::uint64_t (*)(Worker& worker, const schedule::Firing& firing);

  JobScheduler(Runtime& runtime, Launch launch);
  JobScheduler(const JobScheduler&) = delete;
  JobScheduler& operator=(const JobScheduler&) = delete;

  // As in Schedule, with the present time. From any thread.
  void add(const std::string& id, const schedule::Spec& spec, std::string script, FrozenValue context);
  bool remove(std::string_view id);

  // The record of the job called [id], nil if there is none, and all ids. From any thread.
  FrozenValue record(std::string_view id) const;
  std::vector<std::string> ids() const;

  // On the main worker's thread: sets the timer for the next deadline.
  void arm(Worker& worker);
  void disarm(Worker& worker);

 private:
  void fire();

  Runtime& runtime_;
  const Launch launch_;
  mutable std::mutex mutex_;  // guards the book
  schedule::Schedule book_;
  Timer timer_;  // the main worker's
  Worker* worker_ = nullptr;
};

}  // namespace duso::tasks
