#include "runtime/tasks/sync/condition.hpp"

namespace duso::tasks::sync {

Wake Condition::wait(const Patience& patience, WaitReason reason) {
  RemoteWaiter waiter(patience, mutex_);
  std::unique_lock lock(mutex_);
  return holds() ? Wake::kReady : waiter.wait(lock, line_, reason);
}

void Condition::wake_all(const Worker& here) {
  while (RemoteWaiter* const waiter = RemoteWaiter::first(line_)) waiter->serve(here);
}

std::int64_t WaitGroup::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

WaitGroup::Change WaitGroup::add(std::int64_t delta, const Worker& here) {
  const std::lock_guard lock(mutex_);
  const std::int64_t sum = count_ + delta;
  if (sum < 0) return Change::kNegative;
  if (sum > kLargestCount) return Change::kTooLarge;
  count_ = sum;
  if (sum == 0) wake_all(here);
  return Change::kDone;
}

bool Event::is_set() const {
  const std::lock_guard lock(mutex_);
  return is_set_;
}

void Event::set(const Worker& here) {
  const std::lock_guard lock(mutex_);
  is_set_ = true;
  wake_all(here);
}

void Event::clear() {
  const std::lock_guard lock(mutex_);
  is_set_ = false;
}

}  // namespace duso::tasks::sync
