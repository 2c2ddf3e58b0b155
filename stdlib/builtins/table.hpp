// The table of all builtins.
//
// A builtin exists for scripts, documentation, lint and completion if and only if it is in here; the table is put
// together from the families of families.hpp.
#pragma once

#include <span>
#include <string_view>

#include "interpreter/execution/builtin.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

// Families that belong together for somebody who looks for a function.
struct Topic {
  std::string_view title;
  std::vector<Family> families;
};

// All families, by topic, in the order in which a reader meets them.
std::span<const Topic> all_topics();

// Every builtin, once. Lives as long as the program.
std::span<const execution::BuiltinSpec* const> all_builtins();

// The builtin called [name]; null if there is none.
const execution::BuiltinSpec* find_builtin(std::string_view name);

}  // namespace duso::stdlib
