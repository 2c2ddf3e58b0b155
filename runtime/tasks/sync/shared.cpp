#include "runtime/tasks/sync/shared.hpp"

namespace duso::tasks::sync {

// Sets the value the moment its turn comes, so the lock goes on at once to whoever is next.
class Shared::Setter final : public Candidate {
 public:
  Setter(const Patience& patience, Shared& shared, FrozenValue wanted)
      : Candidate(patience, shared), shared_(shared), value_(std::move(wanted)) {}

  bool is_content() override {
    std::swap(shared_.value_, value_);
    return true;
  }

 private:
  bool undo() override {
    given_up();
    return false;
  }
  void given_up() override { value_ = FrozenValue(); }

  Shared& shared_;
  FrozenValue value_;  // afterwards the old one, which is destroyed without the lock
};

FrozenValue Shared::get() const {
  const std::lock_guard guard(mutex_);
  return value_;
}

// What was there is destroyed with [value], after the guard.
void Shared::replace(FrozenValue value) {
  const std::lock_guard guard(mutex_);
  std::swap(value_, value);
}

Wake Shared::set(FrozenValue value, const Patience& patience) {
  Setter setter(patience, *this, std::move(value));
  std::unique_lock guard(mutex_);
  if (!is_idle()) return wait(setter, guard);
  setter.is_content();
  return Wake::kReady;
}

}  // namespace duso::tasks::sync
