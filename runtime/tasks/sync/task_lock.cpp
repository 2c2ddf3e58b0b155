#include "runtime/tasks/sync/task_lock.hpp"

#include <utility>

namespace duso::tasks::sync {

bool TaskLock::Candidate::undo() {
  if (lock_.holder_ == &task) lock_.pass_on(worker());
  return true;
}

Wake TaskLock::lock(const Patience& patience) {
  Task& task = patience.task();
  {
    Candidate candidate(patience, *this);
    std::unique_lock guard(mutex_);
    if (is_open_) return Wake::kReady;
    if (is_idle()) {
      holder_ = &task;
    } else {
      const Wake wake = wait(candidate, guard);
      if (wake != Wake::kReady || holder_ != &task) return wake;
    }
  }
  take(task);
  return Wake::kReady;
}

bool TaskLock::is_held_by(const Task& task) const {
  const std::lock_guard guard(mutex_);
  return holder_ == &task;
}

void TaskLock::unlock(Task& task) {
  const std::shared_ptr<SyncObject> kept = let_go(task);
  const std::lock_guard guard(mutex_);
  pass_on(task.instance().worker());
}

void TaskLock::open(Task& task) {
  const std::shared_ptr<SyncObject> kept = let_go(task);
  const std::lock_guard guard(mutex_);
  holder_ = nullptr;
  is_open_ = true;
  while (RemoteWaiter* const next = RemoteWaiter::first(line_)) next->serve(task.instance().worker());
}

void TaskLock::take(Task& task) {
  worker_ = &task.instance().worker();
  itself_ = shared_from_this();
  task.tie(*this);
}

// Undoes take(). From here on nothing but the returned pointer may keep the object.
std::shared_ptr<SyncObject> TaskLock::let_go(Task& task) {
  task.untie(*this);
  return std::move(itself_);
}

// The one that has waited longest has the lock now. Under mutex_.
void TaskLock::pass_on(const Worker& here) {
  holder_ = nullptr;
  while (auto* const next = static_cast<Candidate*>(RemoteWaiter::first(line_))) {
    if (!next->is_content()) holder_ = &next->task;
    next->serve(here);
    if (holder_ != nullptr) return;
  }
}

void TaskLock::cut() {
  const std::shared_ptr<SyncObject> kept = std::move(itself_);
  const std::lock_guard guard(mutex_);
  pass_on(*worker_);
}

}  // namespace duso::tasks::sync
