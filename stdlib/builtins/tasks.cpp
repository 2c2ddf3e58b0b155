// Tasks: task, yield_now, defer, with_timeout, and the methods of task handles (tasks.md 3, 4).
#include <cmath>
#include <string>

#include "interpreter/values/object.hpp"
#include "interpreter/values/string.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/task_calls.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Parameter;
using execution::Type;
using tasks::ScriptInstance;
using tasks::Task;
using tasks::TaskOptions;
using tasks::TaskStatus;
using tasks::Wake;

namespace {

// --- methods of handles ---

// Waits for the task of this handle. Nothing, and the call has to return Value::raise(), unless it has finished or the
// time is over.
std::optional<Wake> join(Call& call) {
  Task& task = bound_payload<Task>(call);
  if (task.is_finished()) return Wake::kReady;
  const std::optional<tasks::Instant> deadline = deadline_of(call, call.argument(0));
  if (!deadline.has_value()) return std::nullopt;
  const std::optional<Wake> wake = wait_for(call, task, *deadline);
  if (!wake.has_value() || *wake == Wake::kReady || *wake == Wake::kTimeout) return wake;
  task.instance().raise_woken(call, *wake);
  return std::nullopt;
}

Value handle_get(Call& call) {
  const std::optional<Wake> wake = join(call);
  if (!wake.has_value()) return Value::raise();
  Task& task = bound_payload<Task>(call);
  return *wake == Wake::kReady ? task_result(call, task) : call.raise("timeout exceeded");
}

Value handle_wait(Call& call) {
  const Value value = handle_get(call);
  if (value.is_raise()) return value;
  release(value);
  return Value::nil();
}

Value handle_join(Call& call) {
  const std::optional<Wake> wake = join(call);
  if (!wake.has_value()) return Value::raise();
  if (*wake == Wake::kReady) bound_payload<Task>(call).mark_observed();
  return Value(*wake == Wake::kReady);
}

Value handle_error(Call& call) {
  Task& task = bound_payload<Task>(call);
  return task.is_finished() && task.status() != TaskStatus::kCompleted ? task_error(call, task) : Value::nil();
}

Value handle_cancel(Call& call) {
  Task& task = bound_payload<Task>(call);
  const String* reason = optional_string(call, 0);
  return Value(task.instance().cancel(task, reason != nullptr ? reason->view() : std::string_view()));
}

// The handle itself: all of them mean the same task, so a new one is as good.
Value handle_detach(Call& call) {
  Task& task = bound_payload<Task>(call);
  task.detach();
  task.retain();
  return new_task_handle(call, task);
}

const Parameter kTimeout{.name = "timeout", .type = Type::kNumber, .fallback = "nil"};

const BuiltinSpec kHandleMethods[] = {
    {.name = "get",
     .parameters = {kTimeout},
     .may_suspend = true,
     .summary = "Waits for the task, at most `timeout` seconds, and returns its value; throws its error.",
     .example = "print(task(function() return 42 end).get()) // 42",
     .function = handle_get},
    {.name = "wait",
     .parameters = {kTimeout},
     .returns = Type::kNil,
     .may_suspend = true,
     .summary = "Waits for the task, at most `timeout` seconds; throws its error.",
     .example = "print(task(function() return 42 end).wait()) // nil",
     .function = handle_wait},
    {.name = "join",
     .parameters = {kTimeout},
     .returns = Type::kBoolean,
     .may_suspend = true,
     .summary = "Waits until the task has finished, however it does, for at most `timeout` seconds. False: it has not.",
     .example = "print(task(function() throw(1) end).join()) // true",
     .function = handle_join},
    {.name = "done",
     .returns = Type::kBoolean,
     .summary = "Whether the task has finished, however it did.",
     .example = "print(task(sleep, 0).done()) // false",
     .function = [](Call& call) -> Value { return Value(bound_payload<Task>(call).is_finished()); }},
    {.name = "status",
     .returns = Type::kNumber,
     .summary = "One of the constants `TASK_PENDING`, `TASK_RUNNING`, `TASK_READY`, `TASK_COMPLETED`, `TASK_FAILED`, "
                "`TASK_CANCELLED`.",
     .example = "print(task(sleep, 0).status() == TASK_PENDING) // true",
     .function = [](Call& call) -> Value { return Value(static_cast<double>(bound_payload<Task>(call).status())); }},
    {.name = "error",
     .returns = Type::kError | Type::kNil,
     .summary = "The error of a task that failed or was cancelled, else nil.",
     .example = R"(t = task(function() throw("no") end)
t.join()
print(t.error().message) // no)",
     .function = handle_error},
    {.name = "cancel",
     .parameters = {{.name = "reason", .type = Type::kString, .fallback = "nil"}},
     .returns = Type::kBoolean,
     .summary = "Asks the task to end where it waits. True if it had not finished yet.",
     .example = "print(task(sleep, 60).cancel()) // true",
     .function = handle_cancel},
    {.name = "is_cancelled",
     .returns = Type::kBoolean,
     .summary = "Whether the task ended because it was cancelled.",
     .example = "print(task(sleep, 0).is_cancelled()) // false",
     .function = [](Call& call) -> Value {
       return Value(bound_payload<Task>(call).status() == TaskStatus::kCancelled);
     }},
    {.name = "detach",
     .returns = Type::kObject,
     .summary = "Makes the task a daemon: the script does not wait for it at its end. Returns the handle.",
     .example = "print(task(sleep, 60).detach().done()) // false",
     .function = handle_detach},
};

// --- starting tasks ---

// Reads the options of task(). False, and an error is pending, if there is one that does not exist or has a wrong type.
bool read_options(const Call& call, const Object* object, TaskOptions& options) {
  const std::uint32_t count = property_count(object);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string_view name = property_name(object, i)->view();
    const Value value = property_value(object, i);
    const auto wrong = [&](const char* what) {
      call.raise("task() option \"" + std::string(name) + "\" must be " + what);
      return false;
    };
    if (name == "name") {
      if (!value.is_string()) return wrong("a string");
      options.name = value.string()->view();
    } else if (name == "timeout" || name == "cleanup_timeout") {
      if (!value.is_number() || !(value.number() >= 0)) return wrong("a number of seconds");
      (name == "timeout" ? options.timeout : options.cleanup_timeout) = value.number();
    } else if (name == "daemon") {
      if (!value.is_boolean()) return wrong("true or false");
      options.is_daemon = value.is_true();
    } else {
      call.raise("task() unknown option \"" + std::string(name) + "\"");
      return false;
    }
  }
  return true;
}

