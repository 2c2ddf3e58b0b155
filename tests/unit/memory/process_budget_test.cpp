// The memory budget that all heaps and threads of the process share.
#include "runtime/memory/process_budget.hpp"

#include <thread>

#include <catch2/catch.hpp>

#include "tests/unit/memory/test_objects.hpp"

namespace {

using namespace duso::memory;
using namespace duso::memory::test;

constexpr std::size_t kKilobyte = 1024;
constexpr std::size_t kMegabyte = kKilobyte * kKilobyte;

// The budget of this process with a limit of [bytes] above what is claimed, as long as it exists.
class LimitedBudget {
 public:
  explicit LimitedBudget(std::size_t bytes) : claimed_before_(budget().claimed()) {
    budget().set_limit(claimed_before_ + bytes);
  }
  LimitedBudget(const LimitedBudget&) = delete;
  LimitedBudget& operator=(const LimitedBudget&) = delete;
  ~LimitedBudget() {
    budget().set_limit(0);
    budget().set_reclaimer({});
  }
  static ProcessBudget& budget() { return ProcessBudget::instance(); }
  std::size_t claimed() const { return budget().claimed() - claimed_before_; }

 private:
  std::size_t claimed_before_;
};

TEST_CASE("a heap claims what it uses, and little more, and gives all back", "[memory]") {
  start();
  const LimitedBudget budget(0);
  ProcessBudget::instance().set_limit(0);
  {
    Heap heap;
    CHECK(budget.claimed() == 0);
    Node* node = new_node(heap);
    CHECK(budget.claimed() >= heap.counters().used());
    CHECK(budget.claimed() <= 64 * kKilobyte);
    void* large = heap.allocate_buffer(10 * kMegabyte);
    CHECK(budget.claimed() >= 10 * kMegabyte);
    CHECK(budget.claimed() <= 11 * kMegabyte);
    CHECK(heap.counters().used() + heap.unused_claim() == budget.claimed());
    heap.free_buffer(large, 10 * kMegabyte);
    CHECK(budget.claimed() < kMegabyte);
    release(node);
  }
  CHECK(budget.claimed() == 0);
}

TEST_CASE("heaps share the limit of the process, and it says that it was that one", "[memory]") {
  start();
  const LimitedBudget budget(4 * kMegabyte);
  Heap first;
  Heap second;
  void* const held = first.allocate_buffer(3 * kMegabyte);
  try {
    second.allocate_buffer(2 * kMegabyte);
    FAIL("more than the limit");
  } catch (const HeapLimitReached& reached) {
    CHECK(reached.whose() == HeapLimitReached::Whose::kProcess);
    CHECK(reached.limit() == ProcessBudget::instance().limit());
  }
  CHECK(second.counters().used() == 0);
  first.free_buffer(held, 3 * kMegabyte);
  second.free_buffer(second.allocate_buffer(2 * kMegabyte), 2 * kMegabyte);
}

TEST_CASE("at the limit of the process a heap can use it up to a few kilobytes", "[memory]") {
  start();
  const LimitedBudget budget(4 * kMegabyte);
  Heap heap;
  std::size_t bytes = 0;
  try {
    while (true) {
      heap.allocate_buffer(1000);
      bytes += Heap::usable_size(1000);
    }
  } catch (const HeapLimitReached&) {
  }
  CHECK(bytes <= 4 * kMegabyte);
  CHECK(bytes >= 4 * kMegabyte - 2000);
  // A little more for the error, and not without end.
  std::size_t more = 0;
  try {
    while (more < kMegabyte) {
      heap.allocate_buffer(1000);
      more += 1000;
    }
  } catch (const HeapLimitReached&) {
  }
  CHECK(more >= 30 * kKilobyte);
  CHECK(more <= 64 * kKilobyte);
}

TEST_CASE("others are asked for memory before a claim is refused", "[memory]") {
  start();
  const LimitedBudget budget(4 * kMegabyte);
  Heap idle;
  Node* ring = new_ring(idle, 2);
  make_dead_cycle(idle);
  void* const held = idle.allocate_buffer(3 * kMegabyte);
  int asked = 0;
  ProcessBudget::instance().set_reclaimer([&] {
    ++asked;
    idle.free_buffer(held, 3 * kMegabyte);
  });
  Heap heap;
  void* const got = heap.allocate_buffer(2 * kMegabyte);
  CHECK(asked == 1);
  heap.free_buffer(got, 2 * kMegabyte);
  release(ring);
  idle.collect();
}

TEST_CASE("threads claim for data outside of heaps, and end without a rest", "[memory]") {
  const LimitedBudget budget(kMegabyte);
  std::thread([&] {
    ThreadClaim::spend(100);
    CHECK(budget.claimed() >= 100);
    CHECK(budget.claimed() <= 64 * kKilobyte);
    CHECK_THROWS_AS(ThreadClaim::spend(2 * kMegabyte), HeapLimitReached);
    ThreadClaim::spend(kMegabyte / 2);
    ThreadClaim::restore(kMegabyte / 2);
    CHECK(budget.claimed() <= 128 * kKilobyte);
    ThreadClaim::restore(100);
  }).join();
  CHECK(budget.claimed() == 0);
}

TEST_CASE("the limit of the process may only be lowered", "[memory]") {
  const LimitedBudget budget(0);
  ProcessBudget& all = ProcessBudget::instance();
  all.set_limit(0);
  all.lower_limit(0);
  CHECK(all.limit() == 0);
  all.lower_limit(kMegabyte);
  all.lower_limit(2 * kMegabyte);
  all.lower_limit(0);
  CHECK(all.limit() == kMegabyte);
}

}  // namespace
