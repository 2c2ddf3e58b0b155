// The script that a process is for: the flags that rule over it, and its run.
//
// Everything that a script needs comes together here, the builtins included. All commands that run a script - from a
// file, from the command line - share it, and so they share the flags.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "cli/command.hpp"
#include "cli/stopwatch.hpp"
#include "interpreter/syntax/source.hpp"
#include "runtime/files/files.hpp"
#include "runtime/script_runner.hpp"
#include "runtime/tasks/runtime.hpp"

namespace duso::cli {

class MainScript {
 public:
  // Declares the flags for running scripts (cli.md 3, memory-and-panics.md 1).
  void declare(Usage& usage);
  // Of these, the ones that rule over what a script may do, and not over what is said about it.
  void declare_surroundings(Usage& usage);

  // Makes [observer] learn of all code that is read. Before load() and run().
  void observe_code(const Invocation& invocation, Files::CodeObserver observer);

  // Reads the script [path].
  LoadedScript load(const Invocation& invocation, const std::string& path);

  // Runs [source], which lies in [directory], and reports what it does not catch. Returns the exit status (cli.md 2).
  // Once per process. [prints_value]: prints the value of the last statement, too.
  int run(const Invocation& invocation, const std::shared_ptr<const syntax::Source>& source,
          const std::string& directory, bool prints_value = false);

  // Makes a runtime for scripts that lie in [directory] and know [builtins], and calls [body] with it, whose result is
  // the exit status that is returned. Once per process.
  int with_runtime(const Invocation& invocation, const std::string& directory,
                   std::span<const execution::BuiltinSpec* const> builtins,
                   const std::function<int(tasks::Runtime&)>& body);

 private:
  Files& files(const Invocation& invocation);

  std::optional<Files> files_;
  tasks::RuntimeConfig config_;
  std::string log_level_ = "warning";
  std::string log_format_ = "text";
  std::size_t time_slice_ms_ = 10;
  std::size_t task_warn_ms_ = 0;
  std::size_t profile_rate_ = 1;
  std::string panic_policy_ = "isolate";
  bool json_errors_ = false;
  Stopwatch stopwatch_;
};

}  // namespace duso::cli
