#include "interpreter/execution/calls.hpp"

#include <alloca.h>

#include <algorithm>
#include <new>
#include <string>
#include <vector>

#include "interpreter/execution/operations.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"

namespace duso::execution {

namespace {

bool stack_is_low(const Instance& instance, std::size_t bytes) {
  return static_cast<const char*>(__builtin_frame_address(0)) - bytes < instance.stack_limit();
}

// Runs [body] as a call for which the stack seemed to be low: that may also be an interrupt, or a depth limit. Returns
// its value. A null [position] leaves the error for the builtin's call to locate.
template <class Body>
[[gnu::noinline]] Value on_deeper_stack(Frame& caller, std::size_t bytes, const Position* position, const Body& body,
                                        bool is_script_call = true) {
  Instance& instance = *caller.instance;
  if (instance.interrupted() && instance.at_safe_point(caller).is_raise()) return Value::raise();
  Value result;
  const auto run = [&] { result = body(); };
  if (is_script_call ? instance.call_deeper(bytes, run) : instance.with_stack(bytes, run)) return result;
  instance.raise_stack_overflow();
  if (position != nullptr) instance.locate(caller, *position);
  return Value::raise();
}

std::size_t frame_bytes(const FunctionCode& code) { return sizeof(Frame) + code.slot_count * sizeof(Value); }

// Everything of a frame but its variables. [self] becomes the frame's. A function that captured nothing belongs to its
// program; any other one is held while it runs, whatever becomes of the variable it was called through.
[[gnu::always_inline]] inline void begin_frame(Frame& frame, Frame& caller, Function* function,
                                               const FunctionCode* code, Value self, const Position* call_site) {
  frame.instance = caller.instance;
  frame.code = code;
  frame.root = function->root;
  frame.environment = function->environment;
  frame.function = nullptr;
  if ((function->flags & memory::kCyclic) != 0) {
    memory::retain(function);
    frame.function = function;
  }
  frame.caller = &caller;
  frame.call_site = call_site;
  frame.self = self;
  frame.extras = nullptr;
  frame.dynamic = self.is_object() ? 1 : 0;
}

// Gives up all of a frame but its variables.
[[gnu::always_inline]] inline void end_frame(Frame& frame) {
  release(frame.self);
  if (frame.extras != nullptr) [[unlikely]]
    memory::release(frame.extras);
  if (frame.function != nullptr) memory::release(frame.function);
}

[[gnu::always_inline]] inline void release_slots(Frame& frame, std::uint32_t first, std::uint32_t count) {
  for (std::uint32_t i = first; i < count; ++i) release(frame.slot(i));
}

[[gnu::noinline]] void drop_frame(Frame& frame) {
  release_slots(frame, 0, frame.code->slot_count);
  end_frame(frame);
}

// Gives the call the environment that its closures will share, and moves captured parameters there.
[[gnu::noinline]] bool make_environment(Frame& frame) {
  const FunctionCode& code = *frame.code;
  const Value made = guarded(frame, code.definition != nullptr ? code.definition->position : Position{}, [&] {
    Environment* environment = new_environment(frame.instance->heap(), frame.environment, code.environment_size);
    environment->self = retain(frame.self);
    environment->branch = frame.instance->branch();
    if (frame.extras != nullptr) {
      memory::retain(frame.extras);
      environment->extras = frame.extras;
    }
    for (const CapturedParameter& parameter : code.captured_parameters) {
      environment->slots()[parameter.environment_slot] =
          std::exchange(frame.slot(parameter.frame_slot), Value::unset());
    }
    return Value::other(environment);
  });
  if (made.is_raise()) return false;
  frame.slot(code.environment_slot) = made;
  return true;
}

// Runs the body of a frame whose parameters are in place, and takes the frame down.
Value run_frame(Frame& frame) {
  if (frame.code->environment_slot != kNoSlot && !make_environment(frame)) [[unlikely]] {
    drop_frame(frame);
    return Value::raise();
  }
  const Value result = frame.code->body->exec(frame);
  drop_frame(frame);
  return result.is_next() ? Value::nil() : result;
}

// --- script functions ---

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
      set_property(frame.instance->heap(), frame.instance->extras_of(frame), argument.name, guard.take());
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

// Any call of a script function.
[[gnu::noinline]] Value call_script(Frame& caller, Function* function, Value self, const CallSite& site) {
  // The arguments are evaluated with the callee's frame below them already.
  const std::size_t need = function->code->stack_need + site.stack_need;
  if (!stack_is_low(*caller.instance, need)) [[likely]]
    return call_script_here(caller, function, self, site);
  Owned self_guard(self);
  const Owned hold = Owned::share(Value(function));
  return on_deeper_stack(caller, need, &site.position,
                         [&] { return call_script_here(caller, function, self_guard.take(), site); });
}

// The common call, laid out for its number of arguments: as many as the function has parameters, and none of them
// captured. [kMethod]: [self] is an object; otherwise there is no receiver.
template <std::uint32_t kCount, bool kMethod>
[[gnu::always_inline]] inline Value call_exactly(Frame& caller, Function* function, const FunctionCode* code,
                                                 Value self, const Expression* const* arguments,
                                                 const Position* call_site) {
  struct {
    Frame frame;
    Value slots[kExactSlots];
  } memory;
  Frame& frame = memory.frame;
  Value* slots = frame.slots();
  const std::uint32_t slot_count = code->slot_count;
  frame.function = nullptr;
  if ((function->flags & memory::kCyclic) != 0) {
    memory::retain(function);
    frame.function = function;
  }
  frame.instance = caller.instance;
  frame.code = code;
  frame.root = function->root;
  frame.environment = function->environment;
  frame.caller = &caller;
  frame.call_site = call_site;
  frame.self = kMethod ? self : Value::unset();
  frame.extras = nullptr;
  frame.dynamic = kMethod ? 1 : 0;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    const Value value = arguments[i]->eval(caller);
    if (value.is_raise()) [[unlikely]] {
      release_slots(frame, 0, i);
      end_frame(frame);
      return value;
    }
    slots[i] = value;
  }
  for (std::uint32_t i = kCount; i < slot_count; ++i) slots[i] = Value::unset();
  const Value result = code->body->exec(frame);
  for (std::uint32_t i = 0; i < kCount; ++i) release(slots[i]);
  for (std::uint32_t i = kCount; i < slot_count; ++i) release(slots[i]);
  if constexpr (kMethod) memory::release(self.heap_object());
  if (frame.function != nullptr) memory::release(frame.function);
  if (frame.extras != nullptr) [[unlikely]]
    memory::release(frame.extras);
  return result.is_next() ? Value::nil() : result;
}

// --- builtins ---

// Values that live for one call: few on the native stack, more in a vector. Releases what it owns.
class ArgumentBuffer {
 public:
  ~ArgumentBuffer() {
    for (Value value : view()) release(value);
  }
  ArgumentBuffer() = default;
  ArgumentBuffer(const ArgumentBuffer&) = delete;
  ArgumentBuffer& operator=(const ArgumentBuffer&) = delete;

