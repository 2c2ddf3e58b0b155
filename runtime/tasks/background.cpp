#include "runtime/tasks/background.hpp"

#include <algorithm>
#include <utility>

#include "runtime/log.hpp"
#include "runtime/tasks/runtime.hpp"
#include "runtime/tasks/worker.hpp"

namespace duso::tasks {

using execution::PendingKind;

namespace {

constexpr double kLongestDelay = 60;  // seconds; who has run for longer begins again with the first delay

bool is_failure(const Ending& ending) {
  return ending.kind == PendingKind::kError || ending.kind == PendingKind::kPanic;
}

}  // namespace

// --- one job ---

BackgroundJob::BackgroundJob(BackgroundJobs& jobs, BackgroundSpec spec, std::uint64_t pid)
    : Condition(spec.name), jobs_(jobs), spec_(std::move(spec)), pid_(pid), next_delay_(spec_.delay) {
  restart_.owner = this;
  restart_.fire = [](Timer& timer) {
    auto& job = *static_cast<BackgroundJob*>(timer.owner);
    {
      const std::lock_guard lock(job.mutex_);
      job.has_timer_ = false;
    }
    job.jobs_.start(std::static_pointer_cast<BackgroundJob>(job.shared_from_this()));
    job.jobs_.settle();  // if it has ended meanwhile
  };
}

TaskStatus BackgroundJob::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

std::string BackgroundJob::cancel_reason() const {
  const std::lock_guard lock(mutex_);
  return cancel_reason_;
}

bool BackgroundJob::is_cancelled() const {
  const std::lock_guard lock(mutex_);
  return is_cancelled_;
}

bool BackgroundJob::is_over() const {
  const std::lock_guard lock(mutex_);
  return is_finished();
}

Wake BackgroundJob::wait(const sync::Patience& patience) {
  // Who keeps the job from starting waits for itself, in the end.
  const bool keeps_it =
      patience.task().is_main() && patience.instance.setup().kind == InstanceKind::kMain && !jobs_.are_released();
  return Condition::wait(patience, {"background", keeps_it && status() == TaskStatus::kPending});
}

bool BackgroundJob::cancel(std::string_view reason, const Worker& here) {
  {
    const std::lock_guard lock(mutex_);
    if (is_finished()) return false;
    if (!std::exchange(is_cancelled_, true)) cancel_reason_ = reason;
    if (status_ == TaskStatus::kPending) finish(TaskStatus::kCancelled, here);
  }
  // An instance that runs tells its end itself.
  if (!jobs_.runtime_.kill(pid_)) jobs_.settle();
  return true;
}

// Under the lock, as the next two.
bool BackgroundJob::wants_restart(const Ending& ending) const {
  if (is_cancelled_ || ending.kind == PendingKind::kStopped || jobs_.runtime_.is_ending()) return false;
  return spec_.restart == Restart::kAlways || (spec_.restart == Restart::kOnError && is_failure(ending));
}

double BackgroundJob::take_delay() {
  if (static_cast<double>(now() - started_) / 1e9 > kLongestDelay) next_delay_ = spec_.delay;
  return std::exchange(next_delay_, std::min(next_delay_ * 2, kLongestDelay));
}

void BackgroundJob::finish(TaskStatus status, const Worker& here) {
  status_ = status;
  wake_all(here);
}

// --- all of them ---

std::shared_ptr<BackgroundJob> BackgroundJobs::add(BackgroundSpec spec, bool starts_now, Report report) {
  spec.setup.kind = InstanceKind::kBackground;
  std::shared_ptr<BackgroundJob> job;
  {
    const std::lock_guard lock(mutex_);
    const bool is_taken =
        std::ranges::any_of(jobs_, [&](const auto& other) { return other->name() == spec.name && !other->is_over(); });
    if (is_taken) return nullptr;
    job = std::make_shared<BackgroundJob>(*this, std::move(spec), runtime_.next_pid());
    jobs_.push_back(job);
    report_ = report;
    starts_now |= are_released_;
  }
  if (starts_now) start(job);
  return job;
}

std::vector<std::shared_ptr<BackgroundJob>> BackgroundJobs::all() {
  const std::lock_guard lock(mutex_);
  return jobs_;
}

void BackgroundJobs::release() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(are_released_, true)) return;
  }
  for (const std::shared_ptr<BackgroundJob>& job : all()) start(job);
}

