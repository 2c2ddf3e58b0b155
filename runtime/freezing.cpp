// Script values to frozen ones. freezer.hpp has the idea.
#include <algorithm>
#include <unordered_set>

#include "interpreter/execution/builtin.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/function.hpp"
#include "interpreter/values/opaque.hpp"
#include "interpreter/values/regex.hpp"
#include "runtime/freezer.hpp"
#include "runtime/frozen_node.hpp"

namespace duso {

namespace {

const execution::BuiltinSpec& spec_of(Value method) {
  return *static_cast<const HostFunction*>(method.heap_object())->spec;
}

// How many values the container [value] holds, and the one at [index] (borrowed).
std::uint32_t part_count(Value value) {
  if (value.is_array()) return value.array()->size;
  return value.is_object() ? property_count(value.object()) : 1;
}

Value part_of(Value value, std::uint32_t index) {
  if (value.is_array()) return value.array()->items[index];
  if (value.is_object()) return property_value(value.object(), index);
  switch (static_cast<HeapType>(value.heap_object()->type)) {
    case HeapType::kError:
      return as_error(value)->message;
    case HeapType::kCode:
      return as_code(value)->metadata;
    case HeapType::kBinary:
      return as_binary(value)->metadata;
    default:
      return static_cast<const HostFunction*>(value.heap_object())->bound;
  }
}

// How a path names that part.
std::string step_text(Value value, std::uint32_t index) {
  if (value.is_array()) return "[" + std::to_string(index) + "]";
  if (value.is_object()) return "." + std::string(property_name(value.object(), index)->view());
  return value.is(HeapType::kError) ? ".message" : ".metadata";
}

}  // namespace

// One frozen copy in the making. A container's node is part of its parent before it is filled in, so whatever fails on
// the way, giving up the outermost one gives up everything.
class Freezing {
 public:
  Freezing(FrozenShapeMap& shapes, FunctionRule rule, std::size_t max_bytes)
      : shapes_(shapes), rule_(rule), max_bytes_(max_bytes != 0 ? max_bytes : SIZE_MAX) {}

  FreezeResult freeze(Value value) {
    FreezeResult result;
    result.value = frozen(value);
    while (!open_.empty() && problem_ == FreezeProblem::kNone) continue_top();
    if (problem_ == FreezeProblem::kNone) return result;
    return {FrozenValue(), problem_, path()};
  }

 private:
  struct Open {
    Value original;
    FrozenNode* node;
    std::uint32_t next = 0;    // the part of the original to look at next
    std::uint32_t filled = 0;  // the parts of the node that are done
  };

  // The first levels of the path to the outermost container are searched one by one, deeper ones through the set.
  static constexpr std::size_t kScanned = 32;

  bool crosses(Value function) const {
    if (rule_ != FunctionRule::kDropScript) return false;
    return function.is_builtin() || (function.is(HeapType::kHostFunction) && spec_of(function).crosses_instances);
  }
  // Handles of the runtime cross no more than functions do.
  bool is_dropped(Value value) const {
    if (value.is_callable()) return !crosses(value);
    return value.is_other() && value.heap_object()->type >= static_cast<std::uint8_t>(HeapType::kFirstHostType);
  }

  // What stands for [value]. A container that was just begun is the top of `open_` from now on.
  FrozenValue frozen(Value value) {
    if (!value.is_heap() && !value.is_builtin()) return FrozenValue::of_immediate(value);
    if (value.is_string()) return counted(FrozenValue(value.string()->view()));
    if (is_dropped(value)) {
      if (rule_ == FunctionRule::kRefuse && value.is_callable()) problem_ = FreezeProblem::kFunction;
      return {};
    }
    if (value.is_builtin()) return FrozenValue::of_immediate(value);
    if (value.is(HeapType::kRegex)) {
      const Regex* regex = as_regex(value);
      return counted(make_opaque(FrozenType::kRegex, *regex->compiled, regex->pattern->view()));
    }
    return begin(value);
  }

  FrozenValue begin(Value value) {
    if (is_open(value)) {
      problem_ = FreezeProblem::kCyclic;
      return {};
    }
    FrozenValue begun = counted(make_container(value));
    if (problem_ != FreezeProblem::kNone) return begun;
    open_.push_back({value, begun.node()});
    if (open_.size() > kScanned && may_recur(value)) deep_.insert(value.bits());
    return begun;
  }

  FrozenValue make_container(Value value) {
    if (value.is_array()) return FrozenValue::adopt(FrozenTree::make_array(value.array()->size));
    if (value.is_object()) return make_object(value.object());
    switch (static_cast<HeapType>(value.heap_object()->type)) {
      case HeapType::kError:
        return make_opaque(FrozenType::kError, nullptr, stack_text(as_error(value)));
      case HeapType::kCode:
        return make_opaque(FrozenType::kCode, as_code(value)->payload->program, as_code(value)->payload->source);
      case HeapType::kBinary:
        return make_opaque(FrozenType::kBinary, as_binary(value)->payload->bytes, {});
      default:
        // Specifications live as long as the process: this pointer owns nothing.
        return make_opaque(FrozenType::kMethod, std::shared_ptr<const void>(std::shared_ptr<void>(), &spec_of(value)),
                           {});
    }
  }

