// The script that a process is for: the flags that rule over it, and its run.
//
// Everything that a script needs comes together here, the builtins included. All commands that run a script - from a
// file, from the command line - share it, and so they share the flags.
#pragma once

#include <memory>
#include <optional>
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

  // Reads the script [path].
  LoadedScript load(const Invocation& invocation, const std::string& path);

  // Runs [source], which lies in [directory], and reports what it does not catch. Returns the exit status (cli.md 2).
  // Once per process. [prints_value]: prints the value of the last statement, too.
  int run(const Invocation& invocation, const std::shared_ptr<const syntax::Source>& source,
          const std::string& directory, bool prints_value = false);

 private:
  Files& files(const Invocation& invocation);

  std::optional<Files> files_;
  tasks::RuntimeConfig config_;
  std::string log_level_ = "warning";
  std::string log_format_ = "text";
  bool json_errors_ = false;
  Stopwatch stopwatch_;
};

}  // namespace duso::cli
