// The heap: blocks, counters, limits, injected failures, and what becomes of host objects.
#include "runtime/memory/heap.hpp"

#include <array>
#include <cstring>
#include <ctime>
#include <fstream>
#include <map>
#include <new>
#include <random>
#include <set>
#include <thread>

#include <catch2/catch.hpp>

#include "runtime/memory/stack_segments.hpp"
#include "tests/unit/memory/crashing_child.hpp"
#include "tests/unit/memory/test_objects.hpp"

namespace {

using namespace duso::memory;
using namespace duso::memory::test;

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

void check_empty(const Heap& heap) {
  const HeapCounters counters = heap.counters();
  CHECK(counters.live() == 0);
  CHECK(counters.used() == 0);
}

TEST_CASE("blocks of all sizes are as large as asked for and do not overlap", "[memory]") {
  start();
  Heap heap;
  struct Block {
    unsigned char* memory;
    std::size_t asked;
    unsigned char pattern;
  };
  std::vector<Block> blocks;
  std::vector<std::size_t> sizes;
  for (std::size_t bytes = 0; bytes <= 20000; bytes += bytes < 300 ? 1 : 97) sizes.insert(sizes.end(), 5, bytes);
  std::shuffle(sizes.begin(), sizes.end(), std::mt19937(1));
  for (const std::size_t bytes : sizes) {
    auto* memory = static_cast<unsigned char*>(heap.allocate_buffer(bytes));
    const auto pattern = static_cast<unsigned char>(blocks.size() % 251 + 1);
    REQUIRE(Heap::usable_size(bytes) >= bytes);
    REQUIRE(reinterpret_cast<std::uintptr_t>(memory) % 8 == 0);
    std::memset(memory, pattern, Heap::usable_size(bytes));
    blocks.push_back({memory, bytes, pattern});
  }
  for (const Block& block : blocks) {
    const std::size_t usable = Heap::usable_size(block.asked);
    REQUIRE(std::all_of(block.memory, block.memory + usable, [&](unsigned char c) { return c == block.pattern; }));
    heap.free_buffer(block.memory, block.asked);
  }
  check_empty(heap);
}

TEST_CASE("a size class wastes less than a fifth of a block", "[memory]") {
  for (std::size_t bytes = 9; bytes <= kLargestSmall; ++bytes) {
    const std::size_t usable = Heap::usable_size(bytes);
    REQUIRE(usable >= bytes);
    REQUIRE((bytes <= 256 ? usable - bytes < 8 : (usable - bytes) * 5 < usable));
    REQUIRE(Heap::usable_size(usable) == usable);
  }
}

TEST_CASE("every object knows its heap, its block and its type", "[memory]") {
  start();
  Heap one;
  Heap two;
  for (const std::size_t bytes : {8UL, 48UL, 300UL, 8192UL, 8193UL, 1'000'000UL}) {
    HeapObject* first = one.allocate_object(kLeafType, bytes);
    HeapObject* second = two.allocate_object(kLeafType, bytes);
    CHECK(&Heap::of(first) == &one);
    CHECK(&Heap::of(second) == &two);
    CHECK(Heap::block_size(first) == Heap::usable_size(bytes));
    CHECK(first->count == 1);
    CHECK(first->type == kLeafType);
    CHECK(first->flags == 0);
    release(first);
    release(second);
  }
  check_empty(one);
  check_empty(two);
}

TEST_CASE("counters are exact to the size class, and so is the peak", "[memory]") {
  start();
  Heap heap;
  std::mt19937 random(1);
  std::vector<std::pair<void*, std::size_t>> blocks;
  std::size_t allocated = 0;
  std::size_t freed = 0;
  std::size_t peak = 0;
  for (int step = 0; step < 50'000; ++step) {
    // Grows for a while, then shrinks, so that the peak lies somewhere in the middle.
    if (blocks.empty() || random() % 100 < (step < 20'000 ? 60U : 45U)) {
      const std::size_t bytes = random() % (random() % 50 == 0 ? 30'000U : 200U);
      blocks.emplace_back(heap.allocate_buffer(bytes), bytes);
      allocated += Heap::usable_size(bytes);
      peak = std::max(peak, allocated - freed);
    } else {
      std::swap(blocks[random() % blocks.size()], blocks.back());
      heap.free_buffer(blocks.back().first, blocks.back().second);
      freed += Heap::usable_size(blocks.back().second);
      blocks.pop_back();
    }
  }
  const HeapCounters counters = heap.counters();
  CHECK(counters.bytes_allocated == allocated);
  CHECK(counters.bytes_freed == freed);
  CHECK(counters.peak_bytes == peak);
  CHECK(counters.live() == blocks.size());
  for (const auto& [memory, bytes] : blocks) heap.free_buffer(memory, bytes);
  check_empty(heap);
}

TEST_CASE("objects are counted by type and can all be found", "[memory]") {
  start();
  Heap heap;
  std::set<HeapObject*> objects;
  for (std::uint32_t i = 0; i < 3000; ++i) objects.insert(new_leaf(heap, i));
  for (std::uint32_t i = 0; i < 2000; ++i) objects.insert(new_node(heap, i + 1));
  objects.insert(heap.allocate_object(kLeafType, 100'000));
  void* buffer = heap.allocate_buffer(sizeof(Node));  // of the same size, but not to be taken for an object
  std::memset(buffer, 0xFF, sizeof(Node));
  while (objects.size() > 1500) {
    release(*objects.begin());
    objects.erase(objects.begin());
  }
  // A candidate that died is no object any more, although its block is still waiting for a purge.
  release(new_candidate(heap));

  struct Collect final : ReferenceVisitor {
    void visit(HeapObject* object) override { CHECK(found.insert(object).second); }
    std::set<HeapObject*> found;
  } collect;
  heap.for_each_object(collect);
  CHECK(collect.found == objects);
  const auto nodes = std::count_if(objects.begin(), objects.end(), [](auto* o) { return o->type == kNodeType; });
  CHECK(heap.type_counters(kNodeType).live() == static_cast<std::size_t>(nodes));
  CHECK(heap.type_counters(kLeafType).live() == objects.size() - static_cast<std::size_t>(nodes));

  for (HeapObject* object : objects) release(object);
  heap.free_buffer(buffer, sizeof(Node));
  check_empty(heap);
}

TEST_CASE("the heap gives everything back, whatever is still alive", "[memory]") {
  start();
  for (int round = 0; round < 50; ++round) {  // a leak shows in the leak sanitizer's build
    Heap heap;
    for (std::uint32_t i = 0; i < 5000; ++i) add_owned(heap, new_node(heap), new_leaf(heap));
    heap.allocate_buffer(100'000);
  }
  CHECK(deaths.empty());
}

#if !DUSO_ADDRESS_SANITIZER
TEST_CASE("the block freed last is used first", "[memory]") {
  start();
  Heap heap;
  Leaf* first = new_leaf(heap);
  release(first);
  CHECK(new_leaf(heap) == first);
}

TEST_CASE("blocks of short-lived candidates are used again while they are in the cache", "[memory]") {
  start();
  Heap heap(HeapConfig{.collect_cycles = false});
  std::set<HeapObject*> blocks;
  for (int i = 0; i < 100'000; ++i) {
    Node* node = new_candidate(heap);
    release(node);
    blocks.insert(node);
  }
  CHECK(blocks.size() <= 1024);
}

TEST_CASE("blocks of long-lived candidates that died are used again", "[memory]") {
  start();
  Heap heap(HeapConfig{.collect_cycles = false});
  std::vector<Node*> nodes;
  for (int i = 0; i < 10'000; ++i) nodes.push_back(new_candidate(heap));
  for (Node* node : nodes) release(node);
  std::set<HeapObject*> blocks(nodes.begin(), nodes.end());
  for (int i = 0; i < 40'000; ++i) release(new_candidate(heap));
  const auto is_old = [&](HeapObject* object) { return blocks.count(object) != 0; };
  std::vector<HeapObject*> new_nodes;
  for (int i = 0; i < 10'000; ++i) new_nodes.push_back(new_node(heap));
  CHECK(std::count_if(new_nodes.begin(), new_nodes.end(), is_old) > 5000);
}

TEST_CASE("a large heap goes back to the system, and another one needs no more", "[memory]") {
  const auto mapped = [] {
    std::ifstream statm("/proc/self/statm");
    std::size_t pages = 0;
    statm >> pages;
    return pages * 4096;
  };
  const std::size_t before = mapped();
  for (int round = 0; round < 3; ++round) {
    Heap heap;
    for (std::size_t i = 0; i < 64 * kMegabyte / 4096; ++i) heap.allocate_buffer(4096);
    CHECK(mapped() > before + 56 * kMegabyte);
  }
  CHECK(mapped() < before + 8 * kMegabyte);
}
#endif

TEST_CASE("a buffered object that dies counts as freed at once", "[memory]") {
  start();
  Heap heap;
  Node* node = new_candidate(heap, 7);
  CHECK(heap.collector_stats().candidates == 1);
  release(node);
  CHECK(deaths == std::vector<std::uint32_t>{7});
  check_empty(heap);
  CHECK(heap.collect() == 0);
  CHECK(heap.collector_stats().candidates == 0);
}

TEST_CASE("an immortal object survives its last release and has no heap", "[memory]") {
  start();
  Leaf leaf{};
  leaf.type = kLeafType;
  leaf.flags = kImmortal | kCyclic;
  leaf.count = 2;
  release(&leaf);
  CHECK(leaf.count == 1);
  release(&leaf);
  CHECK(leaf.count == kImmortalCount);
}

#ifndef NDEBUG
TEST_CASE("releasing a reference too many is caught in debug builds", "[memory]") {
  start();
  CHECK(signal_of([] {
          Leaf leaf{};
          leaf.type = kLeafType;
          release(&leaf);
        }) == SIGABRT);
}
#endif

// The depth of the native stack while drops run, seen from the test.
std::uintptr_t stack_at_start;
std::uintptr_t deepest;

void drop_and_measure(Heap& heap, HeapObject* object) {
  deepest = std::max(deepest, stack_at_start - reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)));
  drop_node(heap, object);
}

TEST_CASE("releasing a chain of a million nodes is fast and does not recurse", "[memory]") {
  start();
  register_type(kNodeType, {"node", TypeKind::kContainer, drop_and_measure, trace_node});
  Heap heap;
  Node* chain = new_node(heap, 1);
  for (std::uint32_t i = 2; i <= 1'000'000; ++i) {
    Node* node = new_node(heap, i);
    add_owned(heap, node, chain);
    chain = node;
  }
  stack_at_start = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  deepest = 0;
  const std::clock_t begin = std::clock();  // the time of others does not count
  release(chain);
  const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  CHECK(deaths.size() == 1'000'000);
  CHECK(deepest < StackSegments::kRedZone / 2);
#if defined(NDEBUG) && !DUSO_ADDRESS_SANITIZER
  CHECK(took < 0.2);
#else
  CHECK(took < 20);
#endif
  check_empty(heap);
}

TEST_CASE("releasing a wide and deep tree frees all of it", "[memory]") {
  start();
  Heap heap;
  Node* root = new_node(heap);
  std::vector<Node*> level{root};
  std::uint32_t id = 0;
  for (int depth = 0; depth < 16; ++depth) {
    std::vector<Node*> next;
    for (Node* parent : level) {
      for (int i = 0; i < 2; ++i) {
        Node* child = new_node(heap, ++id);
        add_owned(heap, child, new_leaf(heap));
        add_owned(heap, parent, child);
        next.push_back(child);
      }
    }
    level = std::move(next);
  }
  release(root);
  CHECK(deaths.size() == id);
  check_empty(heap);
}

TEST_CASE("a limit can be used to the last byte and not beyond", "[memory][limit]") {
  start();
  Heap heap(HeapConfig{.limit = kMegabyte});
  std::vector<void*> blocks;
  for (std::size_t i = 0; i < kMegabyte / 1024; ++i) blocks.push_back(heap.allocate_buffer(1024));
  CHECK(heap.counters().used() == kMegabyte);
  const HeapCounters before = heap.counters();
  CHECK_THROWS_AS(heap.allocate_object(kLeafType, sizeof(Leaf)), HeapLimitReached);
  CHECK(heap.counters().allocations == before.allocations);
  CHECK(heap.counters().used() == before.used());
  CHECK(heap.type_counters(kLeafType).live() == 0);
  for (void* block : blocks) heap.free_buffer(block, 1024);
  release(new_leaf(heap));
  check_empty(heap);
}

TEST_CASE("the error of a limit names the limit", "[memory][limit]") {
  Heap heap(HeapConfig{.limit = 16 * kMegabyte});
  try {
    heap.allocate_buffer(17 * kMegabyte);
    FAIL("the limit was passed");
  } catch (const HeapLimitReached& error) {
    CHECK(error.limit() == 16 * kMegabyte);
  }
}

TEST_CASE("after a failure a reserve is open until there is room again", "[memory][limit]") {
  start();
  Heap heap(HeapConfig{.limit = kMegabyte});
  std::vector<void*> blocks;
  const auto fill = [&] {
    try {
      for (;;) blocks.push_back(heap.allocate_buffer(1024));
    } catch (const HeapLimitReached&) {
    }
    return heap.counters().used();
  };
  CHECK(fill() == kMegabyte);
  CHECK(fill() == kMegabyte + 64 * 1024);  // error and catching frame may use this much
  CHECK(fill() == kMegabyte + 64 * 1024);

  for (int i = 0; i < 128; ++i) {
    heap.free_buffer(blocks.back(), 1024);
    blocks.pop_back();
  }
  CHECK(fill() == kMegabyte);  // the next failure finds the reserve full again
  CHECK(fill() == kMegabyte + 64 * 1024);

  for (int i = 0; i < 128; ++i) {
    heap.free_buffer(blocks.back(), 1024);
    blocks.pop_back();
  }
  CHECK(fill() == kMegabyte);
  for (int i = 0; i < 32; ++i) {  // this time before the reserve was touched
    heap.free_buffer(blocks.back(), 1024);
    blocks.pop_back();
  }
  CHECK(fill() == kMegabyte);
  for (void* block : blocks) heap.free_buffer(block, 1024);
  check_empty(heap);
}

TEST_CASE("an error can be made when a request fails with a few bytes left below the limit", "[memory][limit]") {
  start();
  Heap heap(HeapConfig{.limit = kMegabyte});
  void* most = heap.allocate_buffer(kMegabyte - 128);
  CHECK_THROWS_AS(heap.allocate_buffer(4096), HeapLimitReached);
  std::vector<Leaf*> leaves;
  for (int i = 0; i < 100; ++i) leaves.push_back(new_leaf(heap));
  CHECK(heap.counters().used() > kMegabyte);
  for (Leaf* leaf : leaves) release(leaf);
  heap.free_buffer(most, kMegabyte - 128);
}

TEST_CASE("the reserve of a large limit is a sixty-fourth of it", "[memory][limit]") {
  HeapLimit limit(64 * kMegabyte);
  CHECK(limit.room(0) == 64 * kMegabyte);
  limit.open_reserve();
  CHECK(limit.room(64 * kMegabyte) == kMegabyte);
  limit.close_reserve_if_possible(64 * kMegabyte);
  CHECK(limit.reserve_is_open());
  limit.close_reserve_if_possible(63 * kMegabyte);
  CHECK(!limit.reserve_is_open());
}

TEST_CASE("before a limit fails, dead cycles are collected", "[memory][limit]") {
  start();
  Heap heap(HeapConfig{.limit = kMegabyte, .gc_threshold = 1'000'000'000});
  for (std::uint32_t i = 1; i <= 100'000; ++i) make_dead_cycle(heap, i);  // some 5 MB in all
  CHECK(heap.collector_stats().collections >= 4);
  heap.collect();
  check_empty(heap);
}

TEST_CASE("with automatic collections off a limit fails although garbage is there", "[memory][limit]") {
  start();
  Heap heap(HeapConfig{.limit = kMegabyte, .collect_cycles = false});
  const auto make_many = [&] {
    for (std::uint32_t i = 1; i <= 100'000; ++i) make_dead_cycle(heap, i);
  };
  CHECK_THROWS_AS(make_many(), HeapLimitReached);
  CHECK(heap.collector_stats().collections == 0);
}

TEST_CASE("require() asks for room without taking it", "[memory][limit]") {
  Heap heap(HeapConfig{.limit = kMegabyte});
  heap.require(kMegabyte);
  CHECK(heap.counters().used() == 0);
  CHECK_THROWS_AS(heap.require(kMegabyte + 1), HeapLimitReached);
  CHECK_THROWS_AS(heap.require(SIZE_MAX), HeapLimitReached);
  void* half = heap.allocate_buffer(kMegabyte / 2);
  heap.require(kMegabyte / 2);
  CHECK_THROWS_AS(heap.require(kMegabyte / 2 + 1), HeapLimitReached);
  heap.free_buffer(half, kMegabyte / 2);
  Heap unlimited;
  unlimited.require(kMegabyte * kMegabyte);
  CHECK(unlimited.counters().used() == 0);
}

TEST_CASE("a limit can be lowered, below what is in use too, but not raised", "[memory][limit]") {
  start();
  Heap heap;
  CHECK(heap.limit() == 0);
  void* buffer = heap.allocate_buffer(kMegabyte);
  heap.lower_limit(2 * kMegabyte);
  heap.lower_limit(3 * kMegabyte);
  heap.lower_limit(0);
  CHECK(heap.limit() == 2 * kMegabyte);
  release(new_leaf(heap));
  heap.lower_limit(kMegabyte / 2);
  CHECK_THROWS_AS(new_leaf(heap), HeapLimitReached);
  heap.free_buffer(buffer, kMegabyte);
  release(new_leaf(heap));
  check_empty(heap);
}

TEST_CASE("an impossible size is an error and not a crash", "[memory][limit]") {
  Heap limited(HeapConfig{.limit = kMegabyte});
  Heap unlimited;
  void* something = limited.allocate_buffer(1024);
  for (const std::size_t bytes : {SIZE_MAX, SIZE_MAX - 7, SIZE_MAX / 2, SIZE_MAX / 2 + 1}) {
    CHECK_THROWS_AS(limited.allocate_buffer(bytes), HeapLimitReached);
    CHECK_THROWS_AS(unlimited.allocate_buffer(bytes), std::bad_alloc);
    CHECK_THROWS_AS(unlimited.allocate_object(kLeafType, bytes), std::bad_alloc);
  }
  limited.free_buffer(something, 1024);
  check_empty(limited);
  check_empty(unlimited);
}

TEST_CASE("an injected failure hits the allocation it was meant for, once", "[memory][limit]") {
  start();
  Heap heap;
  release(new_leaf(heap));
  heap.fail_allocation(3);
  release(new_leaf(heap));
  void* buffer = heap.allocate_buffer(100'000);
  CHECK_THROWS_AS(new_leaf(heap), HeapLimitReached);
  release(new_leaf(heap));
  heap.free_buffer(buffer, 100'000);
  heap.fail_allocation(1);
  heap.fail_allocation(0);
  release(new_leaf(heap));
  check_empty(heap);
}

// A little program on the heap: lists that grow, shared children, dead cycles, a handle, a large buffer.
void run_workload(Heap& heap) {
  std::vector<HeapObject*> owned;
  void* large = nullptr;
  const auto give_up_all = [&] {
    for (HeapObject* object : owned) release(object);
    if (large != nullptr) heap.free_buffer(large, 50'000);
  };
  try {
    Node* list = new_node(heap, 1);
    owned.push_back(list);
    for (std::uint32_t i = 0; i < 20; ++i) {
      Node* item = new_node(heap, 100 + i);
      owned.push_back(item);
      add(heap, item, list);  // item and list refer to each other
      add(heap, list, item);
      owned.pop_back();
      release(item);
      Leaf* leaf = new_leaf(heap, i);
      owned.push_back(leaf);
      add(heap, item, leaf);
      owned.pop_back();
      release(leaf);
    }
    owned.push_back(new_node(heap, 50, kHandleType));
    add(heap, list, owned.back());
    large = heap.allocate_buffer(50'000);
  } catch (...) {
    give_up_all();
    throw;
  }
  give_up_all();
}

TEST_CASE("whichever allocation fails, nothing leaks and handles are closed once", "[memory][limit]") {
  start();
  std::size_t failures = 0;
  for (std::size_t n = 1;; ++n) {
    start();
    Heap heap(HeapConfig{.gc_threshold = 7});
    heap.fail_allocation(n);
    bool failed = false;
    try {
      run_workload(heap);
    } catch (const HeapLimitReached&) {
      failed = true;
      ++failures;
    }
    heap.collect();
    REQUIRE(heap.counters().live() == 0);
    REQUIRE(heap.counters().used() == 0);
    REQUIRE(closed.size() <= 1);
    std::sort(deaths.begin(), deaths.end());
    REQUIRE(std::adjacent_find(deaths.begin(), deaths.end()) == deaths.end());
    if (!failed) break;
  }
  CHECK(failures > 50);
}

TEST_CASE("heaps on different threads have nothing to do with each other", "[memory]") {
  start();
  constexpr int kThreads = 4;
  std::array<std::size_t, kThreads> left{};
  std::vector<std::thread> threads;
  for (std::size_t& blocks : left) {
    threads.emplace_back([&blocks] {
      for (int round = 0; round < 100; ++round) {
        Heap heap(HeapConfig{.gc_threshold = 7});
        run_workload(heap);
        heap.collect();
        blocks += heap.counters().live();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(left == std::array<std::size_t, kThreads>{});
}

TEST_CASE("the workload also stops cleanly at any real limit", "[memory][limit]") {
  start();
  bool failed = false;
  for (std::size_t limit = 8; limit < 80'000; limit += 104) {
    start();
    Heap heap(HeapConfig{.limit = limit});
    try {
      run_workload(heap);
    } catch (const HeapLimitReached&) {
      failed = true;
    }
    heap.collect();
    REQUIRE(heap.counters().live() == 0);
    REQUIRE(heap.counters().used() == 0);
    REQUIRE(heap.counters().peak_bytes <= limit);
  }
  CHECK(failed);
}

TEST_CASE("a handle is closed by its last release", "[memory][host]") {
  start();
  Heap heap;
  Node* owner = new_node(heap);
  add_owned(heap, owner, new_node(heap, 5, kHandleType));
  release(owner);
  CHECK(closed == std::vector<std::uint32_t>{5});
  check_empty(heap);
}

TEST_CASE("handles still open are closed once with the heap", "[memory][host]") {
  start();
  std::vector<std::uint32_t> expected;
  {
    Heap heap(HeapConfig{.collect_cycles = false});
    Node* first = new_node(heap, 1, kHandleType);
    Node* second = new_node(heap, 2, kHandleType);
    Node* list = new_node(heap);
    add(heap, first, second);  // handles that hold each other
    add(heap, second, first);
    add(heap, list, second);
    add_owned(heap, first, list);  // and a list that only a handle holds
    release(first);
    release(second);
    for (std::uint32_t id = 3; id <= 1000; ++id) new_node(heap, id, id % 2 == 0 ? kHandleType : kOpaqueHandleType);
    auto* large = static_cast<Node*>(heap.allocate_object(kHandleType, 100'000));
    large->id = 1001;
    large->size = 0;
    large->children = nullptr;
    release(new_node(heap, 1002, kHandleType));       // closed already
    release(new_candidate(heap, 1003, kHandleType));  // so is this, but its block still waits for a purge
    CHECK(closed == std::vector<std::uint32_t>{1002, 1003});
    for (std::uint32_t id = 1; id <= 1003; ++id) expected.push_back(id);
  }
  std::sort(closed.begin(), closed.end());
  CHECK(closed == expected);
}

TEST_CASE("sizes print in the largest unit that gives at least one", "[memory][limit]") {
  const std::map<std::size_t, std::string> texts = {
      {0, "0 bytes"},           {1, "1 bytes"},
      {900, "900 bytes"},       {1023, "1023 bytes"},
      {1024, "1 KB"},           {100 * 1024, "100 KB"},
      {1536, "1.5 KB"},         {kMegabyte - 1, "1 MB"},
      {kMegabyte, "1 MB"},      {1572864, "1.5 MB"},
      {16 << 20, "16 MB"},      {std::size_t{1} << 30, "1 GB"},
      {1023 * 1024, "1023 KB"}, {std::size_t{5} << 40, "5120 GB"},
  };
  for (const auto& [bytes, text] : texts) CHECK(format_size(bytes) == text);
}

}  // namespace
