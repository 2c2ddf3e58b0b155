// Allocation sites: which place an object came from, and what a profile costs those who have none.
#include "runtime/memory/allocation_profile.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/memory/test_objects.hpp"

namespace {

using namespace duso::memory;
using namespace duso::memory::test;

const std::string kFile = "a.du";
const std::string kOtherFile = "b.du";

TEST_CASE("without a profile no object has a site", "[memory]") {
  start();
  Heap heap;
  Node* node = new_node(heap);
  CHECK(heap.profile() == nullptr);
  CHECK(heap.site_of(node) == nullptr);
  release(node);
}

TEST_CASE("a profiled object knows the place that was current when it was made", "[memory]") {
  start();
  Heap heap({.profile_rate = 1});
  const AllocationSite first{&kFile, 3, 1};
  const AllocationSite second{&kOtherFile, 3, 1};
  Node* nowhere = new_node(heap);
  CHECK(heap.profile()->exchange_site(&first) == nullptr);
  Node* node = new_node(heap);
  Leaf* leaf = new_leaf(heap);
  auto* large = static_cast<Leaf*>(heap.allocate_object(kLeafType, 20000));
  CHECK(heap.profile()->exchange_site(&second) == &first);
  Leaf* other = new_leaf(heap);
  CHECK(heap.site_of(nowhere)->file.empty());
  CHECK(heap.site_of(node)->file == "a.du");
  CHECK(heap.site_of(node)->type == kNodeType);
  CHECK(heap.site_of(leaf) == heap.site_of(large));
  CHECK(heap.site_of(leaf)->line == 3);
  CHECK(heap.site_of(leaf)->allocations == 2);
  CHECK(heap.site_of(other)->file == "b.du");
  CHECK(heap.profile()->entries().size() == 4);

  heap.reset_counters();
  CHECK(heap.site_of(node) == nullptr);
  CHECK(heap.profile()->entries().empty());
  for (HeapObject* object :
       {static_cast<HeapObject*>(nowhere), static_cast<HeapObject*>(node), static_cast<HeapObject*>(leaf),
        static_cast<HeapObject*>(large), static_cast<HeapObject*>(other)}) {
    release(object);
  }
}

TEST_CASE("a profile of one in ten records one in ten", "[memory]") {
  start();
  Heap heap({.profile_rate = 10});
  std::size_t recorded = 0;
  for (int i = 0; i < 1000; ++i) {
    Leaf* leaf = new_leaf(heap);
    if (heap.site_of(leaf) != nullptr) ++recorded;
    release(leaf);
  }
  CHECK(recorded == 100);
  CHECK(heap.profile()->entries().front().allocations == 100);
}

TEST_CASE("a profile knows the peak of every type and of all together", "[memory]") {
  start();
  Heap heap({.profile_rate = 1});
  std::vector<Leaf*> leaves;
  for (int i = 0; i < 100; ++i) leaves.push_back(new_leaf(heap));
  const std::size_t highest = heap.counters().used();
  for (Leaf* leaf : leaves) release(leaf);
  Node* node = new_node(heap);
  make_room(heap, node);
  CHECK(heap.profile()->peak_bytes(kLeafType) == highest);
  CHECK(heap.counters().peak_bytes == highest);
  CHECK(heap.counters().used() < highest);
  heap.reset_counters();
  CHECK(heap.profile()->peak_bytes(kLeafType) == 0);
  CHECK(heap.counters().peak_bytes == heap.counters().used());
  release(node);
  CHECK(heap.counters().used() == 0);
}

TEST_CASE("counters that start anew count what lives as just allocated", "[memory]") {
  start();
  Heap heap;
  Node* node = new_node(heap);
  release(new_node(heap));
  const std::size_t used = heap.counters().used();
  heap.reset_counters();
  CHECK(heap.type_counters(kNodeType).allocated == 1);
  CHECK(heap.type_counters(kNodeType).freed == 0);
  CHECK(heap.type_counters(kNodeType).bytes_allocated == used);
  CHECK(heap.counters().used() == used);
  CHECK(heap.counters().peak_bytes == used);
  release(node);
  CHECK(heap.counters().live() == 0);
  CHECK(heap.counters().used() == 0);
}

}  // namespace
