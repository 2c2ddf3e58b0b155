// scoped_task and shield: where tasks begin and end together with a piece of code (tasks.md 4.2, 4.3).
#include <utility>

#include "interpreter/execution/calls.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/task_calls.hpp"
#include "stdlib/builtins/task_module.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Pending;
using execution::PendingKind;
using execution::Type;
using tasks::ScriptInstance;
using tasks::Task;
using tasks::TaskGroup;
using tasks::Wake;

namespace {

constexpr const char* kScope = "scope";

// One reference to a group.
class HeldGroup {
 public:
  explicit HeldGroup(TaskGroup& group) : group_(group) { group_.retain(); }
  ~HeldGroup() { group_.release(); }
  HeldGroup(const HeldGroup&) = delete;
  HeldGroup& operator=(const HeldGroup&) = delete;

 private:
  TaskGroup& group_;
};

// While it lives, the running task does not notice that it is cancelled.
class Mask {
 public:
  explicit Mask(ScriptInstance& instance) : instance_(instance) { instance_.mask(); }
  ~Mask() { instance_.unmask(); }
  Mask(const Mask&) = delete;
  Mask& operator=(const Mask&) = delete;

 private:
  ScriptInstance& instance_;
};

TaskGroup& new_group(ScriptInstance& instance) {
  TaskGroup::Options options;
  options.name = kScope;
  options.cancel_on_error = true;
  return *std::make_unique<TaskGroup>(instance, std::move(options)).release();
}

// --- the function form ---

// The method `spawn` of what the body gets.
Value spawn_child(Call& call) {
  auto& group = bound_payload<TaskGroup>(call);
  if (!call.argument(0).is_callable()) return call.raise("spawn() expects a function");
  if (group.is_closed()) return call.raise("scope is closed");
  Task& child = group.member(group.add(bound_call(call, 0)));
  child.retain();
  return new_task_handle(call, child);
}

const BuiltinSpec kBodyMethods[] = {
    {.name = "spawn",
     .parameters = {{.name = "fn", .type = Type::kFunction, .positional_only = true}},
     .rest = "args",
     .returns = Type::kObject,
     .summary = "Starts a child task that calls `fn` with the further arguments. Returns its handle.",
     .example = "print(scoped_task(function(s) return s.spawn(upper, \"a\").get() end)) // A",
     .function = spawn_child},
};

// Runs [function] and leaves when all children have ended, in one way or another.
Value run_body(Call& call, ScriptInstance& instance, Value function) {
  TaskGroup& group = new_group(instance);
  const Owned scope(new_handle(call, kGroupType, &group, {}, kBodyMethods));
  const HeldGroup held(group);
  group.enter_body();
  const Value argument = scope.get();
  Owned result;
  try {
    result = Owned(call.call(function, {&argument, 1}));
  } catch (const std::exception&) {
    result = Owned(instance.raise_exception());
  }

  // What the body raised has to wait until the children have ended: they run meanwhile, and raise errors of their own.
  const bool body_raised = result.get().is_raise();
  Pending raised;
  if (body_raised) raised = instance.take_pending();
  Task* failed = group.first_failure();
  std::optional<Wake> wake = Wake::kReady;
  if (!body_raised && failed == nullptr) {
    wake = wait_for(call, group, tasks::kNever, kScope);
    failed = group.first_failure();
  }
  if (!group.is_done()) {
    const Wake joined = cancel_and_join(call, group, {}, kScope);
    if (wake == Wake::kReady) wake = joined;
  }
  group.leave_body();
  group.mark_observed();

  if (body_raised && (failed == nullptr || raised.kind != PendingKind::kError)) {
    instance.restore_pending(std::move(raised));
    return Value::raise();
  }
  if (body_raised) release(raised.payload);
  const bool unwinds = wake == Wake::kCancelled || wake == Wake::kInterrupted;
  if (failed != nullptr && !unwinds) return raise_task_error(call, *failed);
  return wake == Wake::kReady ? result.take() : instance.raise_woken(call, *wake);
}

// --- the object form ---

Value add_child(Call& call) {
  auto& group = bound_payload<TaskGroup>(call);
  if (!call.argument(0).is_callable()) return call.raise("spawn() expects a function");
  if (group.is_closed()) return call.raise("scope is closed");
  return Value(static_cast<double>(group.add(bound_call(call, 0))));
}

Value run_and_cleanup(Call& call) {
  auto& group = bound_payload<TaskGroup>(call);
  group.start();
  const std::optional<Wake> wake = wait_for(call, group, tasks::kNever, kScope);
  if (!wake.has_value()) return Value::raise();
  if (wake != Wake::kReady) cancel_and_join(call, group, {}, kScope);
  group.mark_observed();
  // The scope is empty afterwards, whatever comes of it: a failed child is kept for its error alone.
  Task* const failed = group.first_failure();
  if (failed != nullptr) failed->retain();
  Value result = Value::raise();
  if (wake != Wake::kReady) {
    group.instance().raise_woken(call, *wake);
  } else if (failed != nullptr) {
    raise_task_error(call, *failed);
  } else {
    try {
      result = group_results(call, group);
    } catch (const std::exception&) {
      group.instance().raise_exception();
    }
  }
  if (group.is_done()) group.clear();
  if (failed != nullptr) failed->release();
  return result;
}

const BuiltinSpec kObjectMethods[] = {
    {.name = "spawn",
     .parameters = {{.name = "fn", .type = Type::kFunction, .positional_only = true}},
     .rest = "args",
     .returns = Type::kNumber,
     .summary = "Adds a task that will call `fn` with the further arguments, and returns its index.",
     .example = "print(scoped_task().spawn(sleep, 0)) // 0",
     .function = add_child},
    {.name = "run_and_cleanup",
     .returns = Type::kArray,
     .may_suspend = true,
     .summary =
         "Runs all tasks and returns their results by index. If one fails the others are cancelled, and its error is "
         "thrown. The scope is empty afterwards.",
     .example = "s = scoped_task()\ns.spawn(upper, \"a\")\nprint(s.run_and_cleanup()) // [\"A\"]",
     .function = run_and_cleanup},
};

// --- the table ---

Value scoped_task(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  if (!call.has(0)) return new_handle(call, kGroupType, &new_group(*instance), {}, kObjectMethods);
  if (!call.argument(0).is_callable()) return call.raise("scoped_task() expects a function");
  return run_body(call, *instance, call.argument(0));
}

Value shield(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  if (!call.argument(0).is_callable()) return call.raise("shield() expects a function");
  const Mask mask(*instance);
  return execution::call_from_native(call.caller(), call.argument(0), call.arguments().subspan(1),
                                     call.unknown_named());
}

const BuiltinSpec kScopedTask{
    .name = "scoped_task",
    .parameters = {{.name = "body", .type = Type::kFunction, .fallback = "nil"}},
    .may_suspend = true,
    .errors = {"scoped_task() expects a function"},
    .summary =
        "Calls `body` with a scope, on which `spawn` starts child tasks, and returns its value when all children have "
        "finished. If the body or a child fails, the others are cancelled and the first error is thrown. Without "
        "`body`: an object with `spawn` and `run_and_cleanup`.",
    .example = R"(print(scoped_task(function(s)
  a = s.spawn(function() return 20 end)
  b = s.spawn(function() return 22 end)
  return a.get() + b.get()
end)) // 42)",
    .function = scoped_task,
};

const BuiltinSpec kFunctions[] = {
    {.name = "shield",
     .parameters = {{.name = "fn", .type = Type::kFunction, .positional_only = true}},
     .rest = "args",
     .may_suspend = true,
     .summary =
         "Calls `fn` with the further arguments and returns its value. Meanwhile the task does not notice that it is "
         "cancelled; where it waits next, it does.",
     .example = "print(require(\"tasks\").shield(upper, \"a\")) // A",
     .function = shield,
     .crosses_instances = true},
};

const BuiltinSpec* const kTable[] = {&kScopedTask};

}  // namespace

Family scope_builtins() { return kTable; }

ModuleFunctions scope_functions() { return kFunctions; }

}  // namespace duso::stdlib
