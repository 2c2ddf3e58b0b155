#include "stdlib/builtins/table.hpp"

#include <vector>

#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

std::span<const execution::BuiltinSpec* const> all_builtins() {
  static const std::vector<const execution::BuiltinSpec*> kTable = [] {
    std::vector<const execution::BuiltinSpec*> joined;
    for (const Family family :
         {core_builtins(),       string_builtins(),     search_builtins(),     regex_builtins(),
          array_builtins(),      copying_builtins(),    functional_builtins(), sorting_builtins(),
          math_builtins(),       type_builtins(),       console_builtins(),    system_builtins(),
          error_builtins(),      json_builtins(),       file_builtins(),       csv_builtins(),
          form_builtins(),       base64_builtins(),     clock_builtins(),      time_format_builtins(),
          time_parse_builtins(), uuid_builtins(),       busy_builtins(),       task_builtins(),
          instance_builtins(),   task_group_builtins(), scope_builtins(),      channel_builtins(),
          descriptor_builtins()}) {
      joined.insert(joined.end(), family.begin(), family.end());
    }
    return joined;
  }();
  return kTable;
}

}  // namespace duso::stdlib
