#include "runtime/tasks/channel.hpp"

#include "interpreter/values/array.hpp"
#include "runtime/tasks/script_instance.hpp"

namespace duso::tasks {

namespace {

constexpr WaitReason kWaitsForChannel{"channel", true};

}  // namespace

Channel::Channel(ScriptInstance& instance, std::size_t capacity)
    : instance_(instance), values_(Value(new_array(instance.heap()))), capacity_(capacity) {}

std::size_t Channel::size() const { return values_.get().array()->size; }

bool Channel::try_send(Value value) {
  if (is_closed_) return false;
  if (Waiter* const receiver = receivers_.first()) {
    receiver->value = retain(value);
    instance_.serve(*receiver);
    return true;
  }
  if (size() >= capacity_) return false;
  push(values_.get().array(), retain(value));
  return true;
}

std::optional<Value> Channel::try_receive() {
  Array* const values = values_.get().array();
  Waiter* const sender = senders_.first();
  if (values->size == 0 && sender == nullptr) return std::nullopt;
  if (sender == nullptr) return shift(values);
  Value next = sender->value;
  if (values->size != 0) {
    push(values, retain(next));  // before anything else changes: there may be no memory for it
    release(next);
    next = shift(values);
  }
  instance_.serve(*sender);
  return next;
}

bool Channel::send(const execution::Call& call, Value value, Instant deadline) {
  if (try_send(value)) return true;
  Wake wake = Wake::kReady;
  if (!is_closed_ && has_passed(deadline)) {
    wake = Wake::kTimeout;
  } else if (!is_closed_) {
    Waiter waiter(instance_.current());
    waiter.value = retain(value);
    senders_.add(waiter);
    wake = instance_.park(call, kWaitsForChannel, &waiter, deadline);
    if (waiter.served) return true;  // and its value has gone
    release(waiter.value);
  }
  // Woken but not served: the channel was closed.
  wake == Wake::kReady ? call.raise("channel is closed") : instance_.raise_woken(call, wake);
  return false;
}

Channel::Received Channel::receive(const execution::Call& call, Instant deadline) {
  if (const std::optional<Value> value = try_receive()) return {*value};
  if (is_closed_ || has_passed(deadline)) return {Value::nil(), false};
  Waiter waiter(instance_.current());
  receivers_.add(waiter);
  const Wake wake = instance_.park(call, kWaitsForChannel, &waiter, deadline);
  if (waiter.served) return {waiter.value};
  if (wake == Wake::kReady || wake == Wake::kTimeout) return {Value::nil(), false};
  return {instance_.raise_woken(call, wake)};
}

void Channel::close() {
  is_closed_ = true;
  while (Waiter* const sender = senders_.first()) instance_.wake(sender->task);
  while (Waiter* const receiver = receivers_.first()) instance_.wake(receiver->task);
}

}  // namespace duso::tasks
