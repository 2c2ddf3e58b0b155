// Atomic: a whole number that instances count with.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "runtime/tasks/sync/sync_object.hpp"

namespace duso::tasks::sync {

class Atomic final : public SyncObject {
 public:
  static constexpr Kind kKind = Kind::kAtomic;

  Atomic(std::string name, std::int64_t initial) : SyncObject(std::move(name)), value_(initial) {}

  std::int64_t get() const { return value_.load(); }
  void set(std::int64_t value) { value_.store(value); }

  // Adds [delta], of a magnitude of at most kLargestCount. The new value; nothing, and the old value stays, if it would
  // be beyond that.
  std::optional<std::int64_t> add(std::int64_t delta) {
    std::int64_t old = value_.load();
    while (true) {
      const std::int64_t sum = old + delta;
      if (sum > kLargestCount || sum < -kLargestCount) return std::nullopt;
      if (value_.compare_exchange_weak(old, sum)) return sum;
    }
  }

  // Sets [value] if the present one is [expected].
  bool compare_and_set(std::int64_t expected, std::int64_t value) {
    return value_.compare_exchange_strong(expected, value);
  }

 private:
  std::atomic<std::int64_t> value_;
};

}  // namespace duso::tasks::sync
