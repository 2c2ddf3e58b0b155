#include "cli/operands.hpp"

#include <algorithm>
#include <string_view>

#include "interpreter/syntax/spelling.hpp"

namespace duso::cli {

namespace {

std::string describe_unknown(const std::string& command_name, std::string_view name, const Usage& usage) {
  const std::vector<std::string> names = usage.flag_names();
  const std::string_view meant = syntax::most_similar(name, std::vector<std::string_view>(names.begin(), names.end()));
  std::string problem = "Error: " + command_name + " has no flag '-" + std::string(name) + "'";
  if (!meant.empty()) problem += "\nDid you mean '-" + std::string(meant) + "'?";
  return problem;
}

}  // namespace

Operands read_operands(const CommandLine& line, Command& command) {
  Usage usage({}, {});
  command.declare(usage);
  Operands operands;
  const std::vector<std::string>& all = line.arguments();
  for (std::size_t at = 0; at < all.size(); ++at) {
    const std::string_view argument = all[at];
    if (argument == "--") {
      operands.words.insert(operands.words.end(), all.begin() + static_cast<std::ptrdiff_t>(at) + 1, all.end());
      break;
    }
    if (argument == "-" || !argument.starts_with('-')) {
      operands.words.emplace_back(argument);
      continue;
    }
    const std::string_view bare = argument.substr(std::min(argument.find_first_not_of('-'), argument.size()));
    const std::size_t equals = bare.find('=');
    const std::optional<bool> takes_value = usage.takes_value(bare.substr(0, equals));
    if (!takes_value) {
      operands.problem = describe_unknown(line.command(), bare.substr(0, equals), usage);
      break;
    }
    operands.flags.push_back(all[at]);
    if (*takes_value && equals == bare.npos && at + 1 < all.size()) operands.flags.push_back(all[++at]);
  }
  return operands;
}

}  // namespace duso::cli
