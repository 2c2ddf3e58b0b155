#include "runtime/tasks/sync/semaphore.hpp"

namespace duso::tasks::sync {

class Semaphore::Acquirer final : public RemoteWaiter {
 public:
  Acquirer(const Patience& patience, Semaphore& semaphore, std::int64_t count)
      : RemoteWaiter(patience, semaphore.mutex_), wanted(count), semaphore_(semaphore) {}

  const std::int64_t wanted;

 private:
  bool undo() override {
    semaphore_.available_ += wanted;
    semaphore_.serve_waiting(worker());
    return true;
  }
  // It may have been the one that the others stood behind.
  void given_up() override { semaphore_.serve_waiting(worker()); }

  Semaphore& semaphore_;
};

std::int64_t Semaphore::available() const {
  const std::lock_guard lock(mutex_);
  return available_;
}

Wake Semaphore::acquire(std::int64_t count, const Patience& patience) {
  Acquirer acquirer(patience, *this, count);
  std::unique_lock lock(mutex_);
  if (available_ >= count && line_.empty()) {
    available_ -= count;
    return Wake::kReady;
  }
  return acquirer.wait(lock, line_, {"semaphore"});
}

bool Semaphore::release(std::int64_t count, const Worker& here) {
  const std::lock_guard lock(mutex_);
  if (count > kLargestCount - available_) return false;
  available_ += count;
  serve_waiting(here);
  return true;
}

void Semaphore::serve_waiting(const Worker& here) {
  while (auto* const next = static_cast<Acquirer*>(RemoteWaiter::first(line_))) {
    if (next->wanted > available_) return;
    available_ -= next->wanted;
    next->serve(here);
  }
}

}  // namespace duso::tasks::sync
