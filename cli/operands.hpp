// The operands of the commands that work on files: `duso fmt -check src main.du`.
//
// A script's command line is told apart by its looks, because nobody knows the script's flags (command_line.hpp). A
// tool knows its flags. So here a flag that takes no value leaves the word behind it alone, flags may stand anywhere
// among the files, and a flag that nobody knows is a mistake: whoever types `duso fmt -chek src` must not have his
// files rewritten.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "runtime/command_line.hpp"

namespace duso::cli {

struct Operands {
  std::vector<std::string> words;
  std::vector<std::string> flags;  // everything else in front of `--`, as it was typed
  std::string problem;             // what is wrong with the command line; empty if nothing is
};

// The operands on [line] for [command], whose flags are those that it declares. A lone dash is an operand; behind `--`
// there are only operands.
Operands read_operands(const CommandLine& line, Command& command);

}  // namespace duso::cli
