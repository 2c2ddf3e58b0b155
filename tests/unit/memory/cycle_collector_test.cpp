// The cycle collector: small graphs whose fate is known, when it runs by itself, and random graphs against an oracle
// that does not count references.
#include "runtime/memory/cycle_collector.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <set>

#include <catch2/catch.hpp>
#include <sys/resource.h>

#include "runtime/memory/collection_schedule.hpp"
#include "tests/unit/memory/crashing_child.hpp"
#include "tests/unit/memory/test_objects.hpp"

namespace {

using namespace duso::memory;
using namespace duso::memory::test;

using Ids = std::vector<std::uint32_t>;

Ids sorted(Ids ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

TEST_CASE("an object that refers to itself is collected", "[memory][cycles]") {
  start();
  Heap heap;
  make_dead_cycle(heap, 3);
  CHECK(deaths.empty());
  CHECK(heap.collector_stats().candidates == 1);
  CHECK(heap.collect() == 1);
  CHECK(deaths == Ids{3});
  CHECK(heap.counters().live() == 0);
  CHECK(heap.counters().used() == 0);
}

TEST_CASE("a cycle dies with all that only it holds, and with nothing else", "[memory][cycles]") {
  start();
  Heap heap;
  Node* ring = new_ring(heap, 4, 1);
  add_owned(heap, ring, new_node(heap, 10));  // an acyclic tail
  add_owned(heap, ring, new_leaf(heap));
  Node* shared = new_node(heap, 20);
  Node* shared_child = new_node(heap, 21);
  add_owned(heap, shared, shared_child);
  add(heap, ring, shared);
  release(ring);
  CHECK(heap.collect() == 6);  // the ring, the tail and the leaf
  CHECK(sorted(deaths) == Ids{1, 2, 3, 4, 10});
  CHECK(shared->count == 1);
  CHECK(shared_child->count == 1);
  release(shared);
  CHECK(heap.counters().live() == 0);
}

TEST_CASE("a cycle that is referred to from outside stays, with its counts", "[memory][cycles]") {
  start();
  Heap heap;
  Node* ring = new_ring(heap, 5, 1);
  Node* inside = static_cast<Node*>(ring->children[0]);
  retain(inside);
  release(ring);
  CHECK(heap.collect() == 0);
  CHECK(heap.collector_stats().candidates == 0);
  CHECK(ring->count == 1);
  CHECK(inside->count == 2);
  CHECK((inside->flags & (kBuffered | kColourMask)) == 0);
  release(inside);
  CHECK(heap.collect() == 5);
  CHECK(heap.counters().live() == 0);
}

TEST_CASE("what a dead cycle lets go of becomes a candidate in turn", "[memory][cycles]") {
  start();
  Heap heap;
  // The first ring holds the second, which is also held from outside until after the collection.
  Node* first = new_ring(heap, 2, 1);
  Node* second = new_ring(heap, 2, 11);
  add(heap, first, second);
  release(first);
  CHECK(heap.collect() == 2);
  CHECK(heap.collector_stats().candidates == 1);
  CHECK(second->count == 2);
  release(second);
  CHECK(heap.collect() == 2);
  CHECK(heap.counters().live() == 0);
}

TEST_CASE("an immortal object in a dead cycle is not touched", "[memory][cycles]") {
  start();
  Heap heap;
  Leaf immortal{};
  immortal.type = kLeafType;
  immortal.flags = kImmortal | kCyclic;
  immortal.count = 1;  // the cycle's reference: by its count alone it would be garbage
  Node* ring = new_ring(heap, 2);
  add_owned(heap, ring, &immortal);
  release(ring);
  CHECK(heap.collect() == 2);
  CHECK(immortal.count == kImmortalCount);
  CHECK(immortal.flags == (kImmortal | kCyclic));
}

TEST_CASE("acyclic objects are not looked into", "[memory][cycles]") {
  start();
  static int looks;
  looks = 0;
  register_type(kHandleType, {"handle", TypeKind::kHost, drop_handle, [](HeapObject*, ReferenceVisitor&) { ++looks; }});
  Heap heap;
  Node* ring = new_ring(heap, 2);
  add_owned(heap, ring, new_node(heap, 5, kHandleType));
  release(ring);
  CHECK(heap.collect() == 3);
  CHECK(looks == 0);
}

TEST_CASE("references from a host type that does not trace keep everything alive", "[memory][cycles]") {
  start();
  Heap heap;
  Node* handle = new_node(heap, 1, kOpaqueHandleType);
  Node* node = new_node(heap, 2);
  add(heap, handle, node);
  add_owned(heap, node, handle);
  release(node);
  CHECK(heap.collect() == 0);
  CHECK(closed.empty());
}

TEST_CASE("a handle in a dead cycle is closed exactly once", "[memory][cycles][host]") {
  start();
  {
    Heap heap;
    Node* ring = new_ring(heap, 3, 1);
    for (std::uint32_t id = 10; id < 13; ++id) {
      Node* handle = new_node(heap, id, kHandleType);
      add(heap, handle, ring);
      add_owned(heap, ring, handle);
    }
    release(ring);
    CHECK(heap.collect() == 6);
    CHECK(sorted(closed) == Ids{10, 11, 12});
    CHECK(heap.counters().live() == 0);
  }
  CHECK(closed.size() == 3);
}

TEST_CASE("a ring of a million nodes is collected without recursion", "[memory][cycles]") {
  start();
  Heap heap(HeapConfig{.collect_cycles = false});
  Node* ring = new_ring(heap, 1'000'000, 1);
  release(ring);
  CHECK(heap.collect() == 1'000'000);
  CHECK(heap.collector_stats().cycles_detected == 1);
  CHECK(heap.counters().live() == 0);
}

TEST_CASE("cycles are counted as strongly connected groups", "[memory][cycles]") {
  start();
  Heap heap;
  const auto cycles_after = [&](const auto& build) {
    const std::size_t before = heap.collector_stats().cycles_detected;
    build();
    heap.collect();
    CHECK(heap.counters().live() == 0);
    return heap.collector_stats().cycles_detected - before;
  };
  CHECK(cycles_after([&] { make_dead_cycle(heap); }) == 1);
  CHECK(cycles_after([&] { release(new_ring(heap, 100)); }) == 1);
  CHECK(cycles_after([&] {  // two rings that share a node
          Node* first = new_ring(heap, 3);
          Node* second = new_node(heap);
          add(heap, second, first);
          add_owned(heap, first, second);
          release(first);
        }) == 1);
  CHECK(cycles_after([&] {  // a ring that holds a ring that holds a chain that holds an object which holds itself
          Node* first = new_ring(heap, 3);
          Node* second = new_ring(heap, 4);
          Node* chain = new_node(heap);
          Node* self = new_node(heap);
          add(heap, self, self);
          add_owned(heap, chain, self);
          add_owned(heap, second, chain);
          add_owned(heap, first, second);
          release(first);
        }) == 3);
  CHECK(cycles_after([&] {
          for (int i = 0; i < 50; ++i) release(new_ring(heap, 2));
        }) == 50);
}

TEST_CASE("a collection inside an allocation leaves an unfinished object alone", "[memory][cycles]") {
  start();
  Heap heap(HeapConfig{.gc_threshold = 1});
  make_dead_cycle(heap, 1);
  Node* unfinished = new_candidate(heap, 2);  // collects; a candidate itself from now on, although still empty
  CHECK(deaths == Ids{1});
  make_dead_cycle(heap, 3);
  new_node(heap, 4);
  CHECK(deaths == Ids{1, 3});
  CHECK(unfinished->count == 1);
  CHECK(unfinished->size == 0);
}

TEST_CASE("nothing is collected while an object is being dropped", "[memory][cycles]") {
  start();
  static std::optional<std::size_t> collected;
  register_type(kNodeType, {"node", TypeKind::kContainer,
                            [](Heap& heap, HeapObject* object) {
                              if (static_cast<Node*>(object)->id == 2) collected = heap.collect();
                              drop_node(heap, object);
                            },
                            trace_node});
  Heap heap;
  make_dead_cycle(heap, 1);
  release(new_node(heap, 2));
  CHECK(collected == 0);
  CHECK(deaths == Ids{2});
  CHECK(heap.collect() == 1);
}

TEST_CASE("a collection starts after the threshold of containers, if there is a candidate", "[memory][cycles]") {
  start();
  Heap heap(HeapConfig{.gc_threshold = 500});
  Node* keep = new_node(heap);
  const auto allocate_containers = [&](int count) {
    for (int i = 0; i < count; ++i) release(new_node(heap));
  };
  allocate_containers(5000);
  CHECK(heap.collector_stats().collections == 0);  // no candidate
  make_dead_cycle(heap, 1);
  CHECK(heap.should_collect());  // the count is long past the threshold
  allocate_containers(1);
  CHECK(heap.collector_stats().collections == 1);
  CHECK(heap.collector_stats().effective_threshold == 500);

  make_dead_cycle(heap, 2);
  for (int i = 0; i < 5000; ++i) release(new_leaf(heap));  // leaves do not count
  allocate_containers(490);
  CHECK(heap.collector_stats().collections == 1);
  CHECK(!heap.should_collect());
  allocate_containers(20);
  CHECK(heap.collector_stats().collections == 2);
  CHECK(deaths == Ids{1, 2});
  release(keep);

  allocate_containers(400);
  heap.collect();  // an explicit collection starts the count anew
  make_dead_cycle(heap, 3);
  allocate_containers(300);
  CHECK(!heap.should_collect());
  CHECK(heap.collector_stats().collections == 3);
}

TEST_CASE("candidates that have died are no reason to collect", "[memory][cycles]") {
  start();
  Heap heap(HeapConfig{.gc_threshold = 100});
  for (int i = 0; i < 150; ++i) {
    release(new_candidate(heap));
  }
  CHECK(!heap.should_collect());
  CHECK(heap.collector_stats().collections == 0);
  make_dead_cycle(heap);
  CHECK(!heap.should_collect());  // the count of containers started anew when there was nothing to do
}

TEST_CASE("the trigger follows a change from small to large containers", "[memory][cycles]") {
  start();
  Heap heap(HeapConfig{.gc_threshold = 1000});
  for (const std::uint32_t width : {0U, 2U, 400U, 2U}) {
    const std::size_t before = heap.collector_stats().collections;
    for (int i = 0; i < 10'000; ++i) {
      Node* node = new_node(heap);
      for (std::uint32_t w = 0; w < width; ++w) add(heap, node, node);
      if (width == 0) add(heap, node, node);
      release(node);
    }
    const std::size_t collections = heap.collector_stats().collections - before;
    CHECK(collections >= 8);
    CHECK(collections <= 10);
  }
}

TEST_CASE("ten thousand candidates start a collection, whatever the threshold", "[memory][cycles]") {
  start();
  Heap heap(HeapConfig{.gc_threshold = 9'999});
  std::vector<Node*> nodes;
  for (int i = 0; i < 12'000; ++i) nodes.push_back(new_node(heap));
  const auto note = [](Node* node) {
    node->flags |= kCyclic;
    retain(node);
    release(node);
  };
  note(nodes[0]);
  release(new_leaf(heap));  // over the threshold: this collects, and the count of containers starts anew
  const std::size_t before = heap.collector_stats().collections;
  for (std::size_t i = 0; i < 9'999; ++i) note(nodes[i]);
  release(new_leaf(heap));
  CHECK(heap.collector_stats().collections == before);
  note(nodes[9'999]);
  CHECK(heap.should_collect());
  release(new_leaf(heap));
  CHECK(heap.collector_stats().collections == before + 1);
  CHECK(heap.collector_stats().candidates == 0);
  for (Node* node : nodes) release(node);
  CHECK(heap.counters().live() == 0);
}

TEST_CASE("without automatic collections candidates wait for the explicit one", "[memory][cycles]") {
  start();
  Heap heap(HeapConfig{.collect_cycles = false, .gc_threshold = 10});
  for (std::uint32_t id = 1; id <= 20'000; ++id) make_dead_cycle(heap, id);
  CHECK(heap.collector_stats().collections == 0);
  CHECK(heap.should_collect());
  CHECK(heap.collect() == 20'000);
}

TEST_CASE("fruitless collections raise the threshold, a fruitful one resets it", "[memory][cycles]") {
  CollectionSchedule schedule(1000);
  CHECK(schedule.threshold() == 1000);
  schedule.learn(50, 0, 100'000);
  CHECK(schedule.threshold() == 1000);  // small structures never lower it
  schedule.learn(20'000, 1999, 100'000);
  CHECK(schedule.threshold() == 20'000);
  CHECK(schedule.candidate_limit() == 20'000);
  schedule.learn(20'000, 0, 100'000);
  CHECK(schedule.threshold() == 40'000);
  schedule.learn(20'000, 0, 100'000);
  schedule.learn(20'000, 0, 100'000);
  CHECK(schedule.threshold() == 100'000);  // no more than there are containers
  schedule.learn(0, 0, 100'000);
  CHECK(schedule.threshold() == 100'000);
  schedule.learn(20'000, 2000, 100'000);
  CHECK(schedule.threshold() == 1000);
  CHECK(schedule.candidate_limit() == 10'000);
}

TEST_CASE("touching a large live structure all the time costs a constant per touch", "[memory][cycles]") {
  start();
  Heap heap;
  Node* root = new_node(heap);
  constexpr std::uint32_t kNodes = 200'000;
  for (std::uint32_t i = 0; i < kNodes; ++i) {
    Node* child = new_node(heap);
    add(heap, child, root);
    add_owned(heap, root, child);
    retain(root);
    release(root);  // the root is a candidate whenever a collection runs
  }
  // Doubling steps from a thousand to two hundred thousand, and no more.
  CHECK(heap.collector_stats().collections <= 12);
  CHECK(heap.collector_stats().effective_threshold > kNodes / 4);
  CHECK(heap.collect() == 0);
  release(root);
  CHECK(heap.collect() == kNodes + 1);
  CHECK(heap.collector_stats().effective_threshold == 1000);
}

TEST_CASE("a dead cycle beside a million live containers is found at once", "[memory][cycles]") {
  start();
  Heap heap(HeapConfig{.collect_cycles = false});
  Node* root = new_node(heap);
  for (std::uint32_t i = 0; i < 1'000'000; ++i) {
    Node* child = new_node(heap);
    child->flags |= kCyclic;
    add_owned(heap, root, child);
  }
  heap.collect();
  make_dead_cycle(heap, 1);
  CHECK(heap.collect() == 1);
#if defined(NDEBUG) && !DUSO_ADDRESS_SANITIZER
  CHECK(heap.collector_stats().last_seconds < 0.001);
#endif
  retain(root);
  release(root);
  CHECK(heap.collect() == 0);
#if defined(NDEBUG) && !DUSO_ADDRESS_SANITIZER
  CHECK(heap.collector_stats().last_seconds < 0.3);
#endif
  release(root);
  CHECK(heap.counters().live() == 0);
}

#if !DUSO_ADDRESS_SANITIZER && !DUSO_THREAD_SANITIZER  // they need more address space than there is

void limit_address_space(rlim_t bytes) {
  rlimit limit{};
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = std::min(bytes, limit.rlim_max);
  setrlimit(RLIMIT_AS, &limit);
}

// Leaves this process about [bytes] that it can still allocate.
void leave_memory(std::size_t bytes) {
  std::ifstream statm("/proc/self/statm");
  rlim_t pages = 0;
  statm >> pages;
  const rlim_t mapped = pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
  limit_address_space(mapped);
  // What was freed before, but is still mapped, is used up.
  for (std::size_t size = 64 << 20; size >= 64 << 10; size /= 2) {
    for (void* volatile taken = std::malloc(size); taken != nullptr;) taken = std::malloc(size);
  }
  limit_address_space(mapped + bytes);
}

TEST_CASE("a collection that gets no memory for its lists leaves everything as it was", "[memory][cycles]") {
  start();
  constexpr std::size_t kMegabyte = std::size_t{1} << 20;
  // With a million containers the two work lists take 8 MB each, and counting cycles another 6. A child process stops
  // at each of the three in turn, and aborts if anything is not as it should be.
  for (const std::size_t more : {4 * kMegabyte, 12 * kMegabyte, 19 * kMegabyte}) {
    const auto expect = [](bool condition) {
      if (!condition) std::abort();
    };
    const int signal = signal_of([&] {
      deaths.reserve(1'000'000);
      Heap heap(HeapConfig{.collect_cycles = false});
      Node* living = new_ring(heap, 500'000);
      retain(living);
      release(living);
      Node* dead = new_ring(heap, 500'000);
      release(dead);
      leave_memory(more);
      const bool enough = more > 16 * kMegabyte;
      expect(heap.collect() == (enough ? 500'000 : 0));
      expect(heap.collector_stats().cycles_detected == 0);
      limit_address_space(RLIM_INFINITY);
      expect(heap.collect() == (enough ? 0 : 500'000));
      expect(living->count == 2);
      release(living);
      expect(heap.collect() == 500'000);
      expect(heap.counters().live() == 0);
    });
    CHECK(signal == 0);
  }
}

#endif

// ---- Against an oracle ----

// A random object graph beside a description of it in plain containers. The description knows, without counting, what
// can be reached; the heap has to come to the same result.
//
// Three sorts of node take part: ordinary ones; *bags*, acyclic containers that hold leaves and other bags made before
// them; and handles. Bags must not be walked by the collector, but must die and be counted like everything else.
class World {
 public:
  World(std::uint32_t seed, const HeapConfig& config) : random_(seed), heap_(config) { start(); }

  void mutate() {
    const std::uint32_t choice = below(100);
    if (choice < 25 || roots_.empty()) {
      make();
    } else if (choice < 55) {
      link(pick(), pick());
    } else if (choice < 65) {
      unlink(pick());
    } else if (choice < 67) {
      retain_root(pick());
    } else if (choice < 76) {
      give_leaf(pick());
    } else {
      release_root();
    }
    bury_recorded();
  }

  void release_all_roots() {
    while (!roots_.empty()) release_root();
    bury_recorded();
  }

  // Collects, and compares what is left with what can be reached, and the number of cycles with what was there.
  void check() {
    const std::set<std::uint32_t> reachable = trace_from(roots_);
    const std::size_t groups = count_dead_groups(reachable);
    const std::size_t groups_before = heap_.collector_stats().cycles_detected;
    heap_.collect();
    REQUIRE(heap_.collector_stats().cycles_detected - groups_before == groups);
    bury_recorded();
    std::set<std::uint32_t> left;
    for (const auto& [id, entry] : alive_) left.insert(id);
    REQUIRE(left == reachable);

    std::map<std::uint32_t, std::uint32_t> counts;
    std::size_t leaves = 0;
    for (const std::uint32_t root : roots_) ++counts[root];
    for (const auto& [id, entry] : alive_) {
      for (const std::uint32_t child : entry.children) {
        if (child == 0) {
          ++leaves;
        } else {
          ++counts[child];
        }
      }
    }
    for (const auto& [id, entry] : alive_) {
      REQUIRE(entry.node->count == counts[id]);
      REQUIRE((entry.node->flags & kColourMask) == 0);
      REQUIRE(entry.node->id == id);
    }
    REQUIRE(heap_.type_counters(kLeafType).live() == leaves);
    const std::size_t nodes = heap_.type_counters(kNodeType).live() + heap_.type_counters(kHandleType).live();
    REQUIRE(nodes == alive_.size());
  }

  const Heap& heap() const { return heap_; }
  std::size_t size() const { return alive_.size(); }

 private:
  struct Entry {
    Node* node;
    bool is_bag;
    bool is_handle;
    Ids children;  // 0 stands for a leaf, in the order of the node's own references
  };

  std::uint32_t below(std::size_t bound) { return static_cast<std::uint32_t>(random_() % bound); }

  void make() {
    const std::uint32_t sort = below(10);
    const std::uint32_t id = ++last_id_;
    Node* node = new_node(heap_, id, sort == 0 ? kHandleType : kNodeType);
    alive_[id] = {node, sort < 3 && sort != 0, sort == 0, {}};
    roots_.push_back(id);
  }

  // A node that a program could get at: some steps along the references from a root.
  std::uint32_t pick() {
    std::uint32_t id = roots_[below(roots_.size())];
    for (std::uint32_t steps = below(8); steps > 0; --steps) {
      const Ids& children = alive_.at(id).children;
      if (children.empty()) break;
      const std::uint32_t child = children[below(children.size())];
      if (child != 0) id = child;
    }
    return id;
  }

  void link(std::uint32_t from, std::uint32_t to) {
    Entry& entry = alive_.at(from);
    const bool is_acyclic = alive_.at(to).is_bag && to < from;
    if (entry.is_bag && !is_acyclic) return;
    Node* child = alive_.at(to).node;
    const std::uint8_t flags = entry.node->flags;
    add(heap_, entry.node, child);
    if (entry.is_bag) entry.node->flags = flags;  // the type knows that this can not lead back
    entry.children.push_back(to);
  }

  void unlink(std::uint32_t from) {
    Entry& entry = alive_.at(from);
    if (entry.children.empty()) return;
    const auto index = below(entry.children.size());
    entry.children[index] = entry.children.back();
    entry.children.pop_back();
    remove(entry.node, index);
  }

  void give_leaf(std::uint32_t to) {
    Entry& entry = alive_.at(to);
    make_room(heap_, entry.node);
    add_owned(heap_, entry.node, new_leaf(heap_));
    entry.children.push_back(0);
  }

  void retain_root(std::uint32_t id) {
    retain(alive_.at(id).node);
    roots_.push_back(id);
  }

  void release_root() {
    std::swap(roots_[below(roots_.size())], roots_.back());
    Node* node = alive_.at(roots_.back()).node;
    roots_.pop_back();
    release(node);
  }

  // Forgets what the heap says has died. Nothing may die twice, and no handle without being closed.
  void bury_recorded() {
    for (const std::uint32_t id : closed) REQUIRE(alive_.at(id).is_handle);
    for (const std::uint32_t id : deaths) {
      if (alive_.at(id).is_handle) REQUIRE(std::count(closed.begin(), closed.end(), id) == 1);
      REQUIRE(alive_.erase(id) == 1);
    }
    deaths.clear();
    closed.clear();
  }

  // Everything that [start] leads to, itself included.
  std::set<std::uint32_t> trace_from(const Ids& start) const {
    std::set<std::uint32_t> reached(start.begin(), start.end());
    Ids work(reached.begin(), reached.end());
    while (!work.empty()) {
      const std::uint32_t id = work.back();
      work.pop_back();
      for (const std::uint32_t child : alive_.at(id).children) {
        if (child != 0 && reached.insert(child).second) work.push_back(child);
      }
    }
    return reached;
  }

  // Nodes that lead to each other form a group, and so does one that leads to itself.
  std::size_t count_dead_groups(const std::set<std::uint32_t>& reachable) const {
    std::map<std::uint32_t, std::set<std::uint32_t>> leads_to;
    for (const auto& [id, entry] : alive_) {
      if (reachable.count(id) != 0) continue;
      Ids children = entry.children;
      std::erase(children, 0U);
      leads_to[id] = trace_from(children);
    }
    std::size_t groups = 0;
    for (const auto& [id, reached] : leads_to) {
      if (reached.count(id) == 0) continue;
      // Counted at its smallest member.
      const bool is_smallest = std::none_of(reached.begin(), reached.lower_bound(id), [&](std::uint32_t other) {
        return leads_to.count(other) != 0 && leads_to.at(other).count(id) != 0;
      });
      if (is_smallest) ++groups;
    }
    return groups;
  }

  std::mt19937 random_;
  Heap heap_;
  std::map<std::uint32_t, Entry> alive_;
  Ids roots_;  // one entry per reference that the test holds
  std::uint32_t last_id_ = 0;
};

TEST_CASE("random graphs: what is collected is exactly what can not be reached", "[memory][cycles]") {
  std::size_t cycles = 0;
  std::size_t collected = 0;
  for (std::uint32_t seed = 1; seed <= 120; ++seed) {
    // From collections all the time, over the ordinary threshold, to explicit ones only.
    World world(seed, HeapConfig{.collect_cycles = seed % 3 != 0, .gc_threshold = seed % 3 == 1 ? 1U : 100U});
    for (int round = 0; round < 40; ++round) {
      for (int step = 0; step < 150; ++step) world.mutate();
      world.check();
    }
    world.release_all_roots();
    world.check();
    REQUIRE(world.size() == 0);
    REQUIRE(world.heap().counters().live() == 0);
    REQUIRE(world.heap().counters().used() == 0);
    cycles += world.heap().collector_stats().cycles_detected;
    collected += world.heap().collector_stats().objects_collected;
  }
  CHECK(cycles > 2000);
  CHECK(collected > 10'000);
}

TEST_CASE("random graphs: a heap at its limit collects the same", "[memory][cycles][limit]") {
  for (std::uint32_t seed = 100; seed < 110; ++seed) {
    World world(seed, HeapConfig{.limit = 6 * 1024, .gc_threshold = 1'000'000});
    std::size_t failures = 0;
    for (int step = 0; step < 20'000; ++step) {
      try {
        world.mutate();
      } catch (const HeapLimitReached&) {
        ++failures;
        world.release_all_roots();
        world.check();
      }
    }
    world.release_all_roots();
    world.check();
    REQUIRE(world.heap().counters().used() == 0);
    CHECK(failures > 0);
    CHECK(world.heap().collector_stats().collections > 2 * failures);
  }
}

}  // namespace
