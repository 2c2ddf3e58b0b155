// Weak references: cells that know when their object has died, however it did.
#include "runtime/memory/weak_table.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/memory/test_objects.hpp"

namespace {

using namespace duso::memory;
using namespace duso::memory::test;

TEST_CASE("a weak cell names its object until the last reference goes", "[memory]") {
  start();
  Heap heap;
  Node* node = new_node(heap, 1);
  WeakCell* cell = heap.weak_cell(node);
  CHECK(heap.weak_cell(node) == cell);
  CHECK(cell->object == node);
  CHECK(node->count == 1);
  retain(node);
  release(node);
  CHECK(cell->object == node);
  release(node);
  CHECK(cell->object == nullptr);
  WeakTable::release(cell);
  WeakTable::release(cell);
}

TEST_CASE("an object may outlive its weak cell and get another", "[memory]") {
  start();
  Heap heap;
  Node* node = new_node(heap, 1);
  WeakTable::release(heap.weak_cell(node));
  CHECK((node->flags & kWeaklyReferenced) == 0);
  WeakCell* cell = heap.weak_cell(node);
  CHECK(cell->object == node);
  release(node);
  CHECK(cell->object == nullptr);
  WeakTable::release(cell);
}

TEST_CASE("weak cells into a dead cycle are emptied by the collection", "[memory]") {
  start();
  Heap heap;
  Node* ring = new_ring(heap, 3);
  WeakCell* cell = heap.weak_cell(ring);
  WeakCell* next = heap.weak_cell(ring->children[0]);
  release(ring);
  CHECK(cell->object == ring);
  heap.collect();
  CHECK(cell->object == nullptr);
  CHECK(next->object == nullptr);
  WeakTable::release(cell);
  WeakTable::release(next);
}

TEST_CASE("a weakly referenced candidate that dies leaves its cell empty though its block waits", "[memory]") {
  start();
  Heap heap;
  Node* node = new_candidate(heap, 1);
  WeakCell* cell = heap.weak_cell(node);
  release(node);
  CHECK(cell->object == nullptr);
  WeakTable::release(cell);
  heap.collect();
  CHECK(heap.counters().live() == 0);
}

TEST_CASE("a weak cell that is held by a host of the same heap goes with the heap", "[memory]") {
  start();
  static WeakCell* held = nullptr;
  register_type(kHandleType, {"handle", TypeKind::kHost,
                              [](Heap&, HeapObject*) {
                                if (held != nullptr) WeakTable::release(std::exchange(held, nullptr));
                              },
                              nullptr});
  {
    Heap heap;
    held = heap.weak_cell(new_node(heap, 1));
    heap.allocate_object(kHandleType, sizeof(Node));
  }
  CHECK(held == nullptr);
}

}  // namespace
