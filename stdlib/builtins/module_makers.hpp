// The modules that are written in C++: each is an object that is made once per instance, when it is first required.
#pragma once

#include "interpreter/execution/instance.hpp"
#include "interpreter/values/value.hpp"

namespace duso::stdlib {

// Each returns an object that the caller owns, and throws what an allocation throws.
Value make_sync_module(execution::Instance& instance);  // module_sync.cpp

}  // namespace duso::stdlib
