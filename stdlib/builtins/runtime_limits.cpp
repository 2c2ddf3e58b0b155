// Module `runtime`: the limits that are in force, and what the process was configured with (memory-and-panics.md 1).
#include "runtime/memory/process_budget.hpp"
#include "runtime/tasks/runtime.hpp"
#include "stdlib/builtins/handles.hpp"
#include "stdlib/builtins/limits.hpp"
#include "stdlib/builtins/module_runtime.hpp"
#include "stdlib/builtins/record.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

Value limits_record(execution::Instance& instance) {
  const execution::InstanceConfig& limits = instance.config();
  Record record(instance);
  record.set("max_heap", limits.heap.limit);
  record.set("max_process_heap", memory::ProcessBudget::instance().limit());
  record.set("stack_size", limits.stack_size);
  record.set("task_stack_size", limits.task_stack_size);
  record.set("max_call_depth", limits.max_call_depth);
  record.set("gc_threshold", limits.heap.gc_threshold);
  return record.take();
}

Value limits(Call& call) {
  execution::Instance& instance = call.instance();
  if (!call.argument(0).is_nil()) {
    memory::ProcessBudget& budget = memory::ProcessBudget::instance();
    execution::InstanceConfig lowered = instance.config();
    std::size_t process_heap = budget.limit();
    const std::string problem = lower_limits(lowered, &process_heap, call.argument(0), "runtime.limits");
    if (!problem.empty()) return call.raise(problem);
    instance.lower_limits(lowered);
    budget.lower_limit(process_heap);
    // The task that runs has its stack already; others get theirs when they start.
    const tasks::ScriptInstance* const script = tasks::ScriptInstance::of(instance);
    const bool is_main = script == nullptr || script->current().is_main();
    instance.flow().stack.lower_limit(is_main ? lowered.stack_size : lowered.task_stack_size);
  }
  return limits_record(instance);
}

Value config(Call& call) {
  const tasks::ScriptInstance* const script = required_tasks(call);
  if (script == nullptr) return Value::raise();
  const tasks::Runtime& runtime = script->worker().runtime();
  const execution::InstanceConfig& limits = runtime.config().limits;
  Record record(call.instance());
  record.set("max_heap_size", limits.heap.limit);
  record.set("max_process_heap", runtime.config().max_process_heap);
  record.set("enable_profiling", limits.heap.profile_rate != 0);
  record.set("enable_gc", limits.heap.collect_cycles);
  record.set("gc_threshold", limits.heap.gc_threshold);
  record.set("stack_size", limits.stack_size);
  record.set("task_stack_size", limits.task_stack_size);
  record.set("max_call_depth", limits.max_call_depth);
  record.set("workers", runtime.worker_count());
  const panic::Config& panics = runtime.config().panic;
  record.set("enable_panic_handler", panics.handle_signals);
  record.set("panic_history_size", panics.history_size);
  record.set("panic_policy", panics.policy == panic::Policy::kAbort ? "abort" : "isolate");
  record.set("crash_report_dir", panics.crash_directory);
  return record.take();
}

const BuiltinSpec kFunctions[] = {
    {.name = "limits",
     .parameters = {{"lower", Type::kObject, "nil"}},
     .returns = Type::kObject,
     .summary =
         "The limits in force: `max_heap`, `max_process_heap`, `stack_size`, `task_stack_size` in bytes, "
         "`max_call_depth`, `gc_threshold`; 0 means none. An object with some of these lowers them first; sizes may be "
         "texts such as `\"16m\"`. Only `gc_threshold` may be raised.",
     .example = R"(rt = require("runtime")
print(rt.limits({max_heap = "16m"}).max_heap) // 16777216)",
     .function = limits},
    {.name = "config",
     .returns = Type::kObject,
     .summary = "What the process was started with, as a copy: changing it changes nothing.",
     .example = R"(print(require("runtime").config().gc_threshold) // 1000)",
     .function = config},
};

}  // namespace

ModuleFunctions limit_functions() { return kFunctions; }

}  // namespace duso::stdlib
