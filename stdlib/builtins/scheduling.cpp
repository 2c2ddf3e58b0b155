// What module `tasks` says and does about all tasks of a script: block_on, run_all, current, list, count, and its clock
// (tasks.md 3).
#include <chrono>
#include <cmath>
#include <string>

#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/task_calls.hpp"
#include "stdlib/builtins/task_module.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;
using tasks::ScriptInstance;
using tasks::Task;
using tasks::TaskList;
using tasks::Wake;

namespace {

constexpr double kNanosecond = 1e-9;   // seconds
constexpr double kMillisecond = 1e-3;  // seconds

double unix_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// Suspends the task for [seconds]; not above 0: until all that are ready have run.
Wake sleep_for(const Call& call, ScriptInstance& instance, double seconds) {
  if (!(seconds > 0)) return instance.yield(call);
  const Wake wake = instance.park(call, {"sleep"}, nullptr, tasks::after(seconds));
  return wake == Wake::kTimeout ? Wake::kReady : wake;
}

Value block_on(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  if (!call.argument(0).is_callable()) return call.raise("block_on() expects a function");
  Task& task = instance->start_task(bound_call(call, 0), {});
  const Owned held(Value::other(new_host_object(call.heap(), kTaskType, &task)));
  const std::optional<Wake> wake = wait_for(call, task, tasks::kNever);
  if (!wake.has_value()) return Value::raise();
  return *wake == Wake::kReady ? task_result(call, task) : instance->raise_woken(call, *wake);
}

Value run_all(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const std::optional<tasks::Instant> deadline = deadline_of(call, call.argument(0));
  if (!deadline.has_value()) return Value::raise();
  // Those count too that have just failed, and nobody knows.
  const std::size_t unnoticed = instance->note_failures();
  const std::size_t failed_before = instance->failure_count();
  Wake wake = Wake::kReady;
  if (instance->awaited_count(&instance->current()) != 0) {
    if (tasks::has_passed(*deadline)) return call.raise("timeout exceeded");
    tasks::Waiter waiter(instance->current());
    instance->all_done().add(waiter);
    wake = instance->park(call, {"all tasks", true}, &waiter, *deadline);
  }
  if (wake != Wake::kReady) return instance->raise_woken(call, wake);
  instance->note_failures();
  return Value(static_cast<double>(unnoticed + instance->failure_count() - failed_before));
}

Value current(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  Task& task = instance->current();
  task.retain();
  return new_task_handle(call, task);
}

// One entry of list(), owned by the caller.
Value describe(const Call& call, ScriptInstance& instance, const Task& task) {
  Owned entry(Value(new_object(call.heap(), instance.engine().shapes())));
  const auto set = [&](const char* name, Value value) {
    set_property(call.heap(), entry.get().object(), instance.engine().names().intern(name), value);
  };
  set("id", Value(static_cast<double>(task.id())));
  set("name", call.string(task.name()));
  set("status", Value(static_cast<double>(task.status())));
  set("waiting_for", task.is_waiting() ? call.string(task.wait_reason().what) : Value::nil());
  set("since", task.is_waiting() ? Value(static_cast<double>(task.waits_since()) * kNanosecond) : Value::nil());
  return entry.take();
}

Value list(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  std::vector<const Task*> unfinished;
  for (const Task* task = instance->first_task(); task != nullptr; task = TaskList::next(*task)) {
    unfinished.push_back(task);
  }
  std::ranges::sort(unfinished, {}, &Task::id);
  Owned entries(Value(new_array(call.heap(), unfinished.size())));
  for (const Task* task : unfinished) push(entries.get().array(), describe(call, *instance, *task));
  return entries.take();
}

Value count(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  return instance != nullptr ? Value(static_cast<double>(instance->task_count())) : Value::raise();
}

Value sleep_ms(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const std::optional<double> milliseconds = required_number(call, 0, "a number (milliseconds)");
  if (!milliseconds.has_value()) return Value::raise();
  if (*milliseconds < 0) return call.raise("sleep_ms() duration cannot be negative");
  const Wake wake = sleep_for(call, *instance, *milliseconds * kMillisecond);
  return wake == Wake::kReady ? Value::nil() : instance->raise_woken(call, wake);
}

Value sleep_until(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const std::optional<double> end = required_number(call, 0, "a number (unix time)");
  if (!end.has_value()) return Value::raise();
  // The clock of the wall may be set back meanwhile.
  do {
    const Wake wake = sleep_for(call, *instance, *end - unix_time());
    if (wake != Wake::kReady) return instance->raise_woken(call, wake);
  } while (unix_time() < *end);
  return Value::nil();
}

const BuiltinSpec kFunctions[] = {
    {.name = "block_on",
     .parameters = {{.name = "fn", .type = Type::kFunction, .positional_only = true}},
     .rest = "args",
     .may_suspend = true,
     .summary = "Runs `fn`, called with the further arguments, as a task, and returns its value or throws its error.",
     .example = "print(require(\"tasks\").block_on(upper, \"a\")) // A",
     .function = block_on,
     .crosses_instances = true},
    {.name = "run_all",
     .parameters = {{.name = "timeout", .type = Type::kNumber, .fallback = "nil"}},
     .returns = Type::kNumber,
     .may_suspend = true,
     .summary =
         "Waits until all other tasks but daemons have finished, and returns how many of them failed. Throws `timeout "
         "exceeded` after `timeout` seconds.",
     .example = "task(sleep, 0.01)\nprint(require(\"tasks\").run_all()) // 0",
     .function = run_all,
     .crosses_instances = true},
    {.name = "current",
     .returns = Type::kObject,
     .summary = "The handle of the task that calls it.",
     .example = "print(require(\"tasks\").current().name) // main",
     .function = current,
     .crosses_instances = true},
    {.name = "list",
     .returns = Type::kArray,
     .summary =
         "The tasks that have not finished: `{id, name, status, waiting_for, since}`, the last two telling what a task "
         "waits for and since when, on the clock of `now`; else nil.",
     .example = "print(require(\"tasks\").list()[0].name) // main",
     .function = list,
     .crosses_instances = true},
    {.name = "count",
     .returns = Type::kNumber,
     .summary = "How many tasks have not finished, the main one included.",
     .example = "print(require(\"tasks\").count()) // 1",
     .function = count,
     .crosses_instances = true},
    {.name = "sleep_ms",
     .parameters = {{.name = "milliseconds", .type = Type::kNumber}},
     .returns = Type::kNil,
     .may_suspend = true,
     .summary = "Suspends the calling task for at least `milliseconds`.",
     .example = "print(require(\"tasks\").sleep_ms(1)) // nil",
     .function = sleep_ms,
     .crosses_instances = true},
    {.name = "now",
     .returns = Type::kNumber,
     .summary = "Seconds on a clock that is never set, for measuring how much time has passed.",
     .example = "t = require(\"tasks\")\nstart = t.now()\nprint(t.now() >= start) // true",
     .function = [](Call&) -> Value { return Value(static_cast<double>(tasks::now()) * kNanosecond); },
     .crosses_instances = true},
    {.name = "sleep_until",
     .parameters = {{.name = "time", .type = Type::kNumber}},
     .returns = Type::kNil,
     .may_suspend = true,
     .summary = "Suspends the calling task until the Unix time `time`.",
     .example = "print(require(\"tasks\").sleep_until(0)) // nil",
     .function = sleep_until,
     .crosses_instances = true},
};

}  // namespace

ModuleFunctions scheduling_functions() { return kFunctions; }

}  // namespace duso::stdlib