  void add(Value owned) {
    if (count_ < kInline && more_.empty()) {
      few_[count_++] = owned;
      return;
    }
    if (more_.empty()) {
      more_.assign(few_, few_ + count_);
      count_ = 0;
    }
    more_.push_back(owned);
  }
  Value& at(std::size_t index) { return more_.empty() ? few_[index] : more_[index]; }
  std::span<const Value> view() const {
    return more_.empty() ? std::span<const Value>(few_, count_) : std::span<const Value>(more_);
  }

 private:
  static constexpr std::size_t kInline = 8;
  Value few_[kInline];
  std::size_t count_ = 0;
  std::vector<Value> more_;
};

// Runs the builtin's function; what it could not raise by itself becomes an error of this call.
[[gnu::always_inline]] inline Value invoke(Call& call, const CallSite& site) {
  call.set_site(&site);
  Frame& caller = call.caller();
  Value result;
  try {
    result = call.spec().function(call);
  } catch (const std::exception&) {
    return caller.instance->raise_memory_error(caller, site.position);
  }
  if (result.is_raise()) [[unlikely]]
    caller.instance->locate(caller, site.position);
  return result;
}

// The argument [value] (owned) as a builtin with snapshots sees it.
Value settled(Frame& caller, const BuiltinSpec& spec, Value value, const CallSite& site) {
  if (!value.is_object()) return value;
  const Owned guard(value);
  return guarded(caller, site.position, [&] { return spec.snapshot(*caller.instance, value); });
}

[[gnu::noinline]] Value call_builtin_named(Frame& caller, const BuiltinSpec& spec, Value bound, const CallSite& site) {
  ArgumentBuffer arguments;
  for (const ArgumentCode& argument : site.arguments) {
    if (argument.name != nullptr) continue;
    const Value value = argument.value->eval(caller);
    if (value.is_raise()) return value;
    arguments.add(value);
  }
  ArgumentBuffer unknown;
  std::vector<Call::Named> named;
  for (const ArgumentCode& argument : site.arguments) {
    if (argument.name == nullptr) continue;
    const Value value = argument.value->eval(caller);
    if (value.is_raise()) return value;
    std::size_t index = 0;
    while (index < spec.parameters.size() &&
           (spec.parameters[index].positional_only || argument.name->view() != spec.parameters[index].name)) {
      ++index;
    }
    if (index == spec.parameters.size()) {
      unknown.add(value);
      named.push_back({argument.name, value});
      continue;
    }
    while (arguments.view().size() <= index) arguments.add(Value::unset());
    replace(arguments.at(index), value);
  }
  Call call(caller, spec, arguments.view(), bound);
  call.set_unknown_named(named);
  return invoke(call, site);
}

Value call_builtin(Frame& caller, const BuiltinSpec& spec, Value bound, const CallSite& site) {
  if (site.has_named) [[unlikely]]
    return call_builtin_named(caller, spec, bound, site);
  // The usual one to three arguments stay in registers and on the stack.
  constexpr std::size_t kFew = 4;
  const std::size_t count = site.positional.size();
  if (count <= kFew) [[likely]] {
    Value values[kFew];
    for (std::size_t i = 0; i < count; ++i) {
      values[i] = site.positional[i]->eval(caller);
      if (i < site.unsettled && spec.snapshot != nullptr) values[i] = settled(caller, spec, values[i], site);
      if (values[i].is_raise()) [[unlikely]] {
        while (i-- > 0) release(values[i]);
        return Value::raise();
      }
    }
    Call call(caller, spec, {values, count}, bound);
    const Value result = invoke(call, site);
    for (std::size_t i = 0; i < count; ++i) release(values[i]);
    return result;
  }
  ArgumentBuffer arguments;
  for (std::size_t i = 0; i < count; ++i) {
    Value value = site.positional[i]->eval(caller);
    if (i < site.unsettled && spec.snapshot != nullptr) value = settled(caller, spec, value, site);
    if (value.is_raise()) return value;
    arguments.add(value);
  }
  Call call(caller, spec, arguments.view(), bound);
  return invoke(call, site);
}

// The common call of a builtin: [kCount] positional arguments.
template <std::uint32_t kCount>
Value call_builtin_exactly(Frame& caller, const BuiltinSpec& spec, const Expression* const* arguments,
                           const CallSite& site) {
  if (site.unsettled != 0 && spec.snapshot != nullptr) return call_builtin(caller, spec, Value::nil(), site);
  Value values[kCount == 0 ? 1 : kCount];
  for (std::uint32_t i = 0; i < kCount; ++i) {
    values[i] = arguments[i]->eval(caller);
    if (values[i].is_raise()) [[unlikely]] {
      while (i-- > 0) release(values[i]);
      return Value::raise();
    }
  }
  Call call(caller, spec, {values, kCount});
  const Value result = invoke(call, site);
  for (std::uint32_t i = 0; i < kCount; ++i) release(values[i]);
  return result;
}

// --- constructors ---

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

namespace {

// A method call that is not the usual one; consumes [receiver].
[[gnu::noinline]] Value call_other_method(Frame& frame, Value receiver, String* name, Position name_position,
                                          const CallSite& site) {
  if (receiver.is_raise()) return receiver;
  Owned guard(receiver);
  const Value callee = get_property(frame, name_position, receiver, name);
  if (callee.is_raise()) return callee;
  const Owned callee_guard(callee);
  return call_value(frame, callee, guard.take(), site);
}

}  // namespace

// --- call nodes ---

namespace {

// How the callee of a call is found.
struct GlobalCallee {
  const GlobalRead* name;
  Callee find(Frame& frame) const { return name->peek_callee(frame); }
};

struct SlotCallee {
  std::uint32_t slot;
  const NameRead* name;
  Callee find(Frame& frame) const { return frame.dynamic == 0 ? Callee{frame.slot(slot)} : name->peek_callee(frame); }
};

struct NameCallee {
  const NameRead* name;
  Callee find(Frame& frame) const { return name->peek_callee(frame); }
};

// name(...) with [kCount] positional arguments.
template <class Finder, std::uint32_t kCount>
class ExactNameCall final : public Expression {
 public:
  ExactNameCall(Finder callee, const CallSite& site) : callee_(callee), site_(site) {
    std::copy_n(site.positional.begin(), kCount, arguments_);
  }
  Value eval(Frame& frame) const override { return call(frame); }
  double number(Frame& frame) const override { return in_register(call(frame)); }

