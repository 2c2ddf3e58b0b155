#include "stdlib/builtins/copying.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "interpreter/execution/instance.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Instance;

namespace {

enum class Depth { kObjects, kEverything };

// Makes one copy. Works depth first with a stack of its own; every container is stored in its parent's copy before it
// is filled, so whatever fails on the way, releasing the outermost copy releases everything.
class Copier {
 public:
  Copier(Instance& instance, Depth depth)
      : heap_(instance.heap()), shapes_(instance.engine().shapes()), depth_(depth) {}

  Value copy(Value value) {
    Owned result(copy_as(Structure::kTree, value));
    if (found_cycle_) result.reset(copy_as(Structure::kGraph, value));
    return result.take();
  }

 private:
  enum class Structure { kTree, kGraph };

  struct Open {
    Value original;
    Value copy;
    std::uint32_t next;  // the element or property to copy next
    bool same_shape;     // the copy's slots exist already
  };

  // The first levels of the path to the outermost container are searched one by one, deeper ones through the map.
  static constexpr std::size_t kScanned = 32;

  Value copy_as(Structure structure, Value value) {
    structure_ = structure;
    found_cycle_ = false;
    open_.clear();
    copies_.clear();
    Owned result(copy_of(value));
    while (!open_.empty() && !found_cycle_) step();
    return result.take();
  }

  bool is_left_out(Value value) const { return depth_ == Depth::kEverything && value.is_callable(); }
  bool is_copied(Value value) const { return value.is_object() || (value.is_array() && depth_ == Depth::kEverything); }

  // What stands for [value] in the copy, owned. A container that was just begun is the top of `open_` from now on.
  Value copy_of(Value value) {
    if (is_left_out(value)) return Value::nil();
    if (!is_copied(value)) return retain(value);
    if (const Value known = known_copy(value); !known.is_unset()) {
      if (structure_ == Structure::kGraph) return retain(known);
      found_cycle_ = true;  // this copy is given up; closing a cycle in it would only leave work for the collector
      return Value::nil();
    }
    return value.is_array() ? begin_array(value) : begin_object(value);
  }

  // The copy that a further reference to [original] must mean, borrowed; unset when there is none.
  Value known_copy(Value original) const {
    if (structure_ == Structure::kTree) {
      const std::size_t scanned = std::min(open_.size(), kScanned);
      for (std::size_t i = 0; i < scanned; ++i) {
        if (identical(open_[i].original, original)) return open_[i].copy;
      }
    }
    const auto found = copies_.find(original.bits());
    return found != copies_.end() ? found->second : Value::unset();
  }

  Value begin_array(Value original) {
    Owned copy(Value(new_array(heap_, original.array()->size)));
    enter({original, copy.get(), 0, false});
    return copy.take();
  }

  Value begin_object(Value original) {
    const Object* object = original.object();
    const bool same_shape = object->shape != nullptr && !leaves_out_properties(object);
    Owned copy(Value(same_shape ? new_shaped_object(heap_, object->shape) : new_object(heap_, shapes_)));
    enter({original, copy.get(), 0, same_shape});
    return copy.take();
  }

  bool leaves_out_properties(const Object* object) const {
    for (std::uint32_t i = 0, count = property_count(object); i < count; ++i) {
      if (is_left_out(property_value(object, i))) return true;
    }
    return false;
  }

  void enter(const Open& container) {
    open_.push_back(container);
    if (structure_ == Structure::kGraph || open_.size() > kScanned) {
      copies_.emplace(container.original.bits(), container.copy);
    }
  }

  void leave() {
    if (structure_ == Structure::kTree && open_.size() > kScanned) copies_.erase(open_.back().original.bits());
    open_.pop_back();
  }

  // Copies the next part of the innermost open container.
  void step() {
    Open& top = open_.back();
    const std::uint32_t index = top.next++;
    const Value target = top.copy;  // `top` moves when a further container is opened
    if (top.original.is_array()) {
      const Array* array = top.original.array();
      if (index == array->size) return leave();
      push(target.array(), copy_of(array->items[index]));
      return;
    }
    const Object* object = top.original.object();
    if (index == property_count(object)) return leave();
    const Value value = property_value(object, index);
    if (top.same_shape) {
      initialise_slot(target.object(), index, copy_of(value));
    } else if (!is_left_out(value)) {
      set_property(heap_, target.object(), property_name(object, index), copy_of(value));
    }
  }

  memory::Heap& heap_;
  ShapeTable& shapes_;
  const Depth depth_;
  Structure structure_ = Structure::kTree;
  bool found_cycle_ = false;
  std::vector<Open> open_;
  std::unordered_map<std::uint64_t, Value> copies_;  // of a tree: the deeper open containers; of a graph: all
};

}  // namespace

Value deep_copy(Instance& instance, Value value) { return Copier(instance, Depth::kEverything).copy(value); }

Value copy_objects(Instance& instance, Value value) {
  if (!value.is_object()) return retain(value);
  return Copier(instance, Depth::kObjects).copy(value);
}

namespace {

const BuiltinSpec kDeepCopy{
    .name = "deep_copy",
    .parameters = {{"value"}},
    .errors = {"deep_copy() requires 1 argument"},
    .summary =
        "A copy of `value` with copies of all arrays and objects inside, so that changing one never shows in the "
        "other. Functions are left out of objects and become nil in arrays; a value that contains itself is copied "
        "with its cycles.",
    .example = R"(original = {list = [1, 2]}
copy = deep_copy(original)
push(copy.list, 3)
print(original, copy) // {list=[1, 2]} {list=[1, 2, 3]})",
    .function = [](Call& call) -> Value {
      if (!required_argument(call, 0, "1 argument")) return Value::raise();
      return deep_copy(call.instance(), call.argument(0));
    },
};

constexpr const BuiltinSpec* kCopying[] = {&kDeepCopy};

}  // namespace

Family copying_builtins() { return kCopying; }

}  // namespace duso::stdlib
