// The module `runtime`: what a script can know of the program that runs it (memory-and-panics.md).
//
// module_runtime.cpp puts it together; each group of functions has a file of its own and hands out its declarations
// here. Whoever adds a group adds a function here and a line there.
#pragma once

#include <span>
#include <string>

#include "interpreter/execution/builtin.hpp"
#include "interpreter/execution/instance.hpp"
#include "runtime/tasks/script_instance.hpp"

namespace duso::stdlib {

using ModuleFunctions = std::span<const execution::BuiltinSpec>;

ModuleFunctions limit_functions();       // runtime_limits.cpp: limits, config
ModuleFunctions reference_functions();   // runtime_references.cpp: refcount, weak, same
ModuleFunctions collector_functions();   // runtime_collector.cpp: gc, should_collect, gc_stats
ModuleFunctions profile_functions();     // runtime_profile.cpp: memory, profile, check_leaks, leak_report, ...
ModuleFunctions type_functions();        // runtime_types.cpp: types, type_info, reflect
ModuleFunctions statistics_functions();  // runtime_statistics.cpp: stats, instances

// Parts of `stats()`, owned by the caller; they may throw HeapLimitReached.
Value memory_record(execution::Instance& instance);
Value collector_record(execution::Instance& instance);  // nil when automatic collections are off
Value statistics_record(execution::Instance& instance);

// What `-runtime-stats` prints of [instance]: statistics_record() as JSON. May throw HeapLimitReached.
std::string statistics_text(execution::Instance& instance);

}  // namespace duso::stdlib
