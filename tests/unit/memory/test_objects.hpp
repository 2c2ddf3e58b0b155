// Object types for the tests of the heap: as small as possible, and each death leaves a trace.
//
// A `Node` holds any number of references in a buffer of its own, like an array of the language. A `Leaf` holds
// nothing. A `Handle` is a node of a host type: it stands for something outside that must be closed exactly once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "runtime/memory/heap.hpp"

namespace duso::memory::test {

inline constexpr std::uint8_t kLeafType = 24;
inline constexpr std::uint8_t kNodeType = 25;
inline constexpr std::uint8_t kHandleType = 26;
inline constexpr std::uint8_t kOpaqueHandleType = 27;  // a host type that does not tell what it refers to

struct Leaf : HeapObject {
  std::uint32_t id;
};

struct Node : HeapObject {
  std::uint32_t id;
  std::uint32_t size;
  std::uint32_t capacity;
  HeapObject** children;

  std::span<HeapObject*> references() const { return {children, size}; }
};

// The ids of the nodes that died and of the handles that were closed on this thread, in this order, since start().
inline thread_local std::vector<std::uint32_t> deaths;
inline thread_local std::vector<std::uint32_t> closed;

inline void drop_node(Heap& heap, HeapObject* object) {
  auto* node = static_cast<Node*>(object);
  if (node->id != 0) deaths.push_back(std::exchange(node->id, 0));
  HeapObject** children = std::exchange(node->children, nullptr);
  const std::uint32_t size = std::exchange(node->size, 0);
  for (std::uint32_t i = 0; i < size; ++i) release(children[i]);
  if (children != nullptr) heap.free_buffer(children, node->capacity * sizeof(HeapObject*));
}

inline void drop_handle(Heap& heap, HeapObject* object) {
  closed.push_back(static_cast<Node*>(object)->id);
  drop_node(heap, object);
}

inline void trace_node(HeapObject* object, ReferenceVisitor& visitor) {
  for (HeapObject* child : static_cast<Node*>(object)->references()) visitor.visit(child);
}

// Makes the types known and forgets all deaths. Every test begins with it.
inline void start() {
  register_type(kLeafType, {"leaf", TypeKind::kLeaf, nullptr, nullptr});
  register_type(kNodeType, {"node", TypeKind::kContainer, drop_node, trace_node});
  register_type(kHandleType, {"handle", TypeKind::kHost, drop_handle, trace_node});
  register_type(kOpaqueHandleType, {"opaque handle", TypeKind::kHost, drop_handle, nullptr});
  deaths.clear();
  closed.clear();
}

inline Leaf* new_leaf(Heap& heap, std::uint32_t id = 0) {
  auto* leaf = static_cast<Leaf*>(heap.allocate_object(kLeafType, sizeof(Leaf)));
  leaf->id = id;
  return leaf;
}

// An empty node; [id] must not be 0 if its death is to be recorded.
inline Node* new_node(Heap& heap, std::uint32_t id = 0, std::uint8_t type = kNodeType) {
  auto* node = static_cast<Node*>(heap.allocate_object(type, sizeof(Node)));
  node->id = id;
  node->size = node->capacity = 0;
  node->children = nullptr;
  return node;
}

// Makes sure that [node] has room for one more reference.
inline void make_room(Heap& heap, Node* node) {
  if (node->size < node->capacity) return;
  const std::uint32_t capacity = std::max<std::uint32_t>(2 * node->capacity, 2);
  auto** children = static_cast<HeapObject**>(heap.allocate_buffer(capacity * sizeof(HeapObject*)));
  std::copy_n(node->children, node->size, children);
  if (node->children != nullptr) heap.free_buffer(node->children, node->capacity * sizeof(HeapObject*));
  node->children = children;
  node->capacity = capacity;
}

// Stores [owned] in [node], which takes over the caller's reference. If that throws, the caller still has it.
inline void add_owned(Heap& heap, Node* node, HeapObject* owned) {
  make_room(heap, node);
  if (type_info(owned->type).kind != TypeKind::kLeaf) node->flags |= kCyclic;
  node->children[node->size++] = owned;
}

// Stores one more reference to [child] in [node]. If that throws, nothing has happened.
inline void add(Heap& heap, Node* node, HeapObject* child) {
  make_room(heap, node);
  retain(child);
  add_owned(heap, node, child);
}

// Takes the reference at [index] out of [node]; the order of the others changes.
inline void remove(Node* node, std::uint32_t index) {
  HeapObject* child = node->children[index];
  node->children[index] = node->children[--node->size];
  release(child);
}

// A node that is a candidate of the collector already, with one reference like any new one.
inline Node* new_candidate(Heap& heap, std::uint32_t id = 0, std::uint8_t type = kNodeType) {
  Node* node = new_node(heap, id, type);
  node->flags |= kCyclic;
  retain(node);
  release(node);
  return node;
}

// A node that refers to itself and to nothing else, with no reference from outside.
inline void make_dead_cycle(Heap& heap, std::uint32_t id = 0) {
  Node* node = new_node(heap, id);
  add(heap, node, node);
  release(node);
}

// A ring of [size] nodes with ids from [first_id] on; the caller owns a reference to the node returned.
inline Node* new_ring(Heap& heap, std::uint32_t size, std::uint32_t first_id = 1) {
  Node* first = new_node(heap, first_id);
  Node* last = first;
  for (std::uint32_t i = 1; i < size; ++i) {
    Node* node = new_node(heap, first_id + i);
    add_owned(heap, last, node);
    last = node;
  }
  add(heap, last, first);
  return first;
}

}  // namespace duso::memory::test
