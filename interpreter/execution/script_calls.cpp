#include "interpreter/execution/script_calls.hpp"

#include <alloca.h>

#include <algorithm>
#include <vector>

#include "interpreter/execution/builtin_calls.hpp"
#include "interpreter/execution/operations.hpp"
#include "interpreter/values/object.hpp"

namespace duso::execution {

namespace {

// The value of a default of the function that [callee] is the frame of. It is evaluated where that was defined, so it
// sees neither parameters nor receiver. (The function value itself may be gone by now: another default may have dropped
// it.)
[[gnu::noinline]] Value evaluate_default(Frame& callee, const FunctionCode& code) {
  Frame& frame = *static_cast<Frame*>(alloca(frame_bytes(code)));
  frame.instance = callee.instance;
  frame.code = &code;
  frame.root = callee.root;
  frame.environment = callee.environment;
  frame.function = nullptr;
  frame.caller = callee.caller;
  frame.call_site = nullptr;
  frame.self = Value::unset();
  frame.extras = nullptr;
  frame.dynamic = 0;
  std::fill_n(frame.slots(), code.slot_count, Value::unset());
  return run_frame(frame);
}

// Fills in nil or the default for every parameter that [supplied] does not name.
bool fill_missing(Frame& frame, std::span<const bool> supplied) {
  const FunctionCode& code = *frame.code;
  for (std::uint32_t i = 0; i < code.parameter_count; ++i) {
    frame.slot(i) = Value::nil();
    const FunctionCode* fallback = code.parameters[i].default_value;
    if (fallback == nullptr || supplied[i]) continue;
    const Value value = evaluate_default(frame, *fallback);
    if (value.is_raise()) return false;
    frame.slot(i) = value;
  }
  return true;
}

// Evaluates the arguments at [site] into [frame]: positional ones first, then named ones, each in source order.
bool evaluate_arguments(Frame& frame, Frame& caller, const CallSite& site) {
  const FunctionCode& code = *frame.code;
  std::uint32_t next_positional = 0;
  for (const ArgumentCode& argument : site.arguments) {
    if (argument.name != nullptr) continue;
    if (next_positional == code.parameter_count) break;  // surplus arguments are not evaluated
    const Value value = argument.value->eval(caller);
    if (value.is_raise()) return false;
    replace(frame.slot(next_positional++), value);
  }
  for (const ArgumentCode& argument : site.arguments) {
    if (argument.name == nullptr) continue;
    const Value value = argument.value->eval(caller);
    if (value.is_raise()) return false;
    const std::uint32_t parameter = code.parameter_index(argument.name);
    if (parameter != kNoSlot) {
      replace(frame.slot(parameter), value);
      continue;
    }
    // A name that is no parameter becomes a local of the call.
    Owned guard(value);
    const Value stored = guarded(caller, site.position, [&] {
      Object* extras = frame.instance->extras_of(frame);
      set_property(frame.instance->heap(), extras, argument.name, guard.take());
      return Value::next();
    });
    if (stored.is_raise()) return false;
  }
  return true;
}

// Calls with defaults to fill in or named arguments.
[[gnu::noinline]] Value call_script_general(Frame& caller, Function* function, Value self, const CallSite& site) {
  const FunctionCode& code = *function->code;
  Frame& frame = *static_cast<Frame*>(alloca(frame_bytes(code)));
  begin_frame(frame, caller, function, &code, self, &site.position);
  std::fill_n(frame.slots(), code.slot_count, Value::unset());

  // Which parameters get an argument decides which defaults are evaluated, and they come before all arguments.
  auto* supplied = static_cast<bool*>(alloca(code.parameter_count + 1));
  std::fill_n(supplied, code.parameter_count, false);
  std::uint32_t positional = 0;
  for (const ArgumentCode& argument : site.arguments) {
    const std::uint32_t parameter = argument.name == nullptr ? positional++ : code.parameter_index(argument.name);
    if (parameter < code.parameter_count) supplied[parameter] = true;
  }
  if (!fill_missing(frame, {supplied, code.parameter_count}) || !evaluate_arguments(frame, caller, site)) {
    drop_frame(frame);
    return Value::raise();
  }
  return run_frame(frame);
}

// Positional arguments, and no default to evaluate.
[[gnu::noinline]] Value call_script_plain(Frame& caller, Function* function, Value self, const CallSite& site) {
  const FunctionCode& code = *function->code;
  Frame& frame = *static_cast<Frame*>(alloca(frame_bytes(code)));
  begin_frame(frame, caller, function, &code, self, &site.position);
  const auto supplied = std::min(static_cast<std::uint32_t>(site.positional.size()), code.parameter_count);
  std::uint32_t filled = 0;
  for (; filled < supplied; ++filled) {
    const Value value = site.positional[filled]->eval(caller);
    if (value.is_raise()) [[unlikely]] {
      release_slots(frame, 0, filled);
      end_frame(frame);
      return value;
    }
    frame.slot(filled) = value;
  }
  for (; filled < code.parameter_count; ++filled) frame.slot(filled) = Value::nil();
  for (; filled < code.slot_count; ++filled) frame.slot(filled) = Value::unset();
  return run_frame(frame);
}

Value call_script_here(Frame& caller, Function* function, Value self, const CallSite& site) {
  const FunctionCode& code = *function->code;
  if (site.has_named || (code.has_defaults && site.positional.size() < code.parameter_count)) {
    return call_script_general(caller, function, self, site);
  }
  return call_script_plain(caller, function, self, site);
}

}  // namespace

Value call_script(Frame& caller, Function* function, Value self, const CallSite& site) {
  // The arguments are evaluated with the callee's frame below them already.
  const std::size_t need = function->code->stack_need + site.stack_need;
  if (!stack_is_low(*caller.instance, need)) [[likely]]
    return call_script_here(caller, function, self, site);
  Owned self_guard(self);
  const Owned hold = Owned::share(Value(function));
  return on_deeper_stack(caller, need, &site.position,
                         [&] { return call_script_here(caller, function, self_guard.take(), site); });
}

// --- calls from native code ---

namespace {

using NamedArguments = std::span<const Call::Named>;

// Gives the named arguments to [frame]: to its parameters, and as extra locals. They are borrowed.
bool take_named(Frame& frame, NamedArguments named) {
  for (const Call::Named& argument : named) {
    const std::uint32_t parameter = frame.code->parameter_index(argument.name);
    if (parameter != kNoSlot) {
      replace(frame.slot(parameter), retain(argument.value));
      continue;
    }
    try {
      Object* extras = frame.instance->extras_of(frame);
      set_property(frame.instance->heap(), extras, argument.name, retain(argument.value));
    } catch (...) {
      frame.instance->raise_exception();
      return false;
    }
  }
  return true;
}

[[gnu::noinline]] Value call_script_with(Frame& caller, Function* function, std::span<const Value> arguments,
                                         NamedArguments named) {
  const FunctionCode& code = *function->code;
  Frame& frame = *static_cast<Frame*>(alloca(frame_bytes(code)));
  begin_frame(frame, caller, function, &code, Value::unset(), nullptr);
  const auto supplied = std::min(static_cast<std::uint32_t>(arguments.size()), code.parameter_count);
  std::uint32_t filled = 0;
  for (; filled < supplied; ++filled) frame.slot(filled) = retain(arguments[filled]);
  for (std::uint32_t i = filled; i < code.slot_count; ++i) {
    frame.slot(i) = i < code.parameter_count ? Value::nil() : Value::unset();
  }
  for (; code.has_defaults && filled < code.parameter_count; ++filled) {
    const FunctionCode* fallback = code.parameters[filled].default_value;
    const auto is_this = [&](const Call::Named& argument) { return code.parameter_index(argument.name) == filled; };
    if (fallback == nullptr || std::ranges::any_of(named, is_this)) continue;
    const Value value = evaluate_default(frame, *fallback);
    if (value.is_raise()) {
      drop_frame(frame);
      return value;
    }
    frame.slot(filled) = value;
  }
  if (!named.empty() && !take_named(frame, named)) {
    drop_frame(frame);
    return Value::raise();
  }
  return run_frame(frame);
}

// The arguments of a builtin in the order of its parameters, and the named ones that no parameter took.
struct BoundArguments {
  std::vector<Value> values;
  std::vector<Call::Named> unknown;
};

BoundArguments bind_named(const BuiltinSpec& spec, std::span<const Value> arguments, NamedArguments named) {
  BoundArguments bound{{arguments.begin(), arguments.end()}, {}};
  for (const Call::Named& argument : named) {
    const std::size_t index = spec.parameter_index(argument.name->view());
    if (index == spec.parameters.size()) {
      bound.unknown.push_back(argument);
      continue;
    }
    while (bound.values.size() <= index) bound.values.push_back(Value::unset());
    if (!spec.parameters[index].keeps(bound.values[index])) bound.values[index] = argument.value;
  }
  return bound;
}

}  // namespace

Value call_from_native(Frame& caller, Value function, std::span<const Value> arguments,
                       std::span<const Call::Named> named) {
  if (function.is_function()) {
    const auto call = [&] { return call_script_with(caller, function.function(), arguments, named); };
    const std::size_t need = function.function()->code->stack_need;
    if (stack_is_low(*caller.instance, need)) [[unlikely]]
      return on_deeper_stack(caller, need, nullptr, call);
    return call();
  }
  const BuiltinSpec* spec = nullptr;
  Value bound;
  if (function.is_builtin()) {
    spec = &caller.instance->engine().builtin(function.builtin_index());
  } else if (function.is(HeapType::kHostFunction)) {
    const auto* host_function = static_cast<const HostFunction*>(function.heap_object());
    spec = host_function->spec;
    bound = host_function->bound;
  } else {
    return caller.instance->raise_unlocated(std::string("cannot call non-function (got ") + error_type_name(function) +
                                            ")");
  }
  // Builtins can call each other without end too: sort() a list that contains itself and sort().
  const auto invoke_here = [&] {
    try {
      if (named.empty()) {
        Call call(caller, *spec, arguments, bound);
        return spec->function(call);
      }
      const BoundArguments all = bind_named(*spec, arguments, named);
      Call call(caller, *spec, all.values, bound);
      call.set_unknown_named(all.unknown);
      return spec->function(call);
    } catch (...) {
      return caller.instance->raise_exception();
    }
  };
  if (stack_is_low(*caller.instance, 0)) [[unlikely]] {
    return on_deeper_stack(caller, 0, nullptr, invoke_here, false);
  }
  return invoke_here();
}

Value call_in_flow(const CallOrigin& origin, Value function, std::span<const Value> arguments,
                   std::span<const Call::Named> named) {
  Frame entry = {};
  entry.instance = origin.instance;
  entry.code = origin.code;
  entry.root = origin.root;
  entry.caller = origin.caller;
  entry.self = Value::unset();
  const NativeSite here(entry, &origin.position);
  Value result;
  try {
    result = call_from_native(entry, function, arguments, named);
  } catch (...) {
    result = origin.instance->raise_exception();
  }
  if (result.is_raise()) origin.instance->locate(entry, origin.position);
  return result;
}

Value run_top_level(Instance& instance, const FunctionCode& code, Root* root, Environment* environment, Frame* outer) {
  const auto run = [&] {
    Frame& frame = *static_cast<Frame*>(alloca(frame_bytes(code)));
    frame.instance = &instance;
    frame.code = &code;
    frame.root = root;
    frame.environment = environment;
    frame.function = nullptr;
    frame.caller = outer;
    frame.call_site = nullptr;
    // Included code shares what makes the names of its caller dynamic; a module has names of its own.
    const Frame* shared = code.is_included ? outer : nullptr;
    frame.self = shared != nullptr ? retain(shared->self) : Value::unset();
    frame.extras = shared != nullptr ? shared->extras : nullptr;
    if (frame.extras != nullptr) memory::retain(frame.extras);
    frame.dynamic = shared != nullptr ? shared->dynamic : 0;
    std::fill_n(frame.slots(), code.slot_count, Value::unset());
    return run_frame(frame);
  };
  Value result;
  return instance.with_stack(code.stack_need, [&] { result = run(); }) ? result : instance.raise_stack_overflow();
}

}  // namespace duso::execution
