// The memory budget of the process: what all script heaps and all data outside of them may use together.
//
// A counter that every allocation of every thread adds to would be the most contended word of the process. So nobody
// counts here byte by byte: each heap, and each thread that makes frozen values, *claims* a part in steps of some
// kilobytes, spends it without telling anybody, and gives back what is far too much. The limit is exact for those who
// stand at it, because then the steps shrink to what is really needed and everybody is asked to settle; what all others
// hold in reserve is a few kilobytes each.
//
// Rules: memory-and-panics.md 4.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>

namespace duso::memory {

class ProcessBudget {
 public:
  // The one budget of this process.
  static ProcessBudget& instance() noexcept;

  ProcessBudget() = default;
  ProcessBudget(const ProcessBudget&) = delete;
  ProcessBudget& operator=(const ProcessBudget&) = delete;

  // The limit in bytes; 0 = none.
  std::size_t limit() const noexcept { return limit_.load(std::memory_order_relaxed); }
  // Sets it, whatever it was. At start-up, and in tests.
  void set_limit(std::size_t bytes) noexcept { limit_.store(bytes, std::memory_order_relaxed); }
  // Makes [bytes] the limit if that is lower than the present one; 0 and anything higher change nothing.
  void lower_limit(std::size_t bytes) noexcept;

  // What is claimed at the moment, by all together.
  std::size_t claimed() const noexcept { return claimed_.load(std::memory_order_relaxed); }

  // Claims [bytes] more. False, and nothing happened, if that would pass the limit.
  bool claim(std::size_t bytes) noexcept;
  // Claims [bytes] without a look at the limit: for the making of the error that says it was reached.
  void claim_beyond(std::size_t bytes) noexcept { claimed_.fetch_add(bytes, std::memory_order_relaxed); }
  void give_back(std::size_t bytes) noexcept { claimed_.fetch_sub(bytes, std::memory_order_relaxed); }

  // What reclaim() does: it gets those who hold memory to give back what they can do without. Empty: nothing.
  void set_reclaimer(std::function<void()> reclaimer);
  // Asks everybody for memory, and returns when they have answered or it has taken too long. Does nothing in a thread
  // that is being asked itself.
  void reclaim();

 private:
  std::atomic<std::size_t> limit_{0};
  std::atomic<std::size_t> claimed_{0};
  std::mutex mutex_;  // guards reclaimer_
  std::function<void()> reclaimer_;
};

// The part of the budget that the calling thread spends on data outside of every heap: frozen values.
class ThreadClaim {
 public:
  // Spends [bytes]. Throws HeapLimitReached when the process has no more.
  static void spend(std::size_t bytes);
  // Takes back [bytes] that some thread has spent.
  static void restore(std::size_t bytes) noexcept;
};

}  // namespace duso::memory
