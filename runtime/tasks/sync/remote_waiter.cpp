#include "runtime/tasks/sync/remote_waiter.hpp"

#include <utility>

#include "runtime/tasks/worker.hpp"

namespace duso::tasks::sync {

// "You were served", to the worker of the waiting task.
class RemoteWaiter::WakeUp final : public Message {
 public:
  explicit WakeUp(RemoteWaiter& waiter) : waiter_(&waiter) {}

  void deliver(Worker&) override {
    if (waiter_ == nullptr) return;
    waiter_->posted_ = nullptr;
    waiter_->task.instance().wake(waiter_->task);
  }

  // The task has run on; from its own thread.
  void forget() { waiter_ = nullptr; }

 private:
  RemoteWaiter* waiter_;
};

RemoteWaiter::RemoteWaiter(const Patience& patience, std::mutex& mutex)
    : Waiter(patience.task()), patience_(patience), mutex_(mutex) {}

RemoteWaiter::~RemoteWaiter() = default;

Wake RemoteWaiter::wait(std::unique_lock<std::mutex>& lock, WaitList& line, WaitReason reason) {
  if (!patience_.may_wait) return Wake::kTimeout;
  wake_up_ = std::make_unique<WakeUp>(*this);
  line.add(*this);
  lock.unlock();
  task.tie(*this);
  ScriptInstance& instance = patience_.instance;
  const Wake wake = instance.park(patience_.call, reason, nullptr, patience_.deadline);
  task.untie(*this);
  lock.lock();
  // It may have been served in the last moment, when it was already going to run on for another reason.
  const bool must_unwind = instance.must_unwind();
  if (leave(must_unwind)) return Wake::kReady;
  return must_unwind ? Wake::kCancelled : wake;
}

void RemoteWaiter::serve(const Worker& here) {
  WaitList::remove(*this);
  served = true;
  Worker& home = worker();
  if (&home == &here) {
    patience_.instance.wake(task);
    return;
  }
  posted_ = wake_up_.get();
  home.post(std::move(wake_up_));
}

// Ends the waiting, under the lock. True if the waiter was served, and that stands.
bool RemoteWaiter::leave(bool must_unwind) {
  if (posted_ != nullptr) std::exchange(posted_, nullptr)->forget();
  if (served) return !must_unwind || !undo();
  WaitList::remove(*this);
  given_up();
  return false;
}

void RemoteWaiter::cut() {
  const std::lock_guard lock(mutex_);
  leave(true);
  wake_up_.reset();  // the stack that this lies on is not unwound
}

}  // namespace duso::tasks::sync
