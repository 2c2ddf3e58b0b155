// What surrounds a running script: the part of the world that it can reach without being given a handle.
//
// An instance knows only this object; builtins ask it for the console, for files and for what the process was started
// with. So a test, or another program that embeds the interpreter, can run scripts against surroundings of its own
// making. It is complete before the first instance runs, and what it refers to outlives them all. The cache of programs
// is the worker's, so each worker has a copy with its own.
#pragma once

#include <utility>

#include "runtime/command_line.hpp"
#include "runtime/console.hpp"
#include "runtime/files/files.hpp"
#include "runtime/processes/exec_permissions.hpp"
#include "runtime/program_cache.hpp"

namespace duso {

class Host {
 public:
  Host(Console& console, const CommandLine& command_line, Files& files)
      : console_(console), command_line_(command_line), files_(files) {}
  Host(Console& console, const CommandLine& command_line, Files& files, ProgramCache& programs)
      : Host(console, command_line, files) {
    programs_ = &programs;
  }
  // The same surroundings for the instances of one worker, with its cache of programs.
  Host(const Host& process, ProgramCache& programs) : Host(process) { programs_ = &programs; }

  Console& console() const { return console_; }
  const CommandLine& command_line() const { return command_line_; }
  Files& files() const { return files_; }
  ProgramCache& programs() const { return *programs_; }

  // What exec() may start: nothing, unless it is told otherwise.
  const ExecPermissions& exec_permissions() const { return exec_permissions_; }
  void permit_exec(ExecPermissions permissions) { exec_permissions_ = std::move(permissions); }

 private:
  Console& console_;
  const CommandLine& command_line_;
  Files& files_;
  ExecPermissions exec_permissions_;
  ProgramCache* programs_ = nullptr;
};

}  // namespace duso
