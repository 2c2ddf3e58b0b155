// Semaphore: a number of permits. Who wants more than there are waits, and nobody overtakes it: many small requests
// can not starve a large one.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/tasks/sync/remote_waiter.hpp"
#include "runtime/tasks/sync/sync_object.hpp"

namespace duso::tasks::sync {

class Semaphore final : public SyncObject {
 public:
  static constexpr Kind kKind = Kind::kSemaphore;

  Semaphore(std::string name, std::int64_t permits) : SyncObject(std::move(name)), available_(permits) {}

  std::int64_t available() const;
  // Takes [count] permits.
  Wake acquire(std::int64_t count, const Patience& patience);
  // Gives [count] permits back, or adds them. False, and nothing changes, beyond kLargestCount.
  bool release(std::int64_t count, const Worker& here);

 private:
  class Acquirer;

  void serve_waiting(const Worker& here);

  std::int64_t available_;
  WaitList line_;
};

}  // namespace duso::tasks::sync
