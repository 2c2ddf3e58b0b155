#include "cli/commands.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "interpreter/syntax/spelling.hpp"

namespace duso::cli {

// Each is defined in the file of its command.
extern const CommandEntry kRunCommand, kEvalCommand, kReplCommand, kInitCommand, kDocCommand, kPrimerCommand,
    kReadCommand, kExtractCommand, kLintCommand, kCheckCommand, kFmtCommand, kTestCommand, kBundleCommand,
    kSyntaxCommand, kCompletionsCommand, kInstallCommand, kVersionCommand, kHelpCommand;

namespace {

constexpr const CommandEntry* kCommands[] = {
    &kRunCommand,    &kEvalCommand,    &kReplCommand,        &kInitCommand,    &kDocCommand,     &kPrimerCommand,
    &kReadCommand,   &kExtractCommand, &kLintCommand,        &kCheckCommand,   &kFmtCommand,     &kTestCommand,
    &kBundleCommand, &kSyntaxCommand,  &kCompletionsCommand, &kInstallCommand, &kVersionCommand, &kHelpCommand,
};

}  // namespace

std::span<const CommandEntry* const> all_commands() { return kCommands; }

const CommandEntry* find_command(std::string_view name) {
  const auto* found = std::ranges::find(kCommands, name, [](const CommandEntry* entry) { return entry->name; });
  return found != std::end(kCommands) ? *found : nullptr;
}

const CommandEntry* choose_command(const CommandLine& line) {
  if (!line.command().empty()) return find_command(line.command());
  if (leading_flag(line, "e") != nullptr || leading_flag(line, "p") != nullptr) return &kEvalCommand;
  if (line.arguments() == std::vector<std::string>{"-v"}) return &kVersionCommand;
  return line.words().empty() ? &kHelpCommand : &kRunCommand;
}

std::string_view similar_command(std::string_view word) {
  std::vector<std::string_view> names;
  for (const CommandEntry* entry : kCommands) names.push_back(entry->name);
  return syntax::most_similar(word, names);
}

}  // namespace duso::cli
