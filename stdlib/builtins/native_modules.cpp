#include "stdlib/builtins/native_modules.hpp"

#include <algorithm>

#include "interpreter/execution/instance.hpp"
#include "stdlib/builtins/module_makers.hpp"

namespace duso::stdlib {

namespace {

constexpr std::string_view kReservedPrefix = "duso/";

const NativeModule* find(std::span<const NativeModule> modules, std::string_view name) {
  const auto found = std::ranges::find(modules, name, &NativeModule::name);
  return found != modules.end() ? &*found : nullptr;
}

}  // namespace

std::span<const NativeModule> native_modules() {
  static constexpr NativeModule kModules[] = {
      {"runtime", true, make_runtime_module},
      {"sync", true, make_sync_module},
      {"tasks", true, make_tasks_module},
  };
  return kModules;
}

const NativeModule* find_reserved(std::span<const NativeModule> modules, std::string_view name) {
  return name.starts_with(kReservedPrefix) ? find(modules, name.substr(kReservedPrefix.size())) : nullptr;
}

const NativeModule* find_unshadowed(std::span<const NativeModule> modules, std::string_view name) {
  const NativeModule* module = find(modules, name);
  return module != nullptr && module->has_short_name ? module : nullptr;
}

Value native_module_object(execution::Instance& instance, const NativeModule& module) {
  const Value known = instance.kept_value(&module);
  if (!known.is_unset()) return retain(known);
  const Value made = module.make(instance);
  if (!made.is_raise()) instance.keep_value(&module, retain(made));
  return made;
}

}  // namespace duso::stdlib