// Starts the next instance of [job], unless it was cancelled or has one.
void BackgroundJobs::start(const std::shared_ptr<BackgroundJob>& job) {
  {
    const std::lock_guard lock(job->mutex_);
    if (job->status_ != TaskStatus::kPending || job->has_timer_) return;
    job->status_ = TaskStatus::kRunning;
    job->started_ = now();
  }
  InstanceSetup setup = job->spec_.setup;
  setup.pid = job->pid_;
  setup.on_end = [this, job](ScriptInstance& instance, Ending ending) {
    instance_ended(job, instance, std::move(ending));
  };
  log::write(log::Level::kInfo, "background job starts", {{"name", job->name()}, {"pid", job->pid_}});
  runtime_.start(std::move(setup));
  if (job->is_cancelled()) runtime_.kill(job->pid_);  // it may have been just before there was something to kill
}

// On the thread of the instance.
void BackgroundJobs::instance_ended(const std::shared_ptr<BackgroundJob>& job, ScriptInstance& instance,
                                    Ending ending) {
  Worker& worker = instance.worker();
  const bool was_cancelled = ending.kind == PendingKind::kStopped && job->is_cancelled();
  if (!was_cancelled) report_(instance, ending, job->name());
  std::unique_lock lock(job->mutex_);
  if (job->wants_restart(ending)) {
    const double delay = job->take_delay();
    log::write(log::Level::kInfo, "background job restarts",
               {{"name", job->name()}, {"delay_ms", static_cast<std::uint64_t>(delay * 1e3)}});
    job->status_ = TaskStatus::kPending;
    job->has_timer_ = true;
    worker.timers().start(job->restart_, after(delay));
    return;
  }
  log::write(log::Level::kInfo, "background job ended", {{"name", job->name()}, {"pid", job->pid_}});
  TaskStatus status = TaskStatus::kCompleted;
  if (is_failure(ending)) status = TaskStatus::kFailed;
  if (ending.kind == PendingKind::kStopped) status = TaskStatus::kCancelled;
  job->ending_ = std::move(ending);
  job->finish(status, worker);
  lock.unlock();
  settle();
}

bool BackgroundJobs::cancel_waiting(std::uint64_t pid, const Worker& here) {
  for (const std::shared_ptr<BackgroundJob>& job : all()) {
    if (job->pid() == pid && job->status() == TaskStatus::kPending) return job->cancel({}, here);
  }
  return false;
}

void BackgroundJobs::cancel_all(const Worker& here) {
  for (const std::shared_ptr<BackgroundJob>& job : all()) job->cancel({}, here);
}

bool BackgroundJobs::are_released() {
  const std::lock_guard lock(mutex_);
  return are_released_;
}

// Under the lock.
bool BackgroundJobs::are_over() const {
  return std::ranges::all_of(jobs_, [](const auto& job) { return job->is_over(); });
}

// A job may have ended: forgets it, and the process may come to its end.
void BackgroundJobs::settle() {
  const std::lock_guard lock(mutex_);
  std::erase_if(jobs_, [](const auto& job) {
    const std::lock_guard job_lock(job->mutex_);
    return job->is_finished() && !job->has_timer_;
  });
  if (finishes_ && are_over()) runtime_.finish();
}

bool BackgroundJobs::are_over_or_finish() {
  const std::lock_guard lock(mutex_);
  finishes_ = true;
  return are_over();
}

}  // namespace duso::tasks
