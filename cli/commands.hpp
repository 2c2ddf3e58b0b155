// The table of all commands.
#pragma once

#include <span>
#include <string_view>

#include "cli/command.hpp"

namespace duso::cli {

// Every command, in the order in which the help lists them.
std::span<const CommandEntry* const> all_commands();

// The command called [name], or null.
const CommandEntry* find_command(std::string_view name);

// The command that [line] asks for: by its first word, by a flag that stands for a command (`-e`, `-v`), and otherwise
// `run`, or `help` if there is no word that could be a script. Null if the word is a command's that this version does
// not have.
const CommandEntry* choose_command(const CommandLine& line);

// The name of the command that [word] is probably a misspelling of; empty if there is none.
std::string_view similar_command(std::string_view word);

}  // namespace duso::cli