Value start_task(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  TaskOptions options;
  std::size_t function = 0;
  if (call.argument(0).is_object()) {
    function = 1;
    if (call.argument(1).is_callable() && !read_options(call, call.argument(0).object(), options)) {
      return Value::raise();
    }
  }
  if (!call.argument(function).is_callable()) return call.raise("task() expects a function");
  return new_task_handle(call, instance->start_task(bound_call(call, function), std::move(options)));
}

Value yield_now(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const Wake wake = instance->yield(call);
  return wake == Wake::kReady ? Value::nil() : instance->raise_woken(call, wake);
}

Value sleep(Call& call) {
  double seconds = 1;
  if (call.has(0)) {
    if (!call.argument(0).is_number()) return call.requires_argument("a number (seconds)");
    seconds = call.argument(0).number();
  }
  if (seconds < 0) return call.raise("sleep() duration cannot be negative");
  if (seconds == 0) return yield_now(call);
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const Wake wake = instance->park(call, {"sleep"}, nullptr, tasks::after(seconds));
  return wake == Wake::kTimeout ? Value::nil() : instance->raise_woken(call, wake);
}

Value defer(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  if (!call.argument(0).is_callable()) return call.raise("defer() expects a function");
  instance->defer(bound_call(call, 0));
  return Value::nil();
}

// Runs a function as a child and does not go on before it has ended.
Value with_timeout(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  if (!call.argument(0).is_number() || !(call.argument(0).number() >= 0)) {
    return call.raise("with_timeout() expects a number of seconds");
  }
  if (!call.argument(1).is_callable()) return call.raise("with_timeout() expects a function");
  const tasks::Instant deadline = tasks::after(call.argument(0).number());
  Task& child = instance->start_task(bound_call(call, 1), {});
  const HostObject* const host = new_host_object(call.heap(), kTaskType, &child);
  const Owned held(Value::other(const_cast<HostObject*>(host)));
  child.mark_observed();
  const std::optional<Wake> wake = wait_for(call, child, deadline);
  if (wake == Wake::kReady) return task_result(call, child);
  // Whatever ended the wait: the child goes first.
  instance->cancel(child, "timeout exceeded", true);
  instance->mask();
  if (!child.is_finished()) wait_for(call, child, tasks::kNever);
  instance->unmask();
  return instance->raise_woken(call, wake.value_or(Wake::kTimeout));
}

// --- the table ---

