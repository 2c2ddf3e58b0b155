// The full trace that tells what nobody can reach.
#include "runtime/memory/leak_finder.hpp"

#include <random>
#include <set>

#include <catch2/catch.hpp>

#include "tests/unit/memory/test_objects.hpp"

namespace {

using namespace duso::memory;
using namespace duso::memory::test;

std::multiset<std::uint32_t> leaked_ids(Heap& heap) {
  struct Ids final : ReferenceVisitor {
    std::multiset<std::uint32_t> ids;
    void visit(HeapObject* object) override {
      ids.insert(object->type == kLeafType ? static_cast<Leaf*>(object)->id : static_cast<Node*>(object)->id);
    }
  } visitor;
  find_leaks(heap, visitor);
  return visitor.ids;
}

TEST_CASE("what is referenced from outside, and all it leads to, is no leak", "[memory]") {
  start();
  Heap heap;
  Node* root = new_node(heap, 1);
  add_owned(heap, root, new_ring(heap, 3, 2));
  add_owned(heap, root, new_leaf(heap, 9));
  CHECK(leaked_ids(heap).empty());
  release(root);
  CHECK(leaked_ids(heap) == std::multiset<std::uint32_t>{2, 3, 4});
}

TEST_CASE("a dead cycle leaks with everything that only it refers to", "[memory]") {
  start();
  Heap heap;
  Node* kept = new_node(heap, 50);
  Node* ring = new_ring(heap, 2, 1);
  add_owned(heap, ring, new_leaf(heap, 10));
  Node* inner = new_node(heap, 11);
  add_owned(heap, ring, inner);
  add(heap, ring, kept);
  release(ring);
  CHECK(leaked_ids(heap) == std::multiset<std::uint32_t>{1, 2, 10, 11});
  heap.collect();
  CHECK(leaked_ids(heap).empty());
  CHECK(kept->count == 1);
  release(kept);
}

TEST_CASE("what a host keeps to itself counts as referenced from outside", "[memory]") {
  start();
  Heap heap;
  Node* host = new_node(heap, 1, kOpaqueHandleType);
  add_owned(heap, host, new_ring(heap, 2, 2));
  CHECK(leaked_ids(heap).empty());
  release(host);
}

TEST_CASE("looking for leaks leaves every count as it was", "[memory]") {
  start();
  Heap heap;
  std::mt19937 random(7);
  std::vector<Node*> nodes;
  for (std::uint32_t id = 1; id <= 300; ++id) nodes.push_back(new_node(heap, id));
  for (int i = 0; i < 900; ++i) add(heap, nodes[random() % nodes.size()], nodes[random() % nodes.size()]);
  std::vector<Node*> held;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (i % 50 == 0) {
      held.push_back(nodes[i]);
    } else {
      release(nodes[i]);
    }
  }
  std::set<Node*> alive;
  struct Note final : ReferenceVisitor {
    explicit Note(std::set<Node*>& into) : nodes(into) {}
    void visit(HeapObject* object) override { nodes.insert(static_cast<Node*>(object)); }
    std::set<Node*>& nodes;
  } note(alive);
  heap.for_each_object(note);
  std::vector<std::uint32_t> before;
  for (const Node* node : alive) before.push_back(node->count);
  const std::size_t leaks = leaked_ids(heap).size();
  std::vector<std::uint32_t> after;
  for (const Node* node : alive) after.push_back(node->count);
  CHECK(before == after);
  // The collector has the last word: it frees exactly what was called leaked.
  CHECK(heap.collect() == leaks);
  for (Node* node : held) release(node);
  heap.collect();
  CHECK(heap.counters().live() == 0);
}

}  // namespace
