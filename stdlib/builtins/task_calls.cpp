#include "stdlib/builtins/task_calls.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "interpreter/values/opaque.hpp"
#include "interpreter/values/text_form.hpp"
#include "stdlib/builtins/callbacks.hpp"

namespace duso::stdlib {

using execution::Call;
using tasks::BoundCall;
using tasks::ScriptInstance;
using tasks::Task;
using tasks::TaskStatus;
using tasks::Wake;

const HostType kTaskType{
    .name = "task",
    .drop = [](void* payload) { static_cast<Task*>(payload)->release(); },
};

execution::CallOrigin origin_of(const Call& call) {
  const execution::Frame& caller = call.caller();
  return {caller.instance, caller.code, caller.root,
          call.site() != nullptr ? call.site()->position : syntax::Position{}};
}

BoundCall bound_call(const Call& call, std::size_t index) {
  BoundCall bound;
  bound.origin = origin_of(call);
  bound.function = Owned::share(call.argument(index));
  for (std::size_t i = index + 1; i < call.count(); ++i) bound.arguments.push_back(Owned::share(call.argument(i)));
  for (const Call::Named& named : call.unknown_named()) bound.named.push_back({named.name, Owned::share(named.value)});
  return bound;
}

std::optional<tasks::Instant> deadline_of(const Call& call, Value seconds) {
  if (seconds.is_nil()) return tasks::kNever;
  if (!seconds.is_number() || std::isnan(seconds.number()) || seconds.number() < 0) {
    call.raise(std::string(call.spec().name) + "() timeout must be a number of seconds");
    return std::nullopt;
  }
  return tasks::after(seconds.number());
}

std::optional<Wake> wait_for(Call& call, Task& task, tasks::Instant deadline) {
  if (task.is_finished()) return Wake::kReady;
  ScriptInstance& instance = task.instance();
  // Whoever waits for itself, be it round several corners, waits for ever.
  for (const Task* awaited = &task; awaited != nullptr; awaited = awaited->awaited()) {
    if (awaited != &instance.current()) continue;
    call.raise("deadlock: task " + instance.current().name() + " waits for itself");
    return std::nullopt;
  }
  tasks::Waiter waiter(instance.current());
  task.completion().add(waiter);
  instance.current().set_awaited(&task);
  const Wake wake = instance.park(call, {"task", true}, &waiter, deadline);
  instance.current().set_awaited(nullptr);
  return wake;
}

Value task_error(Call& call, Task& task) {
  if (task.status() == TaskStatus::kFailed) {
    task.mark_observed();
    return retain(task.error());
  }
  std::string message = "task cancelled";
  if (!task.cancel_reason().empty()) message += ": " + task.cancel_reason();
  // As thrown here: the task itself has no place to show.
  call.raise(message);
  call.instance().locate(call.caller(), call.site() != nullptr ? call.site()->position : syntax::Position{});
  return call.instance().take_error();
}

namespace {

// The active functions at [call], one line each as in a call stack.
std::string call_stack_lines(const Call& call) {
  execution::Instance& instance = call.instance();
  call.raise("");
  instance.locate(call.caller(), call.site() != nullptr ? call.site()->position : syntax::Position{});
  const std::string text = instance.pending_text();
  instance.discard_pending();
  const std::size_t frames = text.find("\n  at ");
  return frames != std::string::npos ? text.substr(frames) : std::string();
}

}  // namespace

Value task_result(Call& call, Task& task) {
  if (task.status() == TaskStatus::kCompleted) return retain(task.result());
  if (task.status() == TaskStatus::kCancelled) {
    return call.raise(task.cancel_reason().empty() ? "task cancelled" : "task cancelled: " + task.cancel_reason());
  }
  task.mark_observed();
  const Value error = task.error();
  if (!error.is(HeapType::kError)) return call.instance().raise_unlocated_value(retain(error));
  const std::string text = stack_text(as_error(error)) + "\n  awaited by" + call_stack_lines(call);
  return call.instance().raise_foreign(retain(as_error(error)->message), text);
}

}  // namespace duso::stdlib
