// Module `runtime`: statistics of this script and of the process (memory-and-panics.md 9).
#include "interpreter/values/array.hpp"
#include "runtime/panic/panic.hpp"
#include "runtime/tasks/runtime.hpp"
#include "runtime/version.hpp"
#include "stdlib/builtins/handles.hpp"
#include "stdlib/builtins/json_writer.hpp"
#include "stdlib/builtins/module_runtime.hpp"
#include "stdlib/builtins/record.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;
using tasks::InstanceState;
using tasks::InstanceStatus;
using tasks::ScriptInstance;
using tasks::Task;

namespace {

Value task_record(ScriptInstance& script) {
  std::size_t ready = 0;
  std::size_t waiting = 0;
  for (const Task* task = script.first_task(); task != nullptr; task = tasks::TaskList::next(*task)) {
    if (task->is_waiting()) ++waiting;
    if (task->status() == tasks::TaskStatus::kReady) ++ready;
  }
  const ScriptInstance::Counters& counters = script.counters();
  Record record(script);
  record.set("created", counters.created);
  record.set("live", script.task_count());
  record.set("ready", ready);
  record.set("waiting", waiting);
  record.set("completed", counters.completed);
  record.set("failed", counters.failed);
  record.set("cancelled", counters.cancelled);
  record.set("switches", counters.switches);
  record.set("max_live", counters.max_live);
  return record.take();
}

Value instance_counters_record(ScriptInstance& script) {
  const tasks::Runtime::InstanceCounters counters = script.worker().runtime().instance_counters();
  Record record(script);
  record.set("created", counters.created);
  record.set("live", counters.live);
  record.set("peak", counters.peak);
  return record.take();
}

Value loop_record(ScriptInstance& script) {
  tasks::Worker& worker = script.worker();
  Record record(script);
  record.set("iterations", worker.iterations());
  record.set("timers", worker.timers().size());
  record.set("handles", worker.has_loop() ? worker.loop().watch_count() : 0);
  record.set("pending_jobs", worker.has_loop() ? worker.loop().job_count() : 0);
  return record.take();
}

const char* state_name(InstanceState state) {
  switch (state) {
    case InstanceState::kReady:
      return "ready";
    case InstanceState::kRunning:
      return "running";
    case InstanceState::kWaiting:
      return "waiting";
  }
  return "";
}

Value status_record(ScriptInstance& asking, const InstanceStatus& status) {
  // Of itself a script sees this moment.
  const bool is_own = &status == asking.status().get();
  Record record(asking);
  record.set("pid", status.pid);
  record.set("kind", status.kind);
  record.set("script", status.script);
  record.set("state", state_name(status.state));
  record.set("heap_used", is_own ? asking.heap().counters().used() : status.heap_used.load());
  record.set("tasks", is_own ? asking.task_count() : status.tasks.load());
  record.set("started", status.started);
  return record.take();
}

Value instances(Call& call) {
  ScriptInstance* const script = required_tasks(call);
  if (script == nullptr) return Value::raise();
  Owned list(Value(new_array(call.heap())));
  for (const auto& status : script->worker().runtime().instances()) {
    push(list.get().array(), status_record(*script, *status));
  }
  return list.take();
}

const BuiltinSpec kFunctions[] = {
    {.name = "stats",
     .returns = Type::kObject,
     .summary = "What this script and the process have done so far: `version`, `uptime` in seconds, `memory` and `gc` "
                "as `memory()` and `gc_stats()` give them, `tasks` of this script, `instances` of the process, "
                "`workers`, and the event `loop` of this script's worker.",
     .example = R"(print(require("runtime").stats().tasks.live) // 1)",
     .function = [](Call& call) -> Value { return statistics_record(call.instance()); }},
    {.name = "instances",
     .returns = Type::kArray,
     .summary = "The script instances of the process that are not over, in the order of their start: `pid`, `kind`, "
                "`script`, `state` (`running`, `ready`, `waiting`), `heap_used` in bytes, `tasks`, `started` as a Unix "
                "time. Of others it is what they looked like when they last waited.",
     .example = R"(print(require("runtime").instances()[0].kind) // main)",
     .function = instances},
};

}  // namespace

Value statistics_record(execution::Instance& instance) {
  Record record(instance);
  record.set("version", runtime::kVersion);
  ScriptInstance* const script = ScriptInstance::of(instance);
  if (script != nullptr) record.set("uptime", script->worker().runtime().uptime());
  record.set("memory", memory_record(instance));
  record.set("gc", collector_record(instance));
  if (script != nullptr) {
    record.set("tasks", task_record(*script));
    record.set("instances", instance_counters_record(*script));
    record.set("workers", script->worker().runtime().worker_count());
    record.set("loop", loop_record(*script));
    record.set("panics", panic::panic_count());
  }
  return record.take();
}

std::string statistics_text(execution::Instance& instance) {
  const Owned record(statistics_record(instance));
  TextBuffer text(instance.heap());
  JsonWriter(text, "  ").write(record.get());
  return std::string(text.view()) + '\n';
}

ModuleFunctions statistics_functions() { return kFunctions; }

}  // namespace duso::stdlib
