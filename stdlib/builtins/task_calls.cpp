#include "stdlib/builtins/task_calls.hpp"

#include <cmath>
#include <string>
#include <utility>

namespace duso::stdlib {

using execution::Call;
using tasks::BoundCall;
using tasks::ScriptInstance;
using tasks::Task;
using tasks::TaskGroup;
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

std::optional<std::size_t> whole_number(Value value) {
  constexpr double kLargest = 9007199254740992.0;  // 2^53: up to here every whole number is exact
  if (!value.is_number() || value.number() != std::trunc(value.number())) return std::nullopt;
  if (value.number() < 0 || value.number() > kLargest) return std::nullopt;
  return static_cast<std::size_t>(value.number());
}

std::optional<tasks::Instant> deadline_of(const Call& call, Value seconds) {
  if (seconds.is_nil()) return tasks::kNever;
  if (!seconds.is_number() || std::isnan(seconds.number()) || seconds.number() < 0) {
    call.raise(std::string(call.spec().name) + "() timeout must be a number of seconds");
    return std::nullopt;
  }
  return tasks::after(seconds.number());
}

namespace {

// Makes the error of one who would wait for itself.
std::nullopt_t raise_own_deadlock(Call& call, const ScriptInstance& instance) {
  call.raise("deadlock: task " + instance.current().name() + " waits for itself");
  return std::nullopt;
}

}  // namespace

std::optional<Wake> wait_for(Call& call, Task& task, tasks::Instant deadline, const char* what) {
  if (task.is_finished()) return Wake::kReady;
  ScriptInstance& instance = task.instance();
  // Whoever waits for itself, be it round several corners, waits for ever.
  for (const Task* awaited = &task; awaited != nullptr; awaited = awaited->awaited()) {
    if (awaited == &instance.current()) return raise_own_deadlock(call, instance);
  }
  if (tasks::has_passed(deadline)) return Wake::kTimeout;
  tasks::Waiter waiter(instance.current());
  task.completion().add(waiter);
  instance.current().set_awaited(&task);
  const Wake wake = instance.park(call, {what, true}, &waiter, deadline);
  instance.current().set_awaited(nullptr);
  return wake;
}

std::optional<Wake> wait_for(Call& call, TaskGroup& group, tasks::Instant deadline, const char* what) {
  if (group.is_done()) return Wake::kReady;
  ScriptInstance& instance = group.instance();
  if (group.has(instance.current())) return raise_own_deadlock(call, instance);
  if (tasks::has_passed(deadline)) return Wake::kTimeout;
  tasks::Waiter waiter(instance.current());
  group.finished().add(waiter);
  return instance.park(call, {what, true}, &waiter, deadline);
}

Wake cancel_and_join(Call& call, TaskGroup& group, std::string_view reason, const char* what) {
  ScriptInstance& instance = group.instance();
  group.cancel(reason);
  instance.mask();
  const std::optional<Wake> wake = wait_for(call, group, tasks::kNever, what);
  instance.unmask();
  if (wake.has_value()) return *wake;
  instance.discard_pending();
  return Wake::kDeadlock;
}

Value task_result(Call& call, Task& task) {
  return task.status() == TaskStatus::kCompleted ? retain(task.result()) : raise_task_error(call, task);
}

}  // namespace duso::stdlib
