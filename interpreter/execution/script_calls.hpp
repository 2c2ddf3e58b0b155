// Calls of script functions.
#pragma once

#include "interpreter/execution/call_frame.hpp"
#include "interpreter/execution/calls.hpp"

namespace duso::execution {

// Any call of a script function: defaults, named arguments, too many or too few of them. Consumes [self].
Value call_script(Frame& caller, Function* function, Value self, const CallSite& site);

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

}  // namespace duso::execution
