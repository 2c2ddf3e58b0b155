#include "cli/operands.hpp"

#include <algorithm>
#include <string_view>

#include "interpreter/syntax/spelling.hpp"

namespace duso::cli {

namespace {

std::string describe_unknown(const std::string& command_name, std::string_view name, const Usage& usage) {
  std::vector<std::string_view> names;
  for (const DeclaredFlag& flag : usage.flags()) names.push_back(flag.name);
  const std::string_view meant = syntax::most_similar(name, names);
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
    const DeclaredFlag* const flag = usage.flag(bare.substr(0, equals));
    if (flag == nullptr) {
      operands.problem = describe_unknown(line.command(), bare.substr(0, equals), usage);
      break;
    }
    operands.flags.push_back(all[at]);
    if (flag->takes_value() && equals == bare.npos && at + 1 < all.size()) operands.flags.push_back(all[++at]);
  }
  return operands;
}

}  // namespace duso::cli
