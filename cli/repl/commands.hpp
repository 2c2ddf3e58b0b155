// The commands of the prompt: lines that begin with a colon.
//
// A command does for the session what code could not say. What can be said in Duso is no command.
#pragma once

#include <span>
#include <string_view>

namespace duso::cli::repl {

class Repl;

struct ReplCommand {
  std::string_view name;     // with its colon
  std::string_view operand;  // as the help shows it: "FILE"; empty if it takes none
  std::string_view summary;
  bool (Repl::*run)(std::string_view operand);  // false ends the session
};

// All of them, in the order in which the help lists them.
std::span<const ReplCommand> all_commands();

// The command called [name], or null.
const ReplCommand* find_command(std::string_view name);

}  // namespace duso::cli::repl
