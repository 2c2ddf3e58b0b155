#include "stdlib/builtins/handles.hpp"

#include <string>

#include "interpreter/execution/engine.hpp"
#include "interpreter/execution/instance.hpp"
#include "interpreter/values/function.hpp"
#include "interpreter/values/object.hpp"
#include "runtime/tasks/runtime.hpp"
#include "runtime/tasks/worker.hpp"
#include "stdlib/builtins/yield_everywhere.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;

namespace {

// The names of a handle, in order.
Shape* make_shape(execution::Engine& engine, memory::Heap& heap, std::initializer_list<HandleField> fields,
                  std::span<const BuiltinSpec> methods) {
  const Owned sample(Value(new_object(heap, engine.shapes())));
  Object* object = sample.get().object();
  for (const HandleField& field : fields) {
    set_property(heap, object, engine.names().intern(field.name), Value::nil());
  }
  for (const BuiltinSpec& method : methods) {
    set_property(heap, object, engine.names().intern(method.name), Value::nil());
  }
  return object->shape;
}

}  // namespace

Value new_handle(Call& call, const HostType& type, void* payload, std::initializer_list<HandleField> fields,
                 std::span<const BuiltinSpec> methods) {
  memory::Heap& heap = call.heap();
  // All handles of a kind have the same names, so their shape is looked up once per worker.
  auto& instance = static_cast<tasks::ScriptInstance&>(call.instance());
  Shape*& shape = instance.worker().handle_shape(methods.data());
  Object* object = nullptr;
  try {
    if (shape == nullptr) shape = make_shape(instance.engine(), heap, fields, methods);
    object = new_shaped_object(heap, shape);
  } catch (...) {
    for (const HandleField& field : fields) release(field.value);
    type.drop(payload);
    throw;
  }
  Owned handle{Value(object)};
  std::uint32_t slot = 0;
  for (const HandleField& field : fields) initialise_slot(object, slot++, field.value);
  const Owned host(Value::other(new_host_object(heap, type, payload)));
  for (const BuiltinSpec& method : methods) {
    initialise_slot(object, slot++, bind_function(instance, method, retain(host.get())));
  }
  return handle.take();
}

Value bind_function(execution::Instance& instance, const BuiltinSpec& spec, Value bound) {
  Owned held(bound);
  const auto* tasks = tasks::ScriptInstance::of(instance);
  const bool yields = tasks != nullptr && tasks->worker().runtime().config().yields_everywhere;
  const BuiltinSpec* const called = yields ? &yielding(spec) : &spec;
  return Value::other(new_host_function(instance.heap(), called, held.take()));
}

Value host_of_handle(Value handle, const HostType& type) {
  if (!handle.is_object()) return Value::nil();
  const Object* object = handle.object();
  for (std::uint32_t i = property_count(object); i-- > 0;) {
    const Value value = property_value(object, i);
    if (!value.is(HeapType::kHostFunction)) continue;
    const auto* function = static_cast<const HostFunction*>(value.heap_object());
    if (host_payload(function->bound, type) != nullptr) return function->bound;
  }
  return Value::nil();
}

tasks::ScriptInstance* required_tasks(const Call& call) {
  tasks::ScriptInstance* const instance = tasks::ScriptInstance::of(call.instance());
  if (instance == nullptr) call.raise(std::string(call.spec().name) + "() needs a script that can wait");
  return instance;
}

}  // namespace duso::stdlib