 private:
  [[gnu::always_inline]] Value call(Frame& frame) const {
    const Callee callee = callee_.find(frame);
    if (callee.value.is_function() && callee.self.is_unset()) [[likely]] {
      Function* function = callee.value.function();
      const FunctionCode* code = function->code;
      if (code->exact_count == kCount && !stack_is_low(*frame.instance, code->stack_need)) [[likely]] {
        return call_exactly<kCount, false>(frame, function, code, Value::unset(), arguments_, &site_.position);
      }
    }
    return call_other_callee(frame, callee.value, callee.self);
  }
  [[gnu::noinline]] Value call_other_callee(Frame& frame, Value callee, Value self) const {
    if (callee.is_builtin() && self.is_unset()) [[likely]] {
      const BuiltinSpec& spec = frame.instance->engine().builtin(callee.builtin_index());
      return call_builtin_exactly<kCount>(frame, spec, arguments_, site_);
    }
    return call_value(frame, callee, self, site_);
  }

  Finder callee_;
  const Expression* arguments_[kCount == 0 ? 1 : kCount] = {};
  CallSite site_;
};

// name(...) with any arguments.
class GeneralNameCall final : public Expression {
 public:
  GeneralNameCall(const NameRead* callee, const CallSite& site) : callee_(callee), site_(site) {}
  Value eval(Frame& frame) const override {
    const Callee callee = callee_->peek_callee(frame);
    return call_value(frame, callee.value, callee.self, site_);
  }

