#include "interpreter/execution/call_frame.hpp"

#include "interpreter/execution/operations.hpp"

namespace duso::execution {

void drop_frame(Frame& frame) {
  release_slots(frame, 0, frame.code->slot_count);
  end_frame(frame);
}

namespace {

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

}  // namespace

Value run_frame(Frame& frame) {
  if (frame.code->environment_slot != kNoSlot && !make_environment(frame)) [[unlikely]] {
    drop_frame(frame);
    return Value::raise();
  }
  const Value result = frame.code->body->exec(frame);
  drop_frame(frame);
  return result.is_next() ? Value::nil() : result;
}

}  // namespace duso::execution
