#include "interpreter/execution/calls.hpp"

#include <string>

#include "interpreter/execution/builtin_calls.hpp"
#include "interpreter/execution/operations.hpp"
#include "interpreter/execution/script_calls.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"

namespace duso::execution {

namespace {

Value construct_object(Frame& caller, Object* prototype, const CallSite& site) {
  for (const ArgumentCode& argument : site.arguments) {
    if (argument.name == nullptr) {
      return caller.instance->raise(caller, site.position, "objects can only be called with named arguments");
    }
  }
  return guarded(caller, site.position, [&]() -> Value {
    memory::Heap& heap = caller.instance->heap();
    const auto extra = static_cast<std::uint32_t>(site.arguments.size());
    Owned copy(Value(shallow_copy(heap, prototype, extra)));
    for (const ArgumentCode& argument : site.arguments) {
      const Value value = argument.value->eval(caller);
      if (value.is_raise()) return value;
      Owned guard(value);
      if (argument.visible_as != nullptr && argument.visible_as->assign(caller, retain(value)).is_raise()) {
        return Value::raise();
      }
      set_property(heap, copy.get().object(), argument.name, guard.take());
    }
    return copy.take();
  });
}

Value construct_array(Frame& caller, Array* prototype, const CallSite& site) {
  if (site.has_named) {
    return caller.instance->raise(caller, site.position, "arrays can only be called with positional arguments");
  }
  return guarded(caller, site.position, [&]() -> Value {
    Owned copy(Value(new_array_copy(caller.instance->heap(), prototype->items, prototype->size)));
    for (const Expression* expression : site.positional) {
      const Value value = expression->eval(caller);
      if (value.is_raise()) return value;
      push(copy.get().array(), value);
    }
    return copy.take();
  });
}

Value raise_not_callable(Frame& caller, Value callee, const CallSite& site) {
  std::string message = "cannot call non-function: ";
  message += site.callee_name != nullptr ? site.callee_name->view() : std::string_view("unknown");
  message += std::string(" (got ") + error_type_name(callee) + ")";
  return caller.instance->raise(caller, site.position, message);
}

// Everything that can be called but script functions.
[[gnu::noinline]] Value call_other(Frame& caller, Value callee, const CallSite& site) {
  if (callee.is_raise()) return callee;
  if (callee.is_builtin()) {
    return call_builtin(caller, caller.instance->engine().builtin(callee.builtin_index()), Value::nil(), site);
  }
  // What a variable or property holds may be replaced while the arguments are evaluated.
  Owned held = Owned::share(callee);
  if (callee.is_object()) return construct_object(caller, callee.object(), site);
  if (callee.is_array()) return construct_array(caller, callee.array(), site);
  if (callee.is(HeapType::kHostFunction)) {
    const auto* function = static_cast<const HostFunction*>(callee.heap_object());
    return call_builtin(caller, *function->spec, function->bound, site);
  }
  return raise_not_callable(caller, callee, site);
}

}  // namespace

Value call_value(Frame& caller, Value callee, Value self, const CallSite& site) {
  if (callee.is_function()) return call_script(caller, callee.function(), self, site);
  const Owned guard(self);
  return call_other(caller, callee, site);
}

}  // namespace duso::execution
