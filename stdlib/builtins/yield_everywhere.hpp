// Test mode: other tasks run wherever a task may wait (`-test-yield-all`, tasks.md 15).
//
// A script that is right lets others run at any of its suspension points, but most of them rarely wait: the value is
// there, the channel has room. In this mode every builtin that may suspend yields before it does anything else. That is
// a different declaration of the same builtin, so a normal run pays nothing.
#pragma once

#include <span>

#include "interpreter/execution/builtin.hpp"

namespace duso::stdlib {

// [spec], which lives as long as the program, so that it yields first if it may suspend at all. From any thread.
const execution::BuiltinSpec& yielding(const execution::BuiltinSpec& spec);

// all_builtins() in this form.
std::span<const execution::BuiltinSpec* const> yielding_builtins();

}  // namespace duso::stdlib
