#include "cli/main_script.hpp"

#include <unistd.h>

#include "cli/colour.hpp"
#include "interpreter/values/value.hpp"
#include "runtime/host.hpp"
#include "runtime/script_runner.hpp"
#include "runtime/tasks/runtime.hpp"
#include "stdlib/builtins/table.hpp"
#include "stdlib/builtins/yield_everywhere.hpp"

namespace duso::cli {

void MainScript::declare(Usage& usage) {
  usage.begin_group("Flags for running scripts");
  usage.add_mention("config", "TEXT",
                    "values for the script, as in 'port=80, name=\"x\"';\nit reads them with sys(\"-config\")");
  usage.add_mention("no-stdin", "", "input() does not read");
  usage.add_mention("no-color", "", "no colours in what duso itself says");
  usage.add_count("worker-threads", config_.workers, 1, "threads that run scripts (default: one per CPU)");
  usage.add_count("time-slice", time_slice_ms_, 1,
                  "milliseconds that a script may run while others\nwait (default: 10)");
  usage.add_count("task-warn", task_warn_ms_, 0,
                  "report tasks that let others wait for more than N\nmilliseconds (default: 0, never)");
  usage.add_switch("test-yield-all", config_.yields_everywhere, true, "let other tasks run wherever a task may wait");
  usage.begin_group("Limits (SIZE is a number of bytes, or ends in k, m or g)");
  usage.add_size("max-heap", config_.limits.heap.limit, "memory for the script (default: no limit)");
  usage.add_size("stack-size", config_.limits.stack_size, "stack for its nested calls (default: 256m)");
  usage.add_size("task-stack-size", config_.limits.task_stack_size, "the same for each of its tasks (default: 64m)");
  usage.add_count("max-call-depth", config_.limits.max_call_depth, 0,
                  "how many calls may be nested (default: no limit)");
  usage.add_count("gc-threshold", config_.limits.heap.gc_threshold, 1,
                  "how many arrays, objects and functions are made\nbetween two searches for cycles (default: 1000)");
  usage.add_switch("no-gc", config_.limits.heap.collect_cycles, false, "no searches for cycles");
}

int MainScript::run(const Invocation& invocation, const std::shared_ptr<const syntax::Source>& source) {
  register_value_types();
  Host host(invocation.console, invocation.line);
  config_.time_slice = static_cast<double>(time_slice_ms_) / 1000;
  config_.task_warn = static_cast<double>(task_warn_ms_) / 1000;
  const auto builtins = config_.yields_everywhere ? stdlib::yielding_builtins() : stdlib::all_builtins();
  tasks::Runtime runtime(config_, builtins, host);
  return run_script(runtime, source, wants_colour(STDERR_FILENO, invocation.line));
}

}  // namespace duso::cli
