#include "interpreter/execution/loops.hpp"

#include <limits>
#include <string>

#include "interpreter/values/arithmetic.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/number_text.hpp"
#include "interpreter/values/object.hpp"

namespace duso::execution {

namespace {

constexpr std::int64_t kLastInteger = std::numeric_limits<std::int64_t>::max();

}  // namespace

bool ForNumeric::bound(Frame& frame, const Expression* expression, const char* which, std::int64_t& result) const {
  const Value value = expression->eval(frame);
  if (value.is_raise()) return false;
  if (!value.is_number()) {
    release(value);
    frame.instance->raise(frame, position_, std::string("for loop ") + which + " must be a number");
    return false;
  }
  const std::optional<std::int64_t> whole = to_integral(value.number());
  if (!whole.has_value()) {
    frame.instance->raise(
        frame, position_,
        std::string("for loop ") + which + " must be an integer, got " + display_text(value.number()));
    return false;
  }
  result = *whole;
  return true;
}

Value ForNumeric::exec(Frame& frame) const {
  std::int64_t counter = 0;
  std::int64_t last = 0;
  std::int64_t step = 1;
  if (!bound(frame, first_, "start", counter) || !bound(frame, last_, "end", last)) return Value::raise();
  if (step_ != nullptr) {
    if (!bound(frame, step_, "step", step)) return Value::raise();
    if (step == 0) return frame.instance->raise(frame, position_, "for loop step cannot be zero");
  }
  if (!enter_scope(frame, scope_, position_)) return Value::raise();
  const Value flow = body_.with_count([&](auto count) {
    // The simple loop may not run into the largest integer.
    if (step == 1 && last != kLastInteger) return count_up<count()>(frame, counter, last);
    return count_by<count()>(frame, counter, last, step);
  });
  leave_scope(frame, scope_);
  return flow;
}

template <std::size_t kCount>
Value ForNumeric::count_up(Frame& frame, std::int64_t counter, std::int64_t last) const {
  Value& variable = variable_.place(frame, scope_);
  const std::atomic<std::uint32_t>& interrupt = frame.instance->interrupt_flag();
  for (; counter <= last; ++counter) {
    if (variable.is_heap()) [[unlikely]]
      release(variable);
    variable = Value(static_cast<double>(counter));
    Value flow = body_.exec<kCount>(frame);
    if (flow.is_next() && interrupt.load(std::memory_order_relaxed) == 0) [[likely]]
      continue;
    if (end_turn(frame, flow, body_) == Turn::kLeave) return flow;
  }
  return Value::next();
}

template <std::size_t kCount>
Value ForNumeric::count_by(Frame& frame, std::int64_t counter, std::int64_t last, std::int64_t step) const {
  Value& variable = variable_.place(frame, scope_);
  const std::atomic<std::uint32_t>& interrupt = frame.instance->interrupt_flag();
  while (step > 0 ? counter <= last : counter >= last) {
    if (variable.is_heap()) [[unlikely]]
      release(variable);
    variable = Value(static_cast<double>(counter));
    Value flow = body_.exec<kCount>(frame);
    if (!flow.is_next() || interrupt.load(std::memory_order_relaxed) != 0) [[unlikely]] {
      if (end_turn(frame, flow, body_) == Turn::kLeave) return flow;
    }
    if (__builtin_add_overflow(counter, step, &counter)) break;
  }
  return Value::next();
}

Value ForEach::exec(Frame& frame) const {
  const Value container = container_->eval(frame);
  if (container.is_raise()) return container;
  Owned guard(container);
  if (!container.is_array() && !container.is_object()) {
    return frame.instance->raise(frame, position_, "can only iterate over arrays and objects");
  }
  if (!enter_scope(frame, scope_, position_)) return Value::raise();
  const Value flow = body_.with_count([&](auto count) {
    return container.is_array() ? walk_array<count()>(frame, container.array())
                                : walk_keys<count()>(frame, container.object());
  });
  leave_scope(frame, scope_);
  return flow;
}

template <std::size_t kCount>
Value ForEach::walk_array(Frame& frame, Array* array) const {
  const ArrayWalk walk(array);
  Value& variable = variable_.place(frame, scope_);
  for (std::uint32_t i = 0; i < walk.size(); ++i) {
    replace(variable, retain(walk[i]));
    Value flow = body_.exec<kCount>(frame);
    if (end_turn(frame, flow, body_) == Turn::kLeave) return flow;
  }
  return Value::next();
}

template <std::size_t kCount>
Value ForEach::walk_keys(Frame& frame, const Object* object) const {
  // Keys are never removed and new ones come last, so the number at the start says which keys to visit.
  const std::uint32_t count = property_count(object);
  Value& variable = variable_.place(frame, scope_);
  for (std::uint32_t i = 0; i < count; ++i) {
    replace(variable, retain(Value(property_name(object, i))));
    Value flow = body_.exec<kCount>(frame);
    if (end_turn(frame, flow, body_) == Turn::kLeave) return flow;
  }
  return Value::next();
}

}  // namespace duso::execution
