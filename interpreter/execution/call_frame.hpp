// Setting up and taking down the frame of a call, and making sure that there is stack for it.
//
// These are the steps that all ways to call a script function share. They are inline where a call is counted in
// nanoseconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "interpreter/execution/code.hpp"
#include "interpreter/execution/instance.hpp"

namespace duso::execution {

inline bool stack_is_low(const Instance& instance, std::size_t bytes) {
  return static_cast<const char*>(__builtin_frame_address(0)) - bytes < instance.stack_limit();
}

// Runs [body] as a call for which the stack seemed to be low: that may also be an interrupt, or a depth limit. Returns
// its value. A null [position] leaves the error for the builtin's call to locate.
template <class Body>
[[gnu::noinline]] Value on_deeper_stack(Frame& caller, std::size_t bytes, const Position* position, const Body& body,
                                        bool is_script_call = true) {
  Instance& instance = *caller.instance;
  if (instance.interrupted() &&
      instance.at_safe_point(caller, position != nullptr ? *position : Position{}).is_raise()) {
    return Value::raise();
  }
  Value result;
  const auto run = [&] { result = body(); };
  if (is_script_call ? instance.call_deeper(bytes, run) : instance.with_stack(bytes, run)) return result;
  instance.raise_stack_overflow();
  if (position != nullptr) instance.locate(caller, *position);
  return Value::raise();
}

inline std::size_t frame_bytes(const FunctionCode& code) { return sizeof(Frame) + code.slot_count * sizeof(Value); }

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

// Gives up a whole frame, variables included.
void drop_frame(Frame& frame);

// Runs the body of a frame whose parameters are in place, and takes the frame down.
Value run_frame(Frame& frame);

}  // namespace duso::execution
