// The table of all builtins.
//
// A builtin exists for scripts, documentation, lint and completion if and only if it is in here; the table is put
// together from the families of families.hpp.
#pragma once

#include <span>

#include "interpreter/execution/builtin.hpp"

namespace duso::stdlib {

// Every builtin, once. Lives as long as the program.
std::span<const execution::BuiltinSpec* const> all_builtins();

}  // namespace duso::stdlib
