#include "stdlib/builtins/yield_everywhere.hpp"

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "runtime/tasks/script_instance.hpp"
#include "stdlib/builtins/table.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using tasks::ScriptInstance;
using tasks::Wake;

namespace {

struct YieldingSpec : BuiltinSpec {
  Value (*after)(Call& call) = nullptr;
};

Value yield_first(Call& call) {
  if (ScriptInstance* const instance = ScriptInstance::of(call.instance())) {
    const Wake wake = instance->yield(call);
    if (wake != Wake::kReady) return instance->raise_woken(call, wake);
  }
  return static_cast<const YieldingSpec&>(call.spec()).after(call);
}

}  // namespace

const BuiltinSpec& yielding(const BuiltinSpec& spec) {
  if (!spec.may_suspend) return spec;
  static std::mutex mutex;
  static std::unordered_map<const BuiltinSpec*, std::unique_ptr<const YieldingSpec>> made;
  const std::lock_guard lock(mutex);
  std::unique_ptr<const YieldingSpec>& entry = made[&spec];
  if (entry == nullptr) {
    YieldingSpec copy{spec, spec.function};
    copy.function = yield_first;
    entry = std::make_unique<const YieldingSpec>(std::move(copy));
  }
  return *entry;
}

std::span<const BuiltinSpec* const> yielding_builtins() {
  static const std::vector<const BuiltinSpec*> kTable = [] {
    std::vector<const BuiltinSpec*> table;
    for (const BuiltinSpec* spec : all_builtins()) table.push_back(&yielding(*spec));
    return table;
  }();
  return kTable;
}

}  // namespace duso::stdlib
