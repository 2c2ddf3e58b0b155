// Completions for bash: a function that is called with the words of the line and fills COMPREPLY.
#include "cli/completions.hpp"

namespace duso::cli {

namespace {

// Words that are known need no quotes: names of commands, flags and builtins have no characters that bash looks at.

constexpr std::string_view kHead = R"(# Completion of duso's command line for bash.
#
#     source <(duso completions bash)

_duso_words() {
  mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$1" -- "$word")
}

_duso_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f "$@" -- "$word")
}

_duso_scripts() {
  _duso_files -X '!*.du'
  mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$word")
}

_duso() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=run
  COMPREPLY=()
)";

constexpr std::string_view kTail = R"(}

complete -F _duso duso
)";

std::string offer(Completes kind) {
  switch (kind) {
    case Completes::kFiles:
      return "_duso_files";
    case Completes::kScripts:
      return "_duso_scripts";
    case Completes::kNothing:
      break;
  }
  return "";
}

// The branch for the value of [flag] of [command]; empty if it takes none.
std::string value_branch(const CompletedCommand& command, const DeclaredFlag& flag) {
  if (!flag.takes_value()) return {};
  std::string action = offer(value_of(flag));
  if (!flag.values.empty()) action = "_duso_words \"" + joined(flag.values) + '"';
  return "    \"" + command.name + " -" + flag.name + "\") " + action + (action.empty() ? "" : "; ") + "return ;;\n";
}

std::string operand_branch(const CompletedCommand& command) {
  std::vector<std::string> flags;
  for (const DeclaredFlag& flag : command.flags) flags.push_back('-' + flag.name);
  std::string branch =
      "    " + command.name + ")\n      if [[ $word == -* ]]; then _duso_words \"" + joined(flags) + "\"; return; fi\n";
  if (!command.words.empty()) branch += "      _duso_words \"" + joined(command.words) + "\"\n";
  if (const std::string action = offer(command.operands); !action.empty()) branch += "      " + action + '\n';
  return branch + "      ;;\n";
}

}  // namespace

std::string bash_completions(const std::vector<CompletedCommand>& commands) {
  std::vector<std::string> names;
  std::string values;
  std::string operands;
  for (const CompletedCommand& command : commands) {
    names.push_back(command.name);
    for (const DeclaredFlag& flag : command.flags) values += value_branch(command, flag);
    operands += operand_branch(command);
  }
  return std::string(kHead) + "  if ((COMP_CWORD == 1)) && [[ $word != -* ]]; then\n    _duso_words \"" +
         joined(names) + "\"\n    _duso_scripts\n    return\n  fi\n  case ${COMP_WORDS[1]} in\n    " +
         joined(names, " | ") + ") command=${COMP_WORDS[1]} ;;\n  esac\n  case \"$command $previous\" in\n" + values +
         "  esac\n  case $command in\n" + operands + "  esac\n" + std::string(kTail);
}

}  // namespace duso::cli
