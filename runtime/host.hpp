// What surrounds a running script: the part of the world that it can reach without being given a handle.
//
// An instance knows only this object; builtins ask it for the console and for what the process was started with. So a
// test, or another program that embeds the interpreter, can run scripts against surroundings of its own making. It
// holds references and no state: everything it refers to outlives every instance.
#pragma once

#include "runtime/command_line.hpp"
#include "runtime/console.hpp"

namespace duso {

class Host {
 public:
  Host(Console& console, const CommandLine& command_line) : console_(console), command_line_(command_line) {}

  Console& console() const { return console_; }
  const CommandLine& command_line() const { return command_line_; }

 private:
  Console& console_;
  const CommandLine& command_line_;
};

}  // namespace duso
