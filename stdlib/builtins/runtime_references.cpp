// Module `runtime`: what refers to a value, and whether two values are one (memory-and-panics.md 2).
#include <memory>
#include <string>

#include "interpreter/values/host_object.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/handles.hpp"
#include "stdlib/builtins/module_runtime.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

Value refcount(Call& call) {
  const Value value = call.argument(0);
  // Names and literals live outside of the script's heap; nobody counts who uses them.
  if (!value.is_heap() || (value.heap_object()->flags & memory::kImmortal) != 0) return Value::nil();
  return Value(static_cast<double>(value.heap_object()->count - 1));
}

// --- weak handles ---

// What a weak handle stands for: an object on the heap, or a builtin function, which never dies.
struct WeakReference {
  memory::WeakCell* cell = nullptr;
  Value builtin;
};

const HostType kWeakType{
    .name = "weak",
    .drop =
        [](void* payload) {
          const std::unique_ptr<WeakReference> reference(static_cast<WeakReference*>(payload));
          if (reference->cell != nullptr) memory::WeakTable::release(reference->cell);
        },
};

Value value_of(memory::HeapObject* object) {
  switch (static_cast<HeapType>(object->type)) {
    case HeapType::kArray:
      return Value(static_cast<const Array*>(object));
    case HeapType::kObject:
      return Value(static_cast<const Object*>(object));
    case HeapType::kFunction:
      return Value(static_cast<const Function*>(object));
    default:
      return Value::other(object);
  }
}

Value weak_get(Call& call) {
  const auto& reference = bound_payload<WeakReference>(call);
  if (reference.cell == nullptr) return reference.builtin;
  return reference.cell->object != nullptr ? retain(value_of(reference.cell->object)) : Value::nil();
}

Value weak_alive(Call& call) {
  const auto& reference = bound_payload<WeakReference>(call);
  return Value(reference.cell == nullptr || reference.cell->object != nullptr);
}

const BuiltinSpec kWeakMethods[] = {
    {.name = "get",
     .summary = "The value that the handle was made for; nil once it is gone.",
     .example = R"(rt = require("runtime")
a = [1]
print(rt.weak(a).get()) // [1])",
     .function = weak_get},
    {.name = "alive",
     .returns = Type::kBoolean,
     .summary = "Whether the value that the handle was made for is still there.",
     .example = R"(rt = require("runtime")
a = [1]
print(rt.weak(a).alive()) // true)",
     .function = weak_alive},
};

Value weak(Call& call) {
  const Value value = call.argument(0);
  auto reference = std::make_unique<WeakReference>();
  if (value.is_builtin()) {
    reference->builtin = value;
  } else if (value.is_array() || value.is_object() || value.is_callable()) {
    reference->cell = call.heap().weak_cell(value.heap_object());
  } else {
    return call.raise(std::string("runtime.weak: ") + type_name(value) + " values have no identity");
  }
  return new_handle(call, kWeakType, reference.release(), {}, kWeakMethods);
}

Value same(Call& call) {
  const Value a = call.argument(0);
  return Value((a.is_heap() || a.is_builtin()) && identical(a, call.argument(1)));
}

const BuiltinSpec kFunctions[] = {
    {.name = "refcount",
     .parameters = {{"value"}},
     .returns = Type::kNumber | Type::kNil,
     .summary = "How many references there are to the object behind `value`, the one of this call not counted; nil for "
                "a value that is no object of the script's heap, such as a number or a string literal.",
     .example = R"(rt = require("runtime")
a = [1]
b = a
print(rt.refcount(a)) // 2)",
     .function = refcount},
    {.name = "weak",
     .parameters = {{"value", Type::kArray | Type::kObject | Type::kFunction}},
     .returns = Type::kObject,
     .summary = "A handle that refers to an array, object or function without keeping it alive; its method `get` "
                "returns the value, or nil once it is gone, and `alive` says whether it is still there.",
     .example = R"(rt = require("runtime")
a = [1]
w = rt.weak(a)
a = nil
print(w.alive(), w.get()) // false nil)",
     .function = weak},
    {.name = "same",
     .parameters = {{"a"}, {"b"}},
     .returns = Type::kBoolean,
     .summary = "Whether `a` and `b` are the very same array, object or function, not only equal to look at. False for "
                "numbers, booleans and nil.",
     .example = R"(rt = require("runtime")
a = [1]
print(rt.same(a, a), rt.same(a, [1])) // true false)",
     .function = same},
};

}  // namespace

ModuleFunctions reference_functions() { return kFunctions; }

}  // namespace duso::stdlib
