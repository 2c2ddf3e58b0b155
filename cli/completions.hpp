// Scripts that teach a shell to complete the command line of duso.
//
// What can be completed is known already: the table of commands, and the flags that each of them declares. So the
// scripts are made from that, and cannot miss a flag. What may stand where an operand stands is read from the names
// that the usage line gives them: SCRIPT and FILE are files, COMMAND is a command, TOPIC a builtin, and alternatives
// like bash|zsh|fish are themselves.
#pragma once

#include <string>
#include <vector>

#include "cli/usage.hpp"

namespace duso::cli {

// What may stand in the place of an operand or of a value, besides words that are known.
enum class Completes : unsigned char { kNothing, kFiles, kScripts };

// What is completed behind a command.
struct CompletedCommand {
  std::string name;
  std::string summary;
  std::vector<DeclaredFlag> flags;
  std::vector<std::string> words;  // that may be its operands
  Completes operands = Completes::kNothing;
};

// All commands. The one called run also stands for the command line that begins with a script.
std::vector<CompletedCommand> completed_commands();

// What may be the value of [flag].
Completes value_of(const DeclaredFlag& flag);

// The scripts, for the shell to evaluate: one file a shell (completions_bash.cpp and so on).
std::string bash_completions(const std::vector<CompletedCommand>& commands);
std::string zsh_completions(const std::vector<CompletedCommand>& commands);
std::string fish_completions(const std::vector<CompletedCommand>& commands);

// The parts that they have in common.

// [words] in one line, with [separator] between them.
std::string joined(const std::vector<std::string>& words, const std::string& separator = " ");

// [summary] in one line.
std::string in_one_line(std::string summary);

}  // namespace duso::cli
