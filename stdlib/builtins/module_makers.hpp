// How the native modules are made: each function returns the object of one module, owned by the caller, and throws what
// an allocation throws. Which names they are required by is decided in native_modules.cpp.
#pragma once

#include "interpreter/execution/instance.hpp"
#include "interpreter/values/value.hpp"

namespace duso::stdlib {

Value make_runtime_module(execution::Instance& instance);  // module_runtime.cpp
Value make_sync_module(execution::Instance& instance);     // module_sync.cpp
Value make_tasks_module(execution::Instance& instance);    // module_tasks.cpp

}  // namespace duso::stdlib
