// Modules that are part of the program: `require("tasks")` without a file.
//
// Such a module is an object that is made when an instance first asks for it, and the same one from then on. It has two
// names: `duso/NAME` always means it, NAME alone only if no file of that name is found - a user's own file wins
// (files-and-modules.md 7).
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "interpreter/execution/builtin.hpp"

namespace duso::stdlib {

struct NativeModule {
  std::string_view name;
  bool has_short_name;  // whether NAME alone means it too
  // Makes the module's object, owned by the caller. May throw what an allocation throws.
  Value (*make)(execution::Instance& instance);
};

// All native modules.
std::span<const NativeModule> native_modules();

// The one of [modules] that [name] means when the files were not looked at yet: `duso/NAME`. Null if there is none.
const NativeModule* find_reserved(std::span<const NativeModule> modules, std::string_view name);

// The one of [modules] that [name] means when there is no such file. Null if there is none.
const NativeModule* find_unshadowed(std::span<const NativeModule> modules, std::string_view name);

// The object of [module] in [instance], owned by the caller; made if this is the first time. [module] outlives the
// instance. May throw what an allocation throws.
Value native_module_object(execution::Instance& instance, const NativeModule& module);

}  // namespace duso::stdlib
