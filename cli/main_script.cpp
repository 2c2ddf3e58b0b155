#include "cli/main_script.hpp"

#include <unistd.h>

#include "cli/colour.hpp"
#include "cli/end_reports.hpp"
#include "interpreter/values/value.hpp"
#include "runtime/host.hpp"
#include "runtime/script_runner.hpp"
#include "runtime/tasks/runtime.hpp"
#include "stdlib/builtins/table.hpp"

namespace duso::cli {

void MainScript::declare(Usage& usage) {
  usage.begin_group("Flags for running scripts");
  usage.add_mention("config", "TEXT",
                    "values for the script, as in 'port=80, name=\"x\"';\nit reads them with sys(\"-config\")");
  usage.add_mention("no-stdin", "", "input() does not read");
  usage.add_mention("no-color", "", "no colours in what duso itself says");
  usage.add_count("worker-threads", config_.workers, 1, "threads that run scripts (default: one per CPU)");
  usage.begin_group("Limits (SIZE is a number of bytes, or ends in k, m or g)");
  usage.add_size("max-heap", config_.limits.heap.limit, "memory for the script (default: no limit)");
  usage.add_size("max-process-heap", config_.max_process_heap,
                 "memory for all scripts and stores of the process\ntogether (default: no limit)");
  usage.add_size("stack-size", config_.limits.stack_size, "stack for its nested calls (default: 256m)");
  usage.add_size("task-stack-size", config_.limits.task_stack_size, "the same for each of its tasks (default: 64m)");
  usage.add_count("max-call-depth", config_.limits.max_call_depth, 0,
                  "how many calls may be nested (default: no limit)");
  usage.add_count("gc-threshold", config_.limits.heap.gc_threshold, 1,
                  "how many arrays, objects and functions are made\nbetween two searches for cycles (default: 1000)");
  usage.add_switch("no-gc", config_.limits.heap.collect_cycles, false, "no searches for cycles");
  usage.begin_group("Reports at the end, on standard error");
  usage.add_mention("profile-memory", "[FILE]", "what memory was used for, and where; appended to FILE");
  usage.add_count("profile-memory-rate", profile_rate_, 1, "only one in N allocations is recorded with its place");
  usage.add_mention("runtime-stats", "", "statistics of the script and the process, as JSON");
}

int MainScript::run(const Invocation& invocation, const std::shared_ptr<const syntax::Source>& source) {
  register_value_types();
  Host host(invocation.console, invocation.line);
  const EndReports reports(invocation.line, invocation.console);
  if (reports.wants_memory_profile()) config_.limits.heap.profile_rate = profile_rate_;
  config_.at_instance_end = [&reports](tasks::ScriptInstance& instance) { reports.write(instance); };
  tasks::Runtime runtime(config_, stdlib::all_builtins(), host);
  return run_script(runtime, source, wants_colour(STDERR_FILENO, invocation.line));
}

}  // namespace duso::cli
