#include "runtime/panic/history.hpp"

#include <algorithm>

namespace duso::panic {

void History::drop_oldest() {
  while (kept_.size() > size_) kept_.pop_front();
}

void History::resize(std::size_t size) {
  const std::lock_guard lock(mutex_);
  size_ = std::min(size, kLargestSize);
  drop_oldest();
}

void History::keep(const PanicInfo& info) {
  const std::lock_guard lock(mutex_);
  if (size_ == 0) return;
  kept_.push_back(info);
  drop_oldest();
}

void History::mark_recovered(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  for (PanicInfo& info : kept_) {
    if (info.id == id) info.recovered = true;
  }
}

std::vector<PanicInfo> History::all() const {
  const std::lock_guard lock(mutex_);
  return {kept_.begin(), kept_.end()};
}

std::optional<PanicInfo> History::last() const {
  const std::lock_guard lock(mutex_);
  return kept_.empty() ? std::nullopt : std::optional(kept_.back());
}

std::size_t History::clear() {
  const std::lock_guard lock(mutex_);
  const std::size_t count = kept_.size();
  kept_.clear();
  return count;
}

}  // namespace duso::panic
