// The native modules: each function makes the object that `require` returns for one of them, once per instance.
//
// The object is owned by the caller. They throw what an allocation throws.
#pragma once

#include "interpreter/execution/instance.hpp"
#include "interpreter/values/value.hpp"

namespace duso::stdlib {

Value make_runtime_module(execution::Instance& instance);  // module_runtime.cpp

}  // namespace duso::stdlib