  static FrozenValue make_opaque(FrozenType type, std::shared_ptr<const void> payload, std::string_view text) {
    return FrozenValue::adopt(FrozenOpaque::make(type, std::move(payload), text));
  }

  FrozenValue make_object(const Object* object) {
    std::uint32_t kept = 0;
    const std::uint32_t count = property_count(object);
    for (std::uint32_t i = 0; i < count; ++i) kept += is_left_out(property_value(object, i)) ? 0 : 1;
    if (Shape* shape = kept == count ? object->shape : shape_without_functions(object)) {
      if (const FrozenShape* names = shapes_.freeze(shape)) {
        return FrozenValue::adopt(FrozenTree::make_object(*names));
      }
    }
    return FrozenValue::adopt(FrozenTree::make_named_object(kept));
  }

  // Under kRefuse nothing is left out: the walk comes to the function, and there it ends.
  bool is_left_out(Value value) const { return rule_ != FunctionRule::kRefuse && is_dropped(value); }

  // The shape that [object] would have without its functions; null for a dictionary.
  Shape* shape_without_functions(const Object* object) {
    if (object->shape == nullptr) return nullptr;
    Shape* shape = shapes_.shapes().empty();
    for (std::uint32_t slot = 0; slot < object->shape->size() && shape != nullptr; ++slot) {
      if (!is_left_out(object->slots[slot])) shape = shape->with(object->shape->name(slot));
    }
    return shape;
  }

  // Goes on with the innermost open container, until it is done or another one opens.
  void continue_top() {
    const std::size_t depth = open_.size();
    Open top = open_.back();
    for (const std::uint32_t count = part_count(top.original); top.next < count; ++top.next) {
      const Value value = part_of(top.original, top.next);
      if (top.original.is_object()) {
        if (is_left_out(value)) continue;
        if (as_tree(top.node)->has_own_names()) set_name(top);
      }
      FrozenValue part = frozen(value);
      const bool is_begun = open_.size() != depth;
      // A begun container will add what it takes when it is done.
      const std::size_t part_bytes = is_begun ? 0 : part.bytes();
      top.node->set_part(top.filled++, std::move(part), part_bytes);
      if (!is_begun && problem_ == FreezeProblem::kNone) continue;
      Open& waiting = open_[depth - 1];
      waiting.filled = top.filled;
      waiting.next = top.next + (problem_ == FreezeProblem::kNone ? 1 : 0);  // a path ends where the problem is
      return;
    }
    leave();
  }

  void set_name(const Open& top) {
    FrozenValue name = counted(FrozenValue(property_name(top.original.object(), top.next)->view()));
    const std::size_t bytes = name.bytes();
    top.node->set_part(top.node->size + top.filled, std::move(name), bytes);
  }

  void leave() {
    const Open done = open_.back();
    if (open_.size() > kScanned) deep_.erase(done.original.bits());
    open_.pop_back();
    if (!open_.empty()) open_.back().node->tree_bytes += done.node->tree_bytes;
  }

  static bool may_recur(Value value) { return (value.heap_object()->flags & memory::kCyclic) != 0; }

  bool is_open(Value value) const {
    if (!may_recur(value)) return false;
    const std::size_t scanned = std::min(open_.size(), kScanned);
    for (std::size_t i = 0; i < scanned; ++i) {
      if (identical(open_[i].original, value)) return true;
    }
    return deep_.contains(value.bits());
  }

  // [fresh], if what it takes is still allowed.
  FrozenValue counted(FrozenValue fresh) {
    bytes_ += fresh.bytes();
    if (bytes_ > max_bytes_) problem_ = FreezeProblem::kTooLarge;
    return fresh;
  }

  std::string path() const {
    std::string path;
    for (std::size_t i = 0; i < open_.size(); ++i) {
      // Every open container but the innermost has gone on behind the part that is open.
      const std::uint32_t part = open_[i].next - (i + 1 < open_.size() ? 1 : 0);
      path += step_text(open_[i].original, part);
    }
    return path;
  }

  FrozenShapeMap& shapes_;
  const FunctionRule rule_;
  const std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  FreezeProblem problem_ = FreezeProblem::kNone;
  std::vector<Open> open_;
  std::unordered_set<std::uint64_t> deep_;
};

FreezeResult Freezer::freeze(Value value, FunctionRule rule, std::size_t max_bytes) {
  return Freezing(shapes_, rule, max_bytes).freeze(value);
}

}  // namespace duso
