// task_group: tasks that are started and waited for together (tasks.md 4.1).
#include <cmath>
#include <string>

#include "interpreter/values/text_form.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/task_calls.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;
using tasks::ScriptInstance;
using tasks::Task;
using tasks::TaskGroup;
using tasks::TaskStatus;
using tasks::Wake;

const HostType kGroupType{
    .name = "task group",
    .drop = [](void* payload) { static_cast<TaskGroup*>(payload)->release(); },
};

namespace {

TaskGroup& group_of(const Call& call) { return bound_payload<TaskGroup>(call); }

// The member that the first argument names; null, and an error is pending, if there is none.
Task* required_member(const Call& call) {
  TaskGroup& group = group_of(call);
  const Value index = call.argument(0);
  const bool is_whole = index.is_number() && index.number() == std::trunc(index.number());
  if (is_whole && index.number() >= 0 && index.number() < static_cast<double>(group.total())) {
    return &group.member(static_cast<std::size_t>(index.number()));
  }
  call.raise("task group has no task " + display_text(index));
  return nullptr;
}

bool has_error(const Task& task) {
  return task.status() == TaskStatus::kFailed || task.status() == TaskStatus::kCancelled;
}

// --- methods ---

Value spawn(Call& call) {
  TaskGroup& group = group_of(call);
  if (!call.argument(0).is_callable()) return call.raise("spawn() expects a function");
  if (group.is_closed()) return call.raise("task group \"" + group.name() + "\" is cancelled");
  return Value(static_cast<double>(group.add(bound_call(call, 0))));
}

Value run(Call& call) {
  TaskGroup& group = group_of(call);
  const std::optional<tasks::Instant> deadline = deadline_of(call, call.argument(0));
  if (!deadline.has_value()) return Value::raise();
  group.start();
  const std::optional<Wake> wake = wait_for(call, group, *deadline);
  if (!wake.has_value()) return Value::raise();
  if (wake != Wake::kReady) cancel_and_join(call, group);
  group.mark_observed();
  return wake == Wake::kReady ? Value(group.all_returned()) : group.instance().raise_woken(call, *wake);
}

// The group itself: all handles mean the same group, so a new one is as good.
Value start(Call& call) {
  TaskGroup& group = group_of(call);
  group.start();
  group.retain();
  return new_group_handle(call, group);
}

Value cancel(Call& call) {
  const String* reason = optional_string(call, 0);
  return Value(static_cast<double>(group_of(call).cancel(reason != nullptr ? reason->view() : std::string_view())));
}

Value member_result(Call& call) {
  const Task* task = required_member(call);
  return task != nullptr ? retain(task->result()) : Value::raise();
}

Value member_error(Call& call) {
  Task* const task = required_member(call);
  if (task == nullptr) return Value::raise();
  return has_error(*task) ? task_error(call, *task) : Value::nil();
}

Value member_has_error(Call& call) {
  Task* const task = required_member(call);
  if (task == nullptr) return Value::raise();
  task->mark_observed();
  return Value(has_error(*task));
}

Value member_status(Call& call) {
  const Task* task = required_member(call);
  return task != nullptr ? Value(static_cast<double>(task->status())) : Value::raise();
}

Value member_handle(Call& call) {
  Task* const task = required_member(call);
  if (task == nullptr) return Value::raise();
  task->retain();
  return new_task_handle(call, *task);
}

Value set_cancel_on_error(Call& call) {
  if (!call.argument(0).is_boolean()) return call.requires_argument("true or false");
  group_of(call).set_cancel_on_error(call.argument(0).is_true());
  return Value::nil();
}

Value set_max_concurrency(Call& call) {
  const std::optional<std::size_t> count = whole_number(call.argument(0));
  if (!count.has_value()) return call.requires_argument("a whole number of at least 0");
  group_of(call).set_max_concurrency(*count);
  return Value::nil();
}

Value cleanup(Call& call) {
  TaskGroup& group = group_of(call);
  if (group.has(group.instance().current())) {
    wait_for(call, group, tasks::kNever);  // for itself, which is an error
    return Value::raise();
  }
  const Wake wake = cancel_and_join(call, group);
  if (wake != Wake::kReady) return group.instance().raise_woken(call, wake);
  group.mark_observed();
  group.clear();
  return Value::nil();
}

const execution::Parameter kIndex{.name = "index", .type = Type::kNumber};

const BuiltinSpec kMethods[] = {
    {.name = "spawn",
     .parameters = {{.name = "fn", .type = Type::kFunction, .positional_only = true}},
     .rest = "args",
     .returns = Type::kNumber,
     .summary = "Adds a task that calls `fn` with the further arguments, and returns its index, from 0 on.",
     .example = "print(task_group().spawn(sleep, 0)) // 0",
     .function = spawn},
    {.name = "run",
     .parameters = {{.name = "timeout", .type = Type::kNumber, .fallback = "nil"}},
     .returns = Type::kBoolean,
     .may_suspend = true,
     .summary =
         "Starts the tasks and waits for all of them. True if every one returned. After `timeout` seconds they are "
         "cancelled and `timeout exceeded` is thrown.",
     .example = "print(task_group().run()) // true",
     .function = run},
    {.name = "start",
     .returns = Type::kObject,
     .summary = "Starts the tasks without waiting for them. Returns the group.",
     .example = "print(task_group().start().total()) // 0",
     .function = start},
    {.name = "cancel",
     .parameters = {{.name = "reason", .type = Type::kString, .fallback = "nil"}},
     .returns = Type::kNumber,
     .summary = "Cancels all tasks that have not finished, and closes the group. Returns how many there were.",
     .example = "print(task_group().cancel()) // 0",
     .function = cancel},
    {.name = "cancel_remaining",
     .returns = Type::kNumber,
     .summary = "Cancels the tasks that have not started; those that run go on. Returns how many there were.",
     .example = "print(task_group().cancel_remaining()) // 0",
     .function = [](Call& call) -> Value { return Value(static_cast<double>(group_of(call).cancel_remaining())); }},
    {.name = "completed",
     .returns = Type::kNumber,
     .summary = "How many tasks have finished, however they did.",
     .example = "print(task_group().completed()) // 0",
     .function = [](Call& call) -> Value { return Value(static_cast<double>(group_of(call).completed())); }},
    {.name = "total",
     .returns = Type::kNumber,
     .summary = "How many tasks were added.",
     .example = "print(task_group().total()) // 0",
     .function = [](Call& call) -> Value { return Value(static_cast<double>(group_of(call).total())); }},
    {.name = "is_done",
     .returns = Type::kBoolean,
     .summary = "Whether all tasks have finished.",
     .example = "print(task_group().is_done()) // true",
     .function = [](Call& call) -> Value { return Value(group_of(call).is_done()); }},
    {.name = "is_cancelled",
     .returns = Type::kBoolean,
     .summary = "Whether the group was cancelled, by `cancel` or by an error.",
     .example = "print(task_group().is_cancelled()) // false",
     .function = [](Call& call) -> Value { return Value(group_of(call).is_closed()); }},
    {.name = "result",
     .parameters = {kIndex},
     .summary = "What the task at `index` returned; nil if there is nothing yet.",
     .example = "g = task_group()\ng.spawn(upper, \"a\")\ng.run()\nprint(g.result(0)) // A",
     .function = member_result},
    {.name = "error",
     .parameters = {kIndex},
     .returns = Type::kError | Type::kNil,
     .summary = "The error of the task at `index` if it failed or was cancelled, else nil.",
     .example = "g = task_group()\ng.spawn(upper, \"a\")\ng.run()\nprint(g.error(0)) // nil",
     .function = member_error},
    {.name = "has_error",
     .parameters = {kIndex},
     .returns = Type::kBoolean,
     .summary = "Whether the task at `index` failed or was cancelled.",
     .example = "g = task_group()\ng.spawn(upper, \"a\")\ng.run()\nprint(g.has_error(0)) // false",
     .function = member_has_error},
    {.name = "status",
     .parameters = {kIndex},
     .returns = Type::kNumber,
     .summary = "The status of the task at `index`: one of the constants `TASK_PENDING`, `TASK_RUNNING` and so on.",
     .example = "g = task_group()\ng.spawn(upper, \"a\")\nprint(g.status(0) == TASK_PENDING) // true",
     .function = member_status},
    {.name = "handle",
     .parameters = {kIndex},
     .returns = Type::kObject,
     .summary = "The handle of the task at `index`, as `task` returns one.",
     .example = "g = task_group()\ng.spawn(upper, \"a\")\ng.run()\nprint(g.handle(0).get()) // A",
     .function = member_handle},
    {.name = "results",
     .returns = Type::kArray,
     .summary = "What the tasks returned, by index; an error value where one failed or was cancelled.",
     .example = "g = task_group()\ng.spawn(upper, \"a\")\ng.run()\nprint(g.results()) // [\"A\"]",
     .function = [](Call& call) -> Value { return group_results(call, group_of(call)); }},
    {.name = "set_cancel_on_error",
     .parameters = {{.name = "cancel", .type = Type::kBoolean}},
     .returns = Type::kNil,
     .summary = "Whether the first task that fails cancels all others.",
     .example = "print(task_group().set_cancel_on_error(true)) // nil",
     .function = set_cancel_on_error},
    {.name = "set_max_concurrency",
     .parameters = {{.name = "count", .type = Type::kNumber}},
     .returns = Type::kNil,
     .summary = "How many tasks may run at a time; 0: all. A higher limit starts waiting tasks at once.",
     .example = "print(task_group().set_max_concurrency(2)) // nil",
     .function = set_max_concurrency},
    {.name = "cleanup",
     .returns = Type::kNil,
     .may_suspend = true,
     .summary = "Cancels what runs, waits for it and drops all results: the group is empty and may be used again.",
     .example = "print(task_group().cleanup()) // nil",
     .function = cleanup},
};

// --- task_group ---

// Reads the options of task_group(). False, and an error is pending, if there is one that does not exist or has a wrong
// type.
bool read_options(const Call& call, const Object* object, TaskGroup::Options& options) {
  const std::uint32_t count = property_count(object);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string name(property_name(object, i)->view());
    const Value value = property_value(object, i);
    const char* expected = nullptr;
    if (name == "name") {
      if (value.is_string()) {
        options.name = value.string()->view();
      } else {
        expected = "a string";
      }
    } else if (name == "max_concurrency") {
      if (const std::optional<std::size_t> limit = whole_number(value)) {
        options.max_concurrency = *limit;
      } else {
        expected = "a whole number of at least 0";
      }
    } else if (name == "cancel_on_error") {
      if (!value.is_boolean()) expected = "true or false";
      options.cancel_on_error = value.is_boolean() && value.is_true();
    } else {
      call.raise("task_group() unknown option \"" + name + "\"");
      return false;
    }
    if (expected != nullptr) {
      call.raise("task_group() option \"" + name + "\" must be " + expected);
      return false;
    }
  }
  return true;
}

