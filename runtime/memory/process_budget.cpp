#include "runtime/memory/process_budget.hpp"

#include <new>
#include <utility>

#include "runtime/memory/heap_limit.hpp"

namespace duso::memory {

namespace {

constexpr std::size_t kThreadStep = std::size_t{32} * 1024;

// What a thread has claimed and not spent. It ends with the thread.
struct Purse {
  std::size_t bytes = 0;
  ~Purse() { ProcessBudget::instance().give_back(bytes); }
};

thread_local Purse purse;
thread_local bool is_being_asked = false;

}  // namespace

ProcessBudget& ProcessBudget::instance() noexcept {
  // Never destroyed: threads settle with it whenever they end.
  static ProcessBudget* const kBudget = new ProcessBudget;
  return *kBudget;
}

void ProcessBudget::lower_limit(std::size_t bytes) noexcept {
  std::size_t present = limit();
  while (bytes != 0 && (present == 0 || bytes < present)) {
    if (limit_.compare_exchange_weak(present, bytes, std::memory_order_relaxed)) return;
  }
}

bool ProcessBudget::claim(std::size_t bytes) noexcept {
  const std::size_t before = claimed_.fetch_add(bytes, std::memory_order_relaxed);
  const std::size_t most = limit();
  if (most == 0 || (bytes <= most && before <= most - bytes)) return true;
  give_back(bytes);
  return false;
}

void ProcessBudget::set_reclaimer(std::function<void()> reclaimer) {
  const std::lock_guard lock(mutex_);
  reclaimer_ = std::move(reclaimer);
}

void ProcessBudget::reclaim() {
  if (is_being_asked) return;
  std::function<void()> reclaimer;
  {
    const std::lock_guard lock(mutex_);
    reclaimer = reclaimer_;
  }
  if (!reclaimer) return;
  is_being_asked = true;
  try {
    reclaimer();
  } catch (const std::bad_alloc&) {
    // Without memory to ask with, nobody is asked, and the claim is refused.
  }
  is_being_asked = false;
}

void ThreadClaim::spend(std::size_t bytes) {
  if (bytes > purse.bytes) {
    ProcessBudget& budget = ProcessBudget::instance();
    const std::size_t missing = bytes - purse.bytes;
    if (budget.claim(missing + kThreadStep)) {
      purse.bytes += kThreadStep;
    } else if (!budget.claim(missing)) {
      budget.reclaim();
      if (!budget.claim(missing)) throw HeapLimitReached(budget.limit(), HeapLimitReached::Whose::kProcess);
    }
    purse.bytes += missing;
  }
  purse.bytes -= bytes;
}

void ThreadClaim::restore(std::size_t bytes) noexcept {
  purse.bytes += bytes;
  if (purse.bytes <= 2 * kThreadStep) return;
  ProcessBudget::instance().give_back(purse.bytes - kThreadStep);
  purse.bytes = kThreadStep;
}

}  // namespace duso::memory
