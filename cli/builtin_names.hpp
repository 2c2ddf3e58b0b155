// The builtins by name, whether this version has them yet or not.
//
// Tools speak about scripts, and a script that uses a builtin of a later version is no script with an undefined
// variable. So beside the table of what exists (stdlib/builtins/table.hpp) there is this list of what is specified, in
// two parts: the names that Duso always had, and those that this implementation adds. The difference matters to
// scripts that were written before the second part: they may use those names for themselves.
#pragma once

#include <span>
#include <string_view>

namespace duso::cli {

// The names that every implementation has (cli.md 12), sorted.
std::span<const std::string_view> reference_builtins();

// The names that were added (spec/README.md, index of builtins), sorted.
std::span<const std::string_view> added_builtins();

}  // namespace duso::cli
