#include "cli/completions.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "cli/commands.hpp"
#include "interpreter/execution/builtin.hpp"
#include "stdlib/builtins/table.hpp"

namespace duso::cli {

namespace {

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const CommandEntry* entry : all_commands()) names.emplace_back(entry->name);
  return names;
}

std::vector<std::string> topics() {
  std::vector<std::string> names;
  for (const execution::BuiltinSpec* builtin : stdlib::all_builtins()) names.emplace_back(builtin->name);
  std::ranges::sort(names);
  return names;
}

// Adds what may stand in the place of one operand of a usage line, [form].
void add_operand(CompletedCommand& command, std::string_view form) {
  while (!form.empty()) {
    const std::string_view choice = form.substr(0, form.find('|'));
    form.remove_prefix(std::min(choice.size() + 1, form.size()));
    if (choice == "SCRIPT") {
      command.operands = Completes::kScripts;
    } else if (choice == "FILE" || choice == "DIR") {
      command.operands = Completes::kFiles;
    } else if (choice == "COMMAND") {
      command.words = command_names();
    } else if (choice == "TOPIC") {
      command.words = topics();
    } else if (std::islower(static_cast<unsigned char>(choice.front())) != 0) {
      command.words.emplace_back(choice);
    }
  }
}

CompletedCommand completed(const CommandEntry& entry) {
  CompletedCommand command{std::string(entry.name), std::string(entry.summary), {}, {}, Completes::kNothing};
  Usage usage({}, {});
  entry.make()->declare(usage);
  command.flags = usage.flags();
  // The brackets and dots of "[FILE|DIR]..." are about how often, which does not matter here. Of several operands it is
  // the first that is completed: what follows belongs to scripts.
  std::string form(entry.operands.substr(0, entry.operands.find(' ')));
  std::erase_if(form, [](char c) { return c == '[' || c == ']' || c == '.'; });
  add_operand(command, form);
  return command;
}

}  // namespace

std::vector<CompletedCommand> completed_commands() {
  std::vector<CompletedCommand> commands;
  for (const CommandEntry* entry : all_commands()) commands.push_back(completed(*entry));
  return commands;
}

Completes value_of(const DeclaredFlag& flag) {
  return flag.value_name == "FILE" || flag.value_name == "DIR" || flag.value_name == "PATH" ? Completes::kFiles
                                                                                            : Completes::kNothing;
}

std::string joined(const std::vector<std::string>& words, const std::string& separator) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : separator) + word;
  return line;
}

std::string in_one_line(std::string summary) {
  std::ranges::replace(summary, '\n', ' ');
  return summary;
}

}  // namespace duso::cli
