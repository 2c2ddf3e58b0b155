// Tarjan's algorithm with its recursion turned into lists. Types report their references by calling a visitor, all at
// once, so an object's edges are put on a list first and followed one by one.
#include "runtime/memory/strong_groups.hpp"

#include <algorithm>
#include <cstdint>
#include <new>
#include <vector>

#include "runtime/memory/object_colour.hpp"
#include "runtime/memory/type_registry.hpp"

namespace duso::memory {

namespace {

class GroupCounter final : public ReferenceVisitor {
 public:
  explicit GroupCounter(std::span<HeapObject* const> objects) : objects_(objects), nodes_(objects.size()) {}

  std::size_t count() {
    for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
      if (nodes_[node].order == 0) explore(node);
    }
    return groups_;
  }

  // Called for the references of the node that was entered last.
  void visit(HeapObject* child) override {
    if (colour_of(child) == Colour::kGrey) steps_.push_back(child->count);
  }

 private:
  // On the list of steps: the node on top of the path has no more edges.
  static constexpr std::uint32_t kLeave = UINT32_MAX;

  struct Node {
    std::uint32_t order = 0;   // when it was entered, from 1; 0 = not yet
    std::uint32_t lowest = 0;  // the lowest order among the open nodes that are known to be reachable from it
    bool is_open = false;      // entered, and its group is not complete
    bool has_self_edge = false;
  };

  void explore(std::uint32_t start) {
    steps_.push_back(start);
    while (!steps_.empty()) {
      const std::uint32_t step = steps_.back();
      steps_.pop_back();
      if (step == kLeave) {
        leave();
      } else if (nodes_[step].order == 0) {
        enter(step);
      } else if (nodes_[step].is_open) {
        Node& from = nodes_[path_.back()];
        from.lowest = std::min(from.lowest, nodes_[step].order);
        if (step == path_.back()) from.has_self_edge = true;
      }
    }
  }

  void enter(std::uint32_t node) {
    ++entered_;
    nodes_[node] = {.order = entered_, .lowest = entered_, .is_open = true, .has_self_edge = false};
    path_.push_back(node);
    open_.push_back(node);
    steps_.push_back(kLeave);
    trace_references(objects_[node], *this);
  }

  void leave() {
    const std::uint32_t node = path_.back();
    path_.pop_back();
    const std::uint32_t lowest = nodes_[node].lowest;
    if (lowest == nodes_[node].order) close_group(node);
    if (!path_.empty()) {
      Node& parent = nodes_[path_.back()];
      parent.lowest = std::min(parent.lowest, lowest);
    }
  }

  // All open nodes from [first] on form one group.
  void close_group(std::uint32_t first) {
    if (open_.back() != first || nodes_[first].has_self_edge) ++groups_;
    std::uint32_t node = 0;
    do {
      node = open_.back();
      open_.pop_back();
      nodes_[node].is_open = false;
    } while (node != first);
  }

  std::span<HeapObject* const> objects_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> steps_;  // edges still to be followed, above the kLeave of the node they start from
  std::vector<std::uint32_t> path_;   // from the start to the current node
  std::vector<std::uint32_t> open_;   // in the order they were entered
  std::uint32_t entered_ = 0;
  std::size_t groups_ = 0;
};

}  // namespace

std::size_t count_strong_groups(std::span<HeapObject* const> garbage) noexcept {
  if (garbage.empty() || garbage.size() >= UINT32_MAX) return 0;
  std::size_t groups = 0;
  try {
    std::uint32_t number = 0;
    for (HeapObject* object : garbage) object->count = number++;
    groups = GroupCounter(garbage).count();
  } catch (const std::bad_alloc&) {
  }
  for (HeapObject* object : garbage) object->count = 0;
  return groups;
}

}  // namespace duso::memory
