// Frozen values to script values. freezer.hpp has the idea.
#include <cstring>

#include "interpreter/execution/builtin.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/function.hpp"
#include "interpreter/values/opaque.hpp"
#include "interpreter/values/regex.hpp"
#include "runtime/freezer.hpp"
#include "runtime/frozen_node.hpp"

namespace duso {

namespace {

String* thaw_text(memory::Heap& heap, const FrozenText* text) {
  String* string = new_string_uninitialised(heap, text->size);
  std::memcpy(string->data(), text->data(), text->size);
  if (text->is_ascii) string->aux = String::kAscii;
  return string;
}

// Puts [owned] into a member of an immutable value that holds nil until now.
void fill(memory::HeapObject* holder, Value& member, Value owned) {
  if (may_close_cycle(owned)) holder->flags |= memory::kCyclic;
  member = owned;
}

}  // namespace

// One script value in the making. A container is stored in its parent before it is filled, so whatever fails on the
// way, releasing the outermost one releases everything.
class Thawing {
 public:
  Thawing(FrozenShapeMap& shapes, memory::Heap& heap) : shapes_(shapes), heap_(heap) {}

  Value thaw(const FrozenValue& frozen) {
    Owned result(thawed(frozen));
    while (!open_.empty()) continue_top();
    return result.take();
  }

 private:
  struct Open {
    FrozenNode* node;
    Value copy;
    std::uint32_t next;  // the part to thaw next
  };

  // The script value of [frozen], owned. A container that was just begun is the top of `open_` from now on.
  Value thawed(const FrozenValue& frozen) {
    if (!frozen.is_node()) return frozen.immediate();
    FrozenNode* node = frozen.node();
    if (node->type == FrozenType::kString) return Value(thaw_text(heap_, as_text(node)));
    if (node->type == FrozenType::kRegex) return thaw_regex(frozen);
    Owned copy(new_container(frozen));
    open_.push_back({node, copy.get(), 0});
    return copy.take();
  }

  Value thaw_regex(const FrozenValue& frozen) {
    const Owned pattern(Value(new_string(heap_, frozen.pattern())));
    return Value::other(new_regex(heap_, pattern.get().string(), frozen.regex()));
  }

  // What stands for a container until its parts are there.
  Value new_container(const FrozenValue& frozen) {
    FrozenNode* node = frozen.node();
    switch (node->type) {
      case FrozenType::kArray:
        return Value(new_array(heap_, node->size));
      case FrozenType::kObject: {
        const FrozenShape* names = as_tree(node)->shape;
        Shape* shape = names != nullptr ? shapes_.thaw(*names) : nullptr;
        return Value(shape != nullptr ? new_shaped_object(heap_, shape) : new_object(heap_, shapes_.shapes(), 0));
      }
      case FrozenType::kError:
        return Value::other(new_error_with_text(heap_, Value::nil(), frozen.stack()));
      case FrozenType::kCode:
        return Value::other(new_code(heap_, frozen.program(), std::string(frozen.source()), Value::nil()));
      case FrozenType::kBinary:
        return Value::other(new_binary(heap_, frozen.binary(), Value::nil()));
      default: {
        const auto* spec = static_cast<const execution::BuiltinSpec*>(as_opaque(node)->payload.get());
        return Value::other(new_host_function(heap_, spec, Value::nil()));
      }
    }
  }

  // Goes on with the innermost open container, until it is done or another one opens.
  void continue_top() {
    const std::size_t depth = open_.size();
    const Open top = open_.back();
    const std::span<FrozenValue> parts = top.node->parts();
    // Names are no parts of the copy, nor is the text of an opaque value, which it has already.
    const std::uint32_t count = top.copy.is_other() ? 1 : top.node->size;
    for (std::uint32_t index = top.next; index < count; ++index) {
      open_[depth - 1].next = index + 1;
      store(top, index, thawed(parts[index]));
      if (open_.size() != depth) return;
    }
    open_.pop_back();
  }

  // Makes [owned] the part at [index] of a container.
  void store(const Open& container, std::uint32_t index, Value owned) {
    if (container.copy.is_array()) return push(container.copy.array(), owned);
    if (container.copy.is_object()) return store_property(container, index, owned);
    memory::HeapObject* object = container.copy.heap_object();
    switch (static_cast<HeapType>(object->type)) {
      case HeapType::kError:
        return fill(object, static_cast<Error*>(object)->message, owned);
      case HeapType::kCode:
        return fill(object, static_cast<Code*>(object)->metadata, owned);
      case HeapType::kBinary:
        return fill(object, static_cast<Binary*>(object)->metadata, owned);
      default:
        return fill(object, static_cast<HostFunction*>(object)->bound, owned);
    }
  }

  void store_property(const Open& container, std::uint32_t index, Value owned) {
    Object* object = container.copy.object();
    const FrozenTree* frozen = as_tree(container.node);
    // A copy of the right shape has all its slots from the start; any other gets its properties one by one.
    if (frozen->shape != nullptr && object->shape != nullptr && object->shape->size() == frozen->size) {
      initialise_slot(object, index, owned);
      return;
    }
    Owned value(owned);
    const Owned name(Value(new_string(heap_, frozen->name(index))));
    set_property(heap_, object, name.get().string(), value.take());
  }

  FrozenShapeMap& shapes_;
  memory::Heap& heap_;
  std::vector<Open> open_;
};

Value Freezer::thaw(memory::Heap& heap, const FrozenValue& frozen) { return Thawing(shapes_, heap).thaw(frozen); }

}  // namespace duso