 private:
  const NameRead* callee_;
  CallSite site_;
};

// receiver.name(...) with [kCount] positional arguments: the receiver is evaluated once and becomes `self`.
template <std::uint32_t kCount>
class ExactMethodCall final : public Expression {
 public:
  ExactMethodCall(const Expression* receiver, String* name, Position name_position, const CallSite& site)
      : receiver_(receiver), name_(name), name_position_(name_position), site_(site) {
    std::copy_n(site.positional.begin(), kCount, arguments_);
  }
  Value eval(Frame& frame) const override { return call(frame); }
  double number(Frame& frame) const override { return in_register(call(frame)); }

 private:
  [[gnu::always_inline]] Value call(Frame& frame) const {
    const Value receiver = receiver_->eval(frame);
    if (receiver.is_object()) [[likely]] {
      const Value* place = cache_.find(receiver.object(), name_);
      if (place != nullptr && place->is_function()) [[likely]] {
        Function* function = place->function();
        const FunctionCode* code = function->code;
        if (code->exact_count == kCount && !stack_is_low(*frame.instance, code->stack_need)) [[likely]] {
          return call_exactly<kCount, true>(frame, function, code, receiver, arguments_, &site_.position);
        }
      }
    }
    return call_other_method(frame, receiver, name_, name_position_, site_);
  }

  const Expression* receiver_;
  const Expression* arguments_[kCount == 0 ? 1 : kCount] = {};
  mutable InlineCache cache_;
  String* name_;
  Position name_position_;
  CallSite site_;
};

class GeneralMethodCall final : public Expression {
 public:
  GeneralMethodCall(const Expression* receiver, String* name, Position name_position, const CallSite& site)
      : receiver_(receiver), name_(name), name_position_(name_position), site_(site) {}
  Value eval(Frame& frame) const override {
    return call_other_method(frame, receiver_->eval(frame), name_, name_position_, site_);
  }

 private:
  const Expression* receiver_;
  String* name_;
  Position name_position_;
  CallSite site_;
};

// Any other expression as the callee.
class ValueCall final : public Expression {
 public:
  ValueCall(const Expression* callee, const CallSite& site) : callee_(callee), site_(site) {}
  Value eval(Frame& frame) const override {
    const Value callee = callee_->eval(frame);
    if (callee.is_raise()) return callee;
    const Owned guard(callee);
    return call_value(frame, callee, Value::unset(), site_);
  }

