// The functions that only module `tasks` has (tasks.md 2), from the files of their families. The module is put together
// in module_tasks.cpp.
#pragma once

#include <span>

#include "interpreter/execution/builtin.hpp"

namespace duso::stdlib {

using ModuleFunctions = std::span<const execution::BuiltinSpec>;

ModuleFunctions scheduling_functions();  // scheduling.cpp: block_on, run_all, current, ...
ModuleFunctions scope_functions();       // scopes.cpp: shield
ModuleFunctions channel_functions();     // channels.cpp: select
ModuleFunctions descriptor_functions();  // descriptors.cpp: pipe, fd_read, fd_write, fd_close

}  // namespace duso::stdlib
