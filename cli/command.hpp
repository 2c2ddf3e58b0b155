// A command of `duso`: one file each, entered in the table of commands.cpp.
//
// A command is an object for the sake of its flags: it declares them once, bound to its members (usage.hpp), and
// whether they are then read from the command line or printed as a help page is not its concern.
#pragma once

#include <memory>
#include <string_view>

#include "cli/usage.hpp"
#include "runtime/bundle/application.hpp"
#include "runtime/command_line.hpp"
#include "runtime/console.hpp"

namespace duso::cli {

// What a command is given to work with.
struct Invocation {
  Console& console;
  const CommandLine& line;
  const bundle::Application* application = nullptr;  // that this program carries; null for duso alone
  bool starts_application = false;                   // it is what the line is for (application_start.hpp)
};

class Command {
 public:
  virtual ~Command() = default;
  // Declares the flags that the command understands. A command without flags has nothing to say here.
  virtual void declare(Usage&) {}
  // Does the work, after the flags were read. Returns the exit status of the process.
  virtual int run(const Invocation& invocation) = 0;
};

// The flag called [name] that stands in front of the script, where flags are duso's own whatever the script calls its;
// null if there is none.
inline const CommandLine::Flag* leading_flag(const CommandLine& line, std::string_view name) {
  for (const CommandLine::Flag& flag : line.flags()) {
    if (flag.before_script && flag.name == name) return &flag;
  }
  return nullptr;
}

// How the table knows a command.
struct CommandEntry {
  std::string_view name;
  std::string_view operands;  // as the usage line shows them: "CODE [WORDS...]"
  std::string_view summary;   // one line, for the list of commands
  std::string_view details;   // the first paragraphs of its help page, in lines of at most 78 characters
  std::unique_ptr<Command> (*make)();
};

// Makes a command of the given type; for the entries of the table.
template <class Type>
std::unique_ptr<Command> make_command() {
  return std::make_unique<Type>();
}

}  // namespace duso::cli
