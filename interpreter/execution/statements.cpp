#include "interpreter/execution/statements.hpp"

namespace duso::execution {

Value RaiseError::exec(Frame& frame) const {
  if (before_ != nullptr) {
    const Value value = before_->eval(frame);
    if (value.is_raise()) return value;
    release(value);
  }
  if (!is_located_) return frame.instance->raise_unlocated(message_);
  return frame.instance->raise(frame, position_, message_);
}

Value TryCatch::handle(Frame& frame) const {
  Instance& instance = *frame.instance;
  if (!instance.is_catchable()) return Value::raise();
  if (wants_error_) {
    const Value error = instance.take_error(frame, position_);
    if (error.is_raise()) return error;
    Owned guard(error);
    if (!enter_scope(frame, scope_, position_)) return Value::raise();
    replace(variable_.place(frame, scope_), guard.take());
  } else {
    instance.discard_pending();
    if (!enter_scope(frame, scope_, position_)) return Value::raise();
  }
  const Value flow = handler_->exec(frame);
  leave_scope(frame, scope_);
  return flow;
}

}  // namespace duso::execution
