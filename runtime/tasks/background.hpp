// Background jobs: functions and scripts that run beside a program, each in an instance of its own (tasks.md 11).
//
// A job is registered under a name and may have to wait for its start: until something of the process begins to serve,
// or the body of the main script is over. From there on it counts: the process stays alive until all jobs have ended.
// A job that is to be restarted has not ended while it waits for that.
//
// Any thread may register, cancel and wait. A job changes under its own lock, the list of jobs under another one that
// is never taken inside it.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/tasks/script_instance.hpp"
#include "runtime/tasks/sync/condition.hpp"

namespace duso::tasks {

class BackgroundJobs;

enum class Restart : std::uint8_t { kNo, kOnError, kAlways };

// What a job is to be.
struct BackgroundSpec {
  std::string name;
  Restart restart = Restart::kNo;
  double delay = 1;     // seconds before the first restart; each further one waits twice as long
  InstanceSetup setup;  // of its instances; the jobs add what makes them background instances
};

class BackgroundJob final : public sync::Condition {
 public:
  BackgroundJob(BackgroundJobs& jobs, BackgroundSpec spec, std::uint64_t pid);

  // All instances of the job have this pid, one after the other.
  std::uint64_t pid() const { return pid_; }
  // kPending before the start and before a restart; kRunning; one of the others when it has ended.
  TaskStatus status() const;
  // How it ended. Only for a job that has.
  const Ending& ending() const { return ending_; }
  // Whether it was asked to end, and why; empty if no reason was given.
  bool is_cancelled() const;
  std::string cancel_reason() const;

  // Waits until the job has ended.
  Wake wait(const sync::Patience& patience);
  // Asks it to end for good. False if it has ended.
  bool cancel(std::string_view reason, const Worker& here);

 private:
  friend class BackgroundJobs;

  bool holds() const override { return is_finished(); }
  bool is_finished() const { return status_ >= TaskStatus::kCompleted; }
  bool is_over() const;
  bool wants_restart(const Ending& ending) const;
  double take_delay();
  void finish(TaskStatus status, const Worker& here);

  BackgroundJobs& jobs_;
  const BackgroundSpec spec_;
  const std::uint64_t pid_;

  // Guarded by the lock of the condition. Of a finished job nothing but the timer changes any more.
  TaskStatus status_ = TaskStatus::kPending;
  bool is_cancelled_ = false;
  std::string cancel_reason_;
  Ending ending_;
  Instant started_ = 0;     // its present instance
  double next_delay_;       // seconds
  bool has_timer_ = false;  // and so must not be destroyed
  Timer restart_;           // of the worker of its last instance
};

// The jobs of the process.
class BackgroundJobs {
 public:
  // Tells standard error how an instance of the job [name] ended, if it did badly.
  using Report = void (*)(const ScriptInstance& instance, const Ending& ending, std::string_view name);

  explicit BackgroundJobs(Runtime& runtime) : runtime_(runtime) {}
  BackgroundJobs(const BackgroundJobs&) = delete;
  BackgroundJobs& operator=(const BackgroundJobs&) = delete;

  // Registers a job; it starts now if [starts_now] or if jobs have been released. Null if there is a job of that name
  // that has not ended. [report]: the same for all callers.
  std::shared_ptr<BackgroundJob> add(BackgroundSpec spec, bool starts_now, Report report);
  // Lets the jobs start that wait for it, and all later ones at once.
  void release();
  // Cancels the job with [pid] if it waits for its start or restart. False if there is none.
  bool cancel_waiting(std::uint64_t pid, const Worker& here);
  // Cancels all jobs: the process comes to its end.
  void cancel_all(const Worker& here);
  // True if all jobs have ended. Otherwise the main worker finishes when the last one does.
  bool are_over_or_finish();

 private:
  friend class BackgroundJob;

  std::vector<std::shared_ptr<BackgroundJob>> all();
  void start(const std::shared_ptr<BackgroundJob>& job);
  void instance_ended(const std::shared_ptr<BackgroundJob>& job, ScriptInstance& instance, Ending ending);
  void settle();
  bool are_over() const;
  bool are_released();

  Runtime& runtime_;
  std::mutex mutex_;  // guards the rest
  Report report_ = nullptr;
  bool are_released_ = false;
  bool finishes_ = false;
  std::vector<std::shared_ptr<BackgroundJob>> jobs_;  // that have not ended, or have a timer
};

}  // namespace duso::tasks
