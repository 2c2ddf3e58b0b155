// Completions for zsh: a function that is called with the words of the line and adds what may follow, described.
#include "cli/completions.hpp"

namespace duso::cli {

namespace {

constexpr std::string_view kHead = R"(#compdef duso
# Completion of duso's command line for zsh.
#
#     source <(duso completions zsh)      after compinit; or as the file _duso in a directory of $fpath

_duso() {
  local command=run
  local -a commands flags
)";

constexpr std::string_view kTail = R"(}

if [[ $funcstack[1] == _duso ]]; then
  _duso "$@"
else
  compdef _duso duso
fi
)";

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + '\'';
}

// "'NAME:SUMMARY'", as _describe takes it.
std::string described(const std::string& name, const std::string& summary) {
  return quoted(name + ':' + in_one_line(summary));
}

std::string offer(Completes kind) {
  switch (kind) {
    case Completes::kFiles:
      return "_files";
    case Completes::kScripts:
      return "_files -g '*.du'";
    case Completes::kNothing:
      break;
  }
  return "";
}

// The branch for the value of [flag] of [command]; empty if it takes none.
std::string value_branch(const CompletedCommand& command, const DeclaredFlag& flag) {
  if (!flag.takes_value()) return {};
  std::string action = offer(value_of(flag));
  if (!flag.values.empty()) action = "compadd -- " + joined(flag.values);
  return "    ('" + command.name + " -" + flag.name + "') " + action + (action.empty() ? "" : "; ") + "return ;;\n";
}

std::string operand_branch(const CompletedCommand& command) {
  std::string branch = "    (" + command.name + ")\n      flags=(\n";
  for (const DeclaredFlag& flag : command.flags) {
    branch += "        " + described('-' + flag.name, flag.summary) + '\n';
  }
  branch += "      )\n      if [[ $PREFIX == -* ]]; then _describe -o flag flags; return; fi\n";
  if (!command.words.empty()) branch += "      compadd -- " + joined(command.words) + '\n';
  if (const std::string action = offer(command.operands); !action.empty()) branch += "      " + action + '\n';
  return branch + "      ;;\n";
}

}  // namespace

std::string zsh_completions(const std::vector<CompletedCommand>& commands) {
  std::vector<std::string> names;
  std::string list;
  std::string values;
  std::string operands;
  for (const CompletedCommand& command : commands) {
    names.push_back(command.name);
    list += "      " + described(command.name, command.summary) + '\n';
    for (const DeclaredFlag& flag : command.flags) values += value_branch(command, flag);
    operands += operand_branch(command);
  }
  return std::string(kHead) + "  if ((CURRENT == 2)) && [[ $PREFIX != -* ]]; then\n    commands=(\n" + list +
         "    )\n    _describe command commands\n    _files -g '*.du'\n    return\n  fi\n  case $words[2] in\n    (" +
         joined(names, "|") + ") command=$words[2] ;;\n  esac\n  case \"$command $words[CURRENT-1]\" in\n" + values +
         "  esac\n  case $command in\n" + operands + "  esac\n" + std::string(kTail);
}

}  // namespace duso::cli
