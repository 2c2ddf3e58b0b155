// Shared: one value for all instances. Readers see the last complete one at any time; who changes it step by step holds
// the lock meanwhile, and other writers wait.
#pragma once

#include <string>
#include <utility>

#include "runtime/frozen_value.hpp"
#include "runtime/tasks/sync/task_lock.hpp"

namespace duso::tasks::sync {

class Shared final : public TaskLock {
 public:
  static constexpr Kind kKind = Kind::kShared;

  Shared(std::string name, FrozenValue initial) : TaskLock(std::move(name)), value_(std::move(initial)) {}

  FrozenValue get() const;
  // For whoever has the lock.
  void replace(FrozenValue value);
  // Replaces the value when nobody has the lock and all who came before have had their turn.
  Wake set(FrozenValue value, const Patience& patience);

 private:
  class Setter;

  const char* kind_of_wait() const override { return "shared value"; }

  FrozenValue value_;
};

}  // namespace duso::tasks::sync