 private:
  const Expression* callee_;
  CallSite site_;
};

template <class Finder>
const Expression* make_exact_call(syntax::Arena& arena, Finder callee, const NameRead* name, const CallSite& site) {
  if (!site.has_named) {
    switch (site.positional.size()) {
      case 0:
        return arena.make<ExactNameCall<Finder, 0>>(callee, site);
      case 1:
        return arena.make<ExactNameCall<Finder, 1>>(callee, site);
      case 2:
        return arena.make<ExactNameCall<Finder, 2>>(callee, site);
      case 3:
        return arena.make<ExactNameCall<Finder, 3>>(callee, site);
      default:
        break;
    }
  }
  return arena.make<GeneralNameCall>(name, site);
}

}  // namespace

const Expression* make_name_call(syntax::Arena& arena, const NameRead* callee, bool is_global, const CallSite& site) {
  if (is_global) return make_exact_call(arena, GlobalCallee{static_cast<const GlobalRead*>(callee)}, callee, site);
  return make_exact_call(arena, NameCallee{callee}, callee, site);
}

const Expression* make_local_call(syntax::Arena& arena, std::uint32_t slot, const NameRead* callee,
                                  const CallSite& site) {
  return make_exact_call(arena, SlotCallee{slot, callee}, callee, site);
}

const Expression* make_method_call(syntax::Arena& arena, const Expression* receiver, String* name,
                                   Position name_position, const CallSite& site) {
  if (!site.has_named) {
    switch (site.positional.size()) {
      case 0:
        return arena.make<ExactMethodCall<0>>(receiver, name, name_position, site);
      case 1:
        return arena.make<ExactMethodCall<1>>(receiver, name, name_position, site);
      case 2:
        return arena.make<ExactMethodCall<2>>(receiver, name, name_position, site);
      case 3:
        return arena.make<ExactMethodCall<3>>(receiver, name, name_position, site);
      default:
        break;
    }
  }
  return arena.make<GeneralMethodCall>(receiver, name, name_position, site);
}

const Expression* make_value_call(syntax::Arena& arena, const Expression* callee, const CallSite& site) {
  return arena.make<ValueCall>(callee, site);
}

// --- calls from native code ---

namespace {

[[gnu::noinline]] Value call_script_with(Frame& caller, Function* function, std::span<const Value> arguments) {
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
    if (fallback == nullptr) continue;
    const Value value = evaluate_default(frame, *fallback);
    if (value.is_raise()) {
      drop_frame(frame);
      return value;
    }
    frame.slot(filled) = value;
  }
  return run_frame(frame);
}

}  // namespace

Value call_from_native(Frame& caller, Value function, std::span<const Value> arguments) {
  if (function.is_function()) {
    const auto call = [&] { return call_script_with(caller, function.function(), arguments); };
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
    Call call(caller, *spec, arguments, bound);
    return spec->function(call);
  };
  if (stack_is_low(*caller.instance, 0)) [[unlikely]] {
    return on_deeper_stack(caller, 0, nullptr, invoke_here, false);
  }
  return invoke_here();
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
    frame.self = outer != nullptr ? retain(outer->self) : Value::unset();
    frame.extras = outer != nullptr ? outer->extras : nullptr;
    if (frame.extras != nullptr) memory::retain(frame.extras);
    frame.dynamic = outer != nullptr ? outer->dynamic : 0;
    std::fill_n(frame.slots(), code.slot_count, Value::unset());
    return run_frame(frame);
  };
  Value result;
  return instance.with_stack(code.stack_need, [&] { result = run(); }) ? result : instance.raise_stack_overflow();
}

// --- what a builtin sees ---

memory::Heap& Call::heap() const { return caller_.instance->heap(); }

Host& Call::host() const { return caller_.instance->host(); }

Value Call::raise(std::string_view message) const { return caller_.instance->raise_unlocated(message); }

Value Call::requires_argument(std::string_view what) const {
  return raise(std::string(spec_.name) + "() requires " + std::string(what));
}

Value Call::string(std::string_view text) const { return Value(new_string(heap(), text)); }

Value Call::call(Value function, std::span<const Value> arguments) const {
  return call_from_native(caller_, function, arguments);
}

}  // namespace duso::execution
