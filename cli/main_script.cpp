#include "cli/main_script.hpp"

#include <unistd.h>

#include "cli/colour.hpp"
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
  usage.add_mention("allow-exec", "LIST", "programs that exec() may start, separated by commas");
  usage.add_count("worker-threads", config_.workers, 1, "threads that run scripts (default: one per CPU)");
  usage.begin_group("Limits (SIZE is a number of bytes, or ends in k, m or g)");
  usage.add_size("max-heap", config_.limits.heap.limit, "memory for the script (default: no limit)");
  usage.add_size("stack-size", config_.limits.stack_size, "stack for its nested calls (default: 256m)");
  usage.add_size("task-stack-size", config_.limits.task_stack_size, "the same for each of its tasks (default: 64m)");
  usage.add_count("max-call-depth", config_.limits.max_call_depth, 0,
                  "how many calls may be nested (default: no limit)");
  usage.add_count("gc-threshold", config_.limits.heap.gc_threshold, 1,
                  "how many arrays, objects and functions are made\nbetween two searches for cycles (default: 1000)");
  usage.add_switch("no-gc", config_.limits.heap.collect_cycles, false, "no searches for cycles");
  usage.begin_group("When duso itself is at fault");
  usage.add_count("panic-history", config_.panic.history_size, 0, "how many panics scripts can ask for (default: 10)",
                  panic::History::kLargestSize);
  usage.add_choice("panic-policy", panic_policy_, {"isolate", "abort"}, "POLICY",
                   "what a panic ends: isolate, the script it happened in,\nor abort, the process (default: isolate)");
  usage.add_text("crash-dir", config_.panic.crash_directory, "DIR", "a folder for reports of panics, one file each");
  usage.add_switch("no-panic-handler", config_.panic.handle_signals, false, "no reports of fatal signals");
  usage.add_mention("test-faults", "", "scripts may make duso fail, for tests");
}

namespace {

// What -allow-exec says. False: it names a program that does not exist, which was reported.
bool permit_exec(const Invocation& invocation, Host& host) {
  const CommandLine::Flag* const flag = invocation.line.flag("allow-exec");
  if (flag == nullptr) return true;
  ExecPermissions permissions = flag->text.has_value() ? ExecPermissions(*flag->text) : ExecPermissions::everything();
  for (const std::string& name : permissions.unknown()) {
    invocation.console.write_error("allow-exec: " + name + " not found\n");
  }
  if (!permissions.unknown().empty()) return false;
  for (const std::string& warning : permissions.warnings()) invocation.console.write_error(warning + '\n');
  host.permit_exec(std::move(permissions));
  return true;
}

}  // namespace

int MainScript::run(const Invocation& invocation, const std::shared_ptr<const syntax::Source>& source) {
  register_value_types();
  Host host(invocation.console, invocation.line);
  if (!permit_exec(invocation, host)) return 1;
  if (panic_policy_ == "abort") config_.panic.policy = panic::Policy::kAbort;
  tasks::Runtime runtime(config_, stdlib::all_builtins(), host);
  return run_script(runtime, source, wants_colour(STDERR_FILENO, invocation.line));
}

}  // namespace duso::cli
