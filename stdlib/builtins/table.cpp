#include "stdlib/builtins/table.hpp"

#include <algorithm>
#include <vector>

namespace duso::stdlib {

std::span<const Topic> all_topics() {
  static const std::vector<Topic> kTopics = {
      {"Text", {string_builtins(), search_builtins(), regex_builtins()}},
      {"Arrays and objects", {array_builtins(), functional_builtins(), sorting_builtins(), copying_builtins()}},
      {"Numbers", {math_builtins()}},
      {"Conversions", {type_builtins()}},
      {"Data formats", {json_builtins(), csv_builtins(), form_builtins(), base64_builtins(), markdown_builtins()}},
      {"Time and identifiers", {clock_builtins(), time_format_builtins(), time_parse_builtins(), uuid_builtins()}},
      {"Console", {console_builtins(), busy_builtins()}},
      {"Files", {file_builtins(), directory_builtins(), transfer_builtins(), binary_file_builtins(), watch_builtins()}},
      {"Code and errors", {core_builtins(), module_builtins(), error_builtins()}},
      {"Tasks", {task_builtins(), task_group_builtins(), scope_builtins(), channel_builtins(), descriptor_builtins()}},
      {"Scripts", {instance_builtins(), background_builtins(), schedule_builtins()}},
      {"The process", {system_builtins(), exec_builtins()}},
  };
  return kTopics;
}

std::span<const execution::BuiltinSpec* const> all_builtins() {
  static const std::vector<const execution::BuiltinSpec*> kTable = [] {
    std::vector<const execution::BuiltinSpec*> joined;
    for (const Topic& topic : all_topics()) {
      for (const Family family : topic.families) joined.insert(joined.end(), family.begin(), family.end());
    }
    return joined;
  }();
  return kTable;
}

const execution::BuiltinSpec* find_builtin(std::string_view name) {
  const auto found = std::ranges::find(all_builtins(), name, [](const auto* builtin) { return builtin->name; });
  return found != all_builtins().end() ? *found : nullptr;
}

}  // namespace duso::stdlib
