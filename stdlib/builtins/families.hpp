// The families of builtins: each file of this folder declares its functions beside their code and hands out the list
// of them here. What is in none of these lists does not exist for a script.
#pragma once

#include <span>

#include "interpreter/execution/builtin.hpp"

namespace duso::stdlib {

// One family: its declarations, which live as long as the program.
using Family = std::span<const execution::BuiltinSpec* const>;

Family core_builtins();         // core.cpp
Family string_builtins();       // strings.cpp
Family search_builtins();       // search.cpp
Family regex_builtins();        // regex.cpp
Family array_builtins();        // arrays.cpp
Family copying_builtins();      // copying.cpp
Family functional_builtins();   // functional.cpp
Family sorting_builtins();      // sort.cpp
Family math_builtins();         // math.cpp
Family type_builtins();         // types.cpp
Family console_builtins();      // console.cpp
Family system_builtins();       // system.cpp
Family error_builtins();        // errors.cpp
Family json_builtins();         // json.cpp
Family file_builtins();         // files.cpp
Family directory_builtins();    // files_directories.cpp
Family transfer_builtins();     // files_transfers.cpp
Family binary_file_builtins();  // files_binary.cpp
Family watch_builtins();        // files_watch.cpp
Family module_builtins();       // modules.cpp
Family csv_builtins();          // csv.cpp
Family form_builtins();         // forms.cpp
Family base64_builtins();       // base64.cpp
Family clock_builtins();        // clock.cpp
Family time_format_builtins();  // time_format.cpp
Family time_parse_builtins();   // time_parse.cpp
Family uuid_builtins();         // uuid.cpp
Family busy_builtins();         // busy.cpp
Family markdown_builtins();     // markdown.cpp
Family task_builtins();         // tasks.cpp
Family instance_builtins();     // instances.cpp
Family background_builtins();   // background.cpp
Family exec_builtins();         // exec.cpp
Family schedule_builtins();     // schedule.cpp
Family task_group_builtins();   // task_groups.cpp
Family scope_builtins();        // scopes.cpp
Family channel_builtins();      // channels.cpp
Family descriptor_builtins();   // descriptors.cpp

}  // namespace duso::stdlib