const BuiltinSpec kTask{
    .name = "task",
    .parameters = {{.name = "fn", .type = Type::kFunction | Type::kObject, .positional_only = true}},
    .rest = "args",
    .returns = Type::kObject,
    .errors = {"task() expects a function", "task() option \"{option}\" must be {type}",
               "task() unknown option \"{option}\""},
    .summary =
        "Starts `fn`, called with the further arguments, as a task of this script: it shares all variables and runs "
        "while others wait. An object in front gives options: `{name, timeout, daemon, cleanup_timeout}`. Returns a "
        "handle with `id`, `name` and the methods `get`, `wait`, `join`, `done`, `status`, `error`, `cancel`, "
        "`is_cancelled`, `detach`.",
    .example = R"(t = task(function(a, b) sleep(0.01) return a + b end, 40, b = 2)
print(t.get()) // 42)",
    .function = start_task,
    .takes_other_names = true,
};

const BuiltinSpec kYieldNow{
    .name = "yield_now",
    .returns = Type::kNil,
    .may_suspend = true,
    .summary = "Lets every task that is ready now run once before the caller goes on.",
    .example = R"(task(print, "first") // first
yield_now()
print("second") // second)",
    .function = yield_now,
};

const BuiltinSpec kSleep{
    .name = "sleep",
    .parameters = {{.name = "seconds", .type = Type::kNumber, .fallback = "1"}},
    .returns = Type::kNil,
    .may_suspend = true,
    .errors = {"sleep() requires a number (seconds)", "sleep() duration cannot be negative"},
    .summary = "Suspends the calling task for at least `seconds`, fractions included; `sleep(0)` yields once.",
    .example = R"(print(sleep(0.01)) // nil)",
    .function = sleep,
};

const BuiltinSpec kDefer{
    .name = "defer",
    .parameters = {{.name = "fn", .type = Type::kFunction, .positional_only = true}},
    .rest = "args",
    .returns = Type::kNil,
    .errors = {"defer() expects a function"},
    .summary =
        "Registers `fn`, with the further arguments, as a cleanup of the current task. Cleanups run when the task "
        "ends, however it ends; the last one registered runs first.",
    .example = R"(defer(print, "last")
print("first")
// first
// last)",
    .function = defer,
    .takes_other_names = true,
};

const BuiltinSpec kWithTimeout{
    .name = "with_timeout",
    .parameters = {{.name = "seconds", .type = Type::kNumber, .positional_only = true},
                   {.name = "fn", .type = Type::kFunction, .positional_only = true}},
    .rest = "args",
    .may_suspend = true,
    .errors = {"with_timeout() expects a number of seconds", "with_timeout() expects a function", "timeout exceeded"},
    .summary =
        "Runs `fn`, with the further arguments, as a child task and returns its value or throws its error. When "
        "`seconds` have passed, the child is cancelled and `timeout exceeded` is thrown.",
    .example = R"(try
  with_timeout(0.01, sleep, 60)
catch (e)
  print(e.message) // timeout exceeded
end)",
    .function = with_timeout,
    .takes_other_names = true,
};

BuiltinSpec status_constant(const char* name, TaskStatus status, const char* summary, const char* example) {
  return {.name = name,
          .returns = Type::kNumber,
          .summary = summary,
          .example = example,
          .function = nullptr,
          .constant = static_cast<double>(status)};
}

const BuiltinSpec kPending =
    status_constant("TASK_PENDING", TaskStatus::kPending, "The status of a task that has not started, or waits.",
                    "print(TASK_PENDING) // 0");
const BuiltinSpec kRunning = status_constant(
    "TASK_RUNNING", TaskStatus::kRunning, "The status of the task that is executing now.", "print(TASK_RUNNING) // 1");
const BuiltinSpec kReady = status_constant("TASK_READY", TaskStatus::kReady,
                                           "The status of a task that is queued to run.", "print(TASK_READY) // 2");
const BuiltinSpec kCompleted = status_constant("TASK_COMPLETED", TaskStatus::kCompleted,
                                               "The status of a task that returned.", "print(TASK_COMPLETED) // 3");
const BuiltinSpec kFailed = status_constant(
    "TASK_FAILED", TaskStatus::kFailed, "The status of a task that ended with an error.", "print(TASK_FAILED) // 4");
const BuiltinSpec kCancelled =
    status_constant("TASK_CANCELLED", TaskStatus::kCancelled, "The status of a task that ended by cancellation.",
                    "print(TASK_CANCELLED) // 5");

const BuiltinSpec* const kTable[] = {&kTask,    &kYieldNow, &kSleep,     &kDefer,  &kWithTimeout, &kPending,
                                     &kRunning, &kReady,    &kCompleted, &kFailed, &kCancelled};

}  // namespace

Value new_task_handle(Call& call, Task& task) {
  const double id = task.id();
  return new_handle(call, kTaskType, &task, {{"id", Value(id)}, {"name", call.string(task.name())}}, kHandleMethods);
}

Family task_builtins() { return kTable; }

}  // namespace duso::stdlib
