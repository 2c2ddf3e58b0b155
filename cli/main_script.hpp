// The script that a process is for: the flags that rule over it, and its run.
//
// Everything that a script needs comes together here, the builtins included. All commands that run a script - from a
// file, from the command line - share it, and so they share the flags.
#pragma once

#include <memory>
#include <string>

#include "cli/command.hpp"
#include "interpreter/syntax/source.hpp"
#include "runtime/tasks/runtime.hpp"

namespace duso::cli {

class MainScript {
 public:
  // Declares the flags for running scripts (cli.md 3, memory-and-panics.md 1).
  void declare(Usage& usage);

  // Runs [source] and reports what it does not catch. Returns the exit status (cli.md 2). Once per process.
  int run(const Invocation& invocation, const std::shared_ptr<const syntax::Source>& source);

 private:
  tasks::RuntimeConfig config_;
  std::string panic_policy_ = "isolate";
};

}  // namespace duso::cli
