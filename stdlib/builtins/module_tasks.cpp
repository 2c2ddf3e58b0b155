// Module `tasks` (tasks.md 2): the builtins that have to do with tasks, their constants by two names, and functions
// that only it has.
#include <string>
#include <string_view>

#include "interpreter/execution/engine.hpp"
#include "interpreter/values/object.hpp"
#include "stdlib/builtins/handles.hpp"
#include "stdlib/builtins/module_makers.hpp"
#include "stdlib/builtins/task_module.hpp"

namespace duso::stdlib {

namespace {

constexpr std::string_view kBuiltins[] = {
    "task",       "task_group",     "scoped_task",   "defer",          "yield_now",    "with_timeout",
    "channel",    "wait_readable",  "wait_writable", "background",     "TASK_PENDING", "TASK_RUNNING",
    "TASK_READY", "TASK_COMPLETED", "TASK_FAILED",   "TASK_CANCELLED",
};

constexpr std::string_view kConstantPrefix = "TASK_";

}  // namespace

Value make_tasks_module(execution::Instance& instance) {
  execution::Engine& engine = instance.engine();
  memory::Heap& heap = instance.heap();
  Owned module(Value(new_object(heap, engine.shapes())));
  const auto set = [&](std::string_view name, Value value) {
    set_property(heap, module.get().object(), engine.names().intern(name), value);
  };
  for (const std::string_view name : kBuiltins) {
    const Value builtin = engine.find_builtin(engine.names().intern(name));
    set(name, builtin);
    if (name.starts_with(kConstantPrefix)) set(name.substr(kConstantPrefix.size()), builtin);
  }
  for (const ModuleFunctions functions :
       {scheduling_functions(), channel_functions(), descriptor_functions(), scope_functions()}) {
    for (const execution::BuiltinSpec& spec : functions) {
      set(spec.name, bind_function(instance, spec, Value::nil()));
    }
  }
  return module.take();
}

}  // namespace duso::stdlib
