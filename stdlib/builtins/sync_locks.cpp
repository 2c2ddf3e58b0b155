// Module `sync`: Mutex, Shared and Once, which a task has for itself while it runs script code.
#include "runtime/freezer.hpp"
#include "runtime/tasks/sync/shared.hpp"
#include "runtime/tasks/sync/task_lock.hpp"
#include "runtime/tasks/worker.hpp"
#include "stdlib/builtins/sync_handles.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;
using tasks::Task;
using tasks::Wake;
using tasks::sync::Mutex;
using tasks::sync::Once;
using tasks::sync::Patience;
using tasks::sync::Shared;
using tasks::sync::TaskLock;

namespace {

// Unlocks at the end of a call what the script has not unlocked by itself.
class HeldLock {
 public:
  HeldLock(TaskLock& lock, Task& task) : lock_(lock), task_(task) {}
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;
  ~HeldLock() {
    if (lock_.is_held_by(task_)) lock_.unlock(task_);
  }

 private:
  TaskLock& lock_;
  Task& task_;
};

// Reads the arguments of a method that runs a function under the lock: the function, and how long it may wait. Nothing,
// and an error is pending, if they are wrong.
std::optional<Patience> arguments_of_run(const Call& call, const char* speaker) {
  if (call.argument(0).is_callable()) return patience_of(call, 1);
  call.raise(std::string(speaker) + " expects a function");
  return std::nullopt;
}

Task& running_task(const Call& call) { return calling_instance(call).current(); }

// --- Mutex ---

// Waits for the mutex. Who has it already would wait for itself; with a timeout that ends, without one it is an error.
Wake lock(const Call& call, const Patience& patience) {
  Mutex& mutex = bound_object<Mutex>(call);
  const bool is_endless = patience.may_wait && patience.deadline == tasks::kNever;
  if (!is_endless || !mutex.is_held_by(patience.task())) return mutex.lock(patience);
  call.raise("deadlock: task " + patience.task().name() + " waits for itself");
  return Wake::kDeadlock;
}

Value mutex_lock(Call& call) {
  const auto patience = patience_of(call, 0);
  if (!patience.has_value()) return Value::raise();
  const Wake wake = lock(call, *patience);
  return wake == Wake::kDeadlock ? Value::raise() : got_in_time(call, wake);
}

Value mutex_unlock(Call& call) {
  Mutex& mutex = bound_object<Mutex>(call);
  Task& task = running_task(call);
  if (!mutex.is_held_by(task)) return raise_about<Mutex>(call, "not the owner");
  mutex.unlock(task);
  return Value::nil();
}

Value mutex_with(Call& call) {
  const auto patience = arguments_of_run(call, "Mutex.with");
  if (!patience.has_value()) return Value::raise();
  const Wake wake = lock(call, *patience);
  if (wake == Wake::kDeadlock) return Value::raise();
  if (wake != Wake::kReady) return calling_instance(call).raise_woken(call, wake);
  const HeldLock held(bound_object<Mutex>(call), running_task(call));
  return call.call(call.argument(0), {});
}

const BuiltinSpec kMutexMethods[] = {
    {.name = "lock",
     .parameters = {kSyncTimeout},
     .returns = Type::kBoolean,
     .may_suspend = true,
     .errors = {"deadlock: task {task} waits for itself", "lock() timeout must be a number of seconds"},
     .summary = "Waits until the calling task has the mutex, for at most `timeout` seconds. False: it was not in time.",
     .example = R"(print(sync.Mutex("file").lock()) // true)",
     .function = mutex_lock},
    {.name = "try_lock",
     .returns = Type::kBoolean,
     .summary = "Takes the mutex if nobody has it, and returns whether it did.",
     .example = R"(print(sync.Mutex("file").try_lock()) // true)",
     .function = [](Call& call) -> Value {
       return got_in_time(call, bound_object<Mutex>(call).lock(no_patience(call)));
     }},
    {.name = "unlock",
     .returns = Type::kNil,
     .errors = {"Mutex \"{name}\": not the owner"},
     .summary = "Gives the mutex to whoever waits for it. It also goes when the task that has it ends.",
     .example = R"(m = sync.Mutex("file")
m.lock()
print(m.unlock()) // nil)",
     .function = mutex_unlock},
    {.name = "with",
     .parameters = {{.name = "fn", .type = Type::kFunction}, kSyncTimeout},
     .may_suspend = true,
     .errors = {"Mutex.with expects a function", "deadlock: task {task} waits for itself", "timeout exceeded",
                "with() timeout must be a number of seconds"},
     .summary =
         "Calls `fn` while the calling task has the mutex, and returns what it returns. If that does not come to "
         "it within `timeout` seconds, throws `timeout exceeded`.",
     .example = R"(print(sync.Mutex("file").with(function() return 42 end)) // 42)",
     .function = mutex_with},
};

const BuiltinSpec kMutex{
    .name = "Mutex",
    .parameters = {kSyncName},
    .returns = Type::kObject,
    .errors = {"Mutex() requires a string as first argument"},
    .summary = "The process-wide lock called `name`: `lock`, `try_lock`, `unlock`, `with`.",
    .example = R"(print(sync.Mutex("file").try_lock()) // true)",
    .function = [](Call& call) -> Value { return open_sync_object<Mutex>(call, kMutexMethods); },
};

// --- Shared ---

// A copy of [value] for everybody. Nothing, and an error is pending, if it can not be copied.
std::optional<FrozenValue> frozen(const Call& call, tasks::Worker& worker, Value value) {
  FreezeResult result = worker.freezer().freeze(value);
  if (result.ok()) return std::move(result.value);
  call.raise(result.problem_text());
  return std::nullopt;
}

Value thawed(const Call& call, const FrozenValue& value) {
  return calling_worker(call).freezer().thaw(call.heap(), value);
}

Value shared_set(Call& call) {
  Shared& shared = bound_object<Shared>(call);
  if (shared.is_held_by(running_task(call))) return raise_about<Shared>(call, "set inside update");
  const auto patience = patience_of(call, 1);
  if (!patience.has_value()) return Value::raise();
  std::optional<FrozenValue> value = frozen(call, calling_worker(call), call.argument(0));
  if (!value.has_value()) return Value::raise();
  const Wake wake = shared.set(std::move(*value), *patience);
  return wake == Wake::kReady ? Value::nil() : calling_instance(call).raise_woken(call, wake);
}

Value shared_update(Call& call) {
  Shared& shared = bound_object<Shared>(call);
  if (shared.is_held_by(running_task(call))) return raise_about<Shared>(call, "update inside update");
  const auto patience = arguments_of_run(call, "Shared.update");
  if (!patience.has_value()) return Value::raise();
  const Wake wake = shared.lock(*patience);
  if (wake != Wake::kReady) return calling_instance(call).raise_woken(call, wake);
  const HeldLock held(shared, running_task(call));
  const Owned present(thawed(call, shared.get()));
  const Value argument = present.get();
  const Owned result(call.call(call.argument(0), {&argument, 1}));
  if (result.get().is_raise()) return Value::raise();
  std::optional<FrozenValue> value = frozen(call, calling_worker(call), result.get());
  if (!value.has_value()) return Value::raise();
  const Value copy = thawed(call, *value);  // first: if there is no memory for it, nothing has happened
  shared.replace(std::move(*value));
  return copy;
}

const BuiltinSpec kSharedMethods[] = {
    {.name = "get",
     .summary = "A copy of the value. While an `update` runs, that is the old one.",
     .example = R"(print(sync.Shared("limits", {max = 5}).get().max) // 5)",
     .function = [](Call& call) -> Value { return thawed(call, bound_object<Shared>(call).get()); }},
    {.name = "set",
     .parameters = {{.name = "value"}, kSyncTimeout},
     .returns = Type::kNil,
     .may_suspend = true,
     .errors = {"Shared \"{name}\": set inside update", "timeout exceeded", "cannot copy a cyclic value",
                "set() timeout must be a number of seconds"},
     .summary = "Replaces the value by a copy of `value`. Waits while an `update` runs, for at most `timeout` seconds, "
                "then throws `timeout exceeded`.",
     .example = R"(print(sync.Shared("limits").set({max = 6})) // nil)",
     .function = shared_set},
    {.name = "update",
     .parameters = {{.name = "fn", .type = Type::kFunction}, kSyncTimeout},
     .may_suspend = true,
     .errors = {"Shared.update expects a function", "Shared \"{name}\": update inside update", "timeout exceeded",
                "cannot copy a cyclic value", "update() timeout must be a number of seconds"},
     .summary = "Replaces the value by what `fn` returns for a copy of it, and returns a copy of that. Other updates "
                "and `set` wait meanwhile, for at most their `timeout`. An error in `fn` leaves the value as it is.",
     .example = R"(print(sync.Shared("total", 1).update(function(n) return n + 1 end)) // 2)",
     .function = shared_update},
};

Value open_shared(Call& call) {
  tasks::ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  std::optional<FrozenValue> initial = frozen(call, instance->worker(), call.argument(1));
  return initial.has_value() ? open_sync_object<Shared>(call, kSharedMethods, std::move(*initial)) : Value::raise();
}

const BuiltinSpec kShared{
    .name = "Shared",
    .parameters = {kSyncName, {.name = "initial", .fallback = "nil"}},
    .returns = Type::kObject,
    .errors = {"Shared() requires a string as first argument", "cannot copy a cyclic value"},
    .summary = "The process-wide value called `name`: `get`, `set`, `update`.",
    .example = R"(print(sync.Shared("mode", "fast").get()) // fast)",
    .function = open_shared,
};

// --- Once ---

Value once_run(Call& call) {
  Once& once = bound_object<Once>(call);
  Task& task = running_task(call);
  if (once.is_held_by(task)) return raise_about<Once>(call, "run inside run");
  const auto patience = arguments_of_run(call, "Once.run");
  if (!patience.has_value()) return Value::raise();
  const Wake wake = once.lock(*patience);
  if (wake != Wake::kReady) return calling_instance(call).raise_woken(call, wake);
  if (!once.is_held_by(task)) return Value(false);
  const HeldLock held(once, task);
  const Owned result(call.call(call.argument(0), {}));
  if (result.get().is_raise()) return Value::raise();
  once.open(task);
  return Value(true);
}

const BuiltinSpec kOnceMethods[] = {
    {.name = "run",
     .parameters = {{.name = "fn", .type = Type::kFunction}, kSyncTimeout},
     .returns = Type::kBoolean,
     .may_suspend = true,
     .errors = {"Once.run expects a function", "Once \"{name}\": run inside run", "timeout exceeded",
                "run() timeout must be a number of seconds"},
     .summary = "Calls `fn` if nobody has done so yet, and returns true. Everybody else waits until it has finished, "
                "for at most `timeout` seconds, and gets false. After an error in `fn` the next one tries.",
     .example = R"(print(sync.Once("setup").run(function() end)) // true)",
     .function = once_run},
};

const BuiltinSpec kOnce{
    .name = "Once",
    .parameters = {kSyncName},
    .returns = Type::kObject,
    .errors = {"Once() requires a string as first argument"},
    .summary = "The process-wide mark called `name` that something was done: `run`.",
    .example = R"(print(sync.Once("setup").run(function() end)) // true)",
    .function = [](Call& call) -> Value { return open_sync_object<Once>(call, kOnceMethods); },
};

const BuiltinSpec* const kTable[] = {&kMutex, &kShared, &kOnce};

}  // namespace

Family sync_lock_kinds() { return kTable; }

}  // namespace duso::stdlib