Value task_group(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  TaskGroup::Options options;
  const Value argument = call.argument(0);
  if (argument.is_string()) {
    options.name = argument.string()->view();
  } else if (argument.is_object()) {
    if (!read_options(call, argument.object(), options)) return Value::raise();
  } else if (!argument.is_nil()) {
    return call.raise("task_group() expects an object with options, or a name");
  }
  return new_group_handle(call, *std::make_unique<TaskGroup>(*instance, std::move(options)).release());
}

const BuiltinSpec kTaskGroup{
    .name = "task_group",
    .parameters = {{.name = "options", .type = Type::kObject | Type::kString, .fallback = "nil"}},
    .returns = Type::kObject,
    .errors = {"task_group() expects an object with options, or a name", "task_group() unknown option \"{name}\"",
               "task_group() option \"{name}\" must be {type}"},
    .summary =
        "A new group of tasks that are run together. `options`: `{name, max_concurrency, cancel_on_error}`, or the "
        "name alone. Tasks are added with `spawn` and begin with `run`, which waits for all, or `start`; `result`, "
        "`error`, `status` and `handle` tell of one, `results` of all.",
    .example = R"(g = task_group({max_concurrency = 2})
for i = 1, 3 do g.spawn(function(n) return n * n end, i) end
print(g.run(), g.results()) // true [1, 4, 9])",
    .function = task_group,
};

const BuiltinSpec* const kTable[] = {&kTaskGroup};

}  // namespace

Value new_group_handle(Call& call, TaskGroup& group) { return new_handle(call, kGroupType, &group, {}, kMethods); }

Value group_results(Call& call, TaskGroup& group) {
  Owned results(Value(new_array(call.heap(), group.total())));
  for (std::size_t i = 0; i < group.total(); ++i) {
    Task& task = group.member(i);
    push(results.get().array(), has_error(task) ? task_error(call, task) : retain(task.result()));
  }
  return results.take();
}

Family task_group_builtins() { return kTable; }

}  // namespace duso::stdlib
