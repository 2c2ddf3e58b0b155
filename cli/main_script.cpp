#include "cli/main_script.hpp"

#include <unistd.h>

#include <cstdlib>
#include <utility>
#include <vector>

#include "cli/colour.hpp"
#include "cli/end_reports.hpp"
#include "cli/error_json.hpp"
#include "interpreter/values/value.hpp"
#include "runtime/host.hpp"
#include "runtime/log.hpp"
#include "runtime/module_search.hpp"
#include "runtime/script_runner.hpp"
#include "runtime/tasks/runtime.hpp"
#include "stdlib/builtins/table.hpp"
#include "stdlib/builtins/yield_everywhere.hpp"

namespace duso::cli {

namespace {

// Whether -no-files is on (files-and-modules.md 6). In front of the script it is on for good: what follows may come
// from somebody whom the sandbox is there to keep out.
bool is_sandboxed(const CommandLine& line) {
  const auto is_on = [](const CommandLine::Flag* flag) { return flag != nullptr && flag->text != "false"; };
  return is_on(line.flag("no-files")) || is_on(leading_flag(line, "no-files"));
}

// Where modules are looked for beside the script: -lib-path, where the application says, DUSO_LIB (files-and-modules.md
// 7).
std::vector<std::string> library_path(const Invocation& invocation) {
  std::vector<std::string> directories;
  const auto add = [&directories](std::string_view list) {
    for (std::string& directory : split_library_path(list)) directories.push_back(std::move(directory));
  };
  const CommandLine::Flag* flag = invocation.line.flag("lib-path");
  if (flag != nullptr && flag->text) add(*flag->text);
  if (invocation.application != nullptr) add(invocation.application->description().library_path);
  if (const char* list = std::getenv("DUSO_LIB")) add(list);
  return directories;
}

// Only people look at a terminal.
ReportStyle report_style(const Invocation& invocation) {
  if (isatty(STDERR_FILENO) == 0) return ReportStyle::kText;
  return wants_colour(STDERR_FILENO, invocation.line) ? ReportStyle::kColoured : ReportStyle::kExcerpt;
}

}  // namespace

void MainScript::declare(Usage& usage) {
  declare_surroundings(usage);
  usage.begin_group("What is said about the run");
  usage.add_switch("json-errors", json_errors_, true, "report an uncaught error as a JSON object");
  usage.begin_group("In front of the script only");
  usage.add_mention("time", "", "say at the end how long it took");
  usage.add_mention("watch", "", "run it again whenever a file that it loaded\nchanges");
}

void MainScript::declare_surroundings(Usage& usage) {
  usage.begin_group("Flags for running scripts");
  usage.add_mention("config", "TEXT",
                    "values for the script, as in 'port=80, name=\"x\"';\nit reads them with sys(\"-config\")");
  usage.add_mention("lib-path", "LIST", "directories, separated by colons, in which require()\nlooks for modules");
  usage.add_mention("no-files", "", "the script may not touch the disk");
  usage.add_mention("no-stdin", "", "input() does not read");
  usage.add_mention("no-color", "", "no colours in what duso itself says");
  usage.add_mention("allow-exec", "LIST", "programs that exec() may start, separated by commas");
  usage.add_count("worker-threads", config_.workers, 1, "threads that run scripts (default: one per CPU)");
  usage.add_choice("log-level", log_level_, {"debug", "info", "warning", "error", "off"}, "LEVEL",
                   "what the runtime logs about itself (default: warning)");
  usage.add_choice("log-format", log_format_, {"text", "json"}, "FORMAT", "how: text or json (default: text)");
  usage.add_count("time-slice", time_slice_ms_, 1,
                  "milliseconds that a script may run while others\nwait (default: 10)");
  usage.add_count("task-warn", task_warn_ms_, 0,
                  "report tasks that let others wait for more than N\nmilliseconds (default: 0, never)");
  usage.add_switch("test-yield-all", config_.yields_everywhere, true, "let other tasks run wherever a task may wait");
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

Files& MainScript::files(const Invocation& invocation) {
  if (!files_) files_.emplace(FilesConfig{".", library_path(invocation), is_sandboxed(invocation.line)});
  return *files_;
}

void MainScript::observe_code(const Invocation& invocation, Files::CodeObserver observer) {
  files(invocation).observe_code(std::move(observer));
}

LoadedScript MainScript::load(const Invocation& invocation, const std::string& path) {
  return load_script(files(invocation), path);
}

int MainScript::run(const Invocation& invocation, const std::shared_ptr<const syntax::Source>& source,
                    const std::string& directory, bool prints_value) {
  const auto builtins = config_.yields_everywhere ? stdlib::yielding_builtins() : stdlib::all_builtins();
  return with_runtime(invocation, directory, builtins, [&](tasks::Runtime& runtime) {
    const RunOptions options{.style = report_style(invocation),
                             .prints_value = prints_value,
                             .report = json_errors_ ? uncaught_json : uncaught_text};
    const int status = run_script(runtime, source, directory, options);
    if (leading_flag(invocation.line, "time") != nullptr) invocation.console.write_error(stopwatch_.report());
    return status;
  });
}

int MainScript::with_runtime(const Invocation& invocation, const std::string& directory,
                             std::span<const execution::BuiltinSpec* const> builtins,
                             const std::function<int(tasks::Runtime&)>& body) {
  register_value_types();
  log::configure({.level = *log::level_called(log_level_), .as_json = log_format_ == "json"}, invocation.console);
  config_.time_slice = static_cast<double>(time_slice_ms_) / 1000;
  config_.task_warn = static_cast<double>(task_warn_ms_) / 1000;
  files(invocation).set_app_directory(directory);
  Host host(invocation.console, invocation.line, files(invocation));
  if (!permit_exec(invocation, host)) return 1;
  const EndReports reports(invocation.line, invocation.console);
  if (reports.wants_memory_profile()) config_.limits.heap.profile_rate = profile_rate_;
  config_.at_instance_end = [&reports](tasks::ScriptInstance& instance) { reports.write(instance); };
  if (panic_policy_ == "abort") config_.panic.policy = panic::Policy::kAbort;
  tasks::Runtime runtime(config_, builtins, host);
  const int status = body(runtime);
  if (!runtime.finish_jobs()) {
    invocation.console.flush();
    std::_Exit(status);
  }
  return status;
}

}  // namespace duso::cli
