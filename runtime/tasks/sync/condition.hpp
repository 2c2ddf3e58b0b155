// Conditions that any number of tasks wait for at once: WaitGroup (a counter is zero) and Event (somebody said so).
#pragma once

#include <cstdint>
#include <string>

#include "runtime/tasks/sync/remote_waiter.hpp"
#include "runtime/tasks/sync/sync_object.hpp"

namespace duso::tasks::sync {

// Something that is true or not. Whoever waits goes on when it becomes true, also if it is not any more by then.
class Condition : public SyncObject {
 public:
  using SyncObject::SyncObject;

 protected:
  // Waits until the condition holds.
  Wake wait(const Patience& patience, WaitReason reason);
  // The condition holds now. Under the lock, on the thread of [here].
  void wake_all(const Worker& here);

  virtual bool holds() const = 0;  // under the lock

 private:
  WaitList line_;
};

class WaitGroup final : public Condition {
 public:
  static constexpr Kind kKind = Kind::kWaitGroup;

  using Condition::Condition;

  std::int64_t count() const;
  enum class Change : std::uint8_t { kDone, kNegative, kTooLarge };
  // Adds [delta], of a magnitude of at most kLargestCount. If the result is no count, nothing changes.
  Change add(std::int64_t delta, const Worker& here);
  // Waits until the count is zero.
  Wake wait(const Patience& patience) { return Condition::wait(patience, {"wait group"}); }

 private:
  bool holds() const override { return count_ == 0; }

  std::int64_t count_ = 0;
};

class Event final : public Condition {
 public:
  static constexpr Kind kKind = Kind::kEvent;

  using Condition::Condition;

  bool is_set() const;
  void set(const Worker& here);
  void clear();
  // Waits until the event is set.
  Wake wait(const Patience& patience) { return Condition::wait(patience, {"event"}); }

 private:
  bool holds() const override { return is_set_; }

  bool is_set_ = false;
};

}  // namespace duso::tasks::sync
