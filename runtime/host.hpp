// What surrounds a running script: the part of the world that it can reach without being given a handle.
//
// An instance knows only this object; builtins ask it for the console, for files and for what the process was started
// with. So a test, or another program that embeds the interpreter, can run scripts against surroundings of its own
// making. It holds references and no state: everything it refers to outlives every instance. The cache of programs is
// the worker's, so instances of different workers have different hosts.
#pragma once

#include "runtime/command_line.hpp"
#include "runtime/console.hpp"
#include "runtime/files/files.hpp"
#include "runtime/program_cache.hpp"

namespace duso {

class Host {
 public:
  Host(Console& console, const CommandLine& command_line, Files& files, ProgramCache& programs)
      : console_(console), command_line_(command_line), files_(files), programs_(programs) {}

  Console& console() const { return console_; }
  const CommandLine& command_line() const { return command_line_; }
  Files& files() const { return files_; }
  ProgramCache& programs() const { return programs_; }

  // The directory of the script that the instance was started from: what `run`, `spawn` and `watch` start from.
  const std::string& script_directory() const { return files_.app_directory(); }

 private:
  Console& console_;
  const CommandLine& command_line_;
  Files& files_;
  ProgramCache& programs_;
};

}  // namespace duso
