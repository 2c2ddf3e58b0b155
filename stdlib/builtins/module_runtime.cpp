#include "stdlib/builtins/module_runtime.hpp"

#include <initializer_list>

#include "runtime/version.hpp"
#include "stdlib/builtins/handles.hpp"
#include "stdlib/builtins/module_makers.hpp"
#include "stdlib/builtins/native_modules.hpp"
#include "stdlib/builtins/panic_functions.hpp"
#include "stdlib/builtins/record.hpp"

namespace duso::stdlib {

namespace {

// The version of the interface that plug-ins are built against.
constexpr double kPluginInterface = 1;

// Builtins that the module has as well, for scripts that keep everything about tasks in one place.
constexpr const char* kSharedBuiltins[] = {"run", "background", "spawn"};

}  // namespace

Value make_runtime_module(execution::Instance& instance) {
  Record module(instance);
  module.set("version", runtime::kVersion);
  module.set("abi", kPluginInterface);
  for (const ModuleFunctions group : {limit_functions(), reference_functions(), collector_functions(),
                                      profile_functions(), type_functions(), statistics_functions()}) {
    for (const execution::BuiltinSpec& function : group) {
      module.set(function.name, bind_function(instance, function, Value::nil()));
    }
  }
  for (const execution::BuiltinSpec* function : panic_functions()) {
    module.set(function->name, bind_function(instance, *function, Value::nil()));
  }
  for (const char* name : {"tasks", "sync"}) {
    const NativeModule* const other = find_unshadowed(native_modules(), name);
    module.set(name, native_module_object(instance, *other));
  }
  for (const char* name : kSharedBuiltins) {
    const Value builtin = instance.engine().find_builtin(instance.engine().names().intern(name));
    if (!builtin.is_unset()) module.set(name, builtin);
  }
  return module.take();
}

}  // namespace duso::stdlib
