// Completions for fish: a list of what may stand where, each with its condition.
#include "cli/completions.hpp"

namespace duso::cli {

namespace {

constexpr std::string_view kHead = R"(# Completion of duso's command line for fish.
#
#     duso completions fish | source      or as the file duso.fish in ~/.config/fish/completions

function __duso_command
  set -l words (commandline -opc)
  if contains -- "$words[2]" $__duso_commands
    echo $words[2]
  else
    echo run
  end
end

function __duso_runs
  test (count (commandline -opc)) -gt 1; and test (__duso_command) = $argv[1]
end

function __duso_begins
  test (count (commandline -opc)) -eq 1
end

)";

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + '\'';
}

std::string flag_line(const CompletedCommand& command, const DeclaredFlag& flag) {
  // The flags of scripts may stand in front of the script, too.
  const std::string condition =
      command.name == "run" ? "__duso_begins; or __duso_runs run" : "__duso_runs " + command.name;
  std::string line = "complete -c duso -n " + quoted(condition) + " -o " + flag.name;
  if (flag.takes_value()) line += value_of(flag) == Completes::kFiles ? " -rF" : " -x";
  if (!flag.values.empty()) line += " -a " + quoted(joined(flag.values));
  return line + " -d " + quoted(in_one_line(flag.summary)) + '\n';
}

// Operands that are files need no line: fish offers files where nothing else is said.
std::string operand_line(const CompletedCommand& command) {
  if (command.operands != Completes::kNothing) return {};
  std::string line = "complete -c duso -n " + quoted("__duso_runs " + command.name) + " -f";
  if (!command.words.empty()) line += " -a " + quoted(joined(command.words));
  return line + '\n';
}

}  // namespace

std::string fish_completions(const std::vector<CompletedCommand>& commands) {
  std::string names;
  std::string lines;
  for (const CompletedCommand& command : commands) {
    names += ' ' + command.name;
    lines += "complete -c duso -n __duso_begins -a " + command.name + " -d " + quoted(in_one_line(command.summary)) +
             '\n' + operand_line(command);
    for (const DeclaredFlag& flag : command.flags) lines += flag_line(command, flag);
  }
  return std::string(kHead) + "set -g __duso_commands" + names + "\n\ncomplete -c duso -e\n" + lines;
}

}  // namespace duso::cli
