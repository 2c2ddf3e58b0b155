// Module `sync`: named objects that all instances of the process share (tasks.md 12).
#include <optional>
#include <string>
#include <string_view>

#include "interpreter/execution/engine.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"
#include "runtime/tasks/sync/registry.hpp"
#include "stdlib/builtins/module_makers.hpp"
#include "stdlib/builtins/sync_handles.hpp"
#include "stdlib/builtins/task_calls.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;
using tasks::Wake;
using tasks::sync::Kind;
using tasks::sync::Patience;

// --- what the methods have in common ---

std::optional<Patience> patience_of(const Call& call, std::size_t index) {
  const Value timeout = call.argument(index);
  const std::optional<tasks::Instant> deadline = deadline_of(call, timeout);
  if (!deadline.has_value()) return std::nullopt;
  const bool may_wait = !timeout.is_number() || timeout.number() > 0;
  return Patience{call, calling_instance(call), *deadline, may_wait};
}

Value got_in_time(const Call& call, Wake wake) {
  if (wake == Wake::kReady || wake == Wake::kTimeout) return Value(wake == Wake::kReady);
  return calling_instance(call).raise_woken(call, wake);
}

std::optional<std::int64_t> whole_number(const Call& call, std::size_t index, const char* speaker, std::int64_t least,
                                         std::optional<std::int64_t> fallback) {
  const Value value = call.argument(index);
  if (!call.has(index) && fallback.has_value()) return fallback;
  constexpr auto kLargest = static_cast<double>(tasks::sync::kLargestCount);
  if (value.is_number() && value.number() >= -kLargest && value.number() <= kLargest) {
    const auto number = static_cast<std::int64_t>(value.number());
    if (static_cast<double>(number) == value.number() && number >= least) return number;
  }
  std::string message = std::string(speaker) + " expects a whole number";
  if (least > -tasks::sync::kLargestCount) message += " of at least " + std::to_string(least);
  call.raise(message);
  return std::nullopt;
}

namespace {

// --- names, remove ---

// The kind that the first argument names. Nothing, and an error is pending, if there is none.
std::optional<Kind> required_kind(const Call& call) {
  const String* name = required_string(call, 0);
  if (name == nullptr) return std::nullopt;
  for (std::size_t i = 0; i < tasks::sync::kKindCount; ++i) {
    if (name->view() == kind_name(static_cast<Kind>(i))) return static_cast<Kind>(i);
  }
  call.raise("sync." + std::string(call.spec().name) + ": unknown kind \"" + std::string(name->view()) + "\"");
  return std::nullopt;
}

Value names(Call& call) {
  const std::optional<Kind> kind = required_kind(call);
  tasks::ScriptInstance* const instance = required_tasks(call);
  if (!kind.has_value() || instance == nullptr) return Value::raise();
  Owned result(Value(new_array(call.heap())));
  for (const std::string& name : instance->worker().runtime().sync_objects().names(*kind)) {
    push(result.get().array(), call.string(name));
  }
  return result.take();
}

Value remove(Call& call) {
  const std::optional<Kind> kind = required_kind(call);
  if (!kind.has_value()) return Value::raise();
  const String* name = required_string(call, 1);
  tasks::ScriptInstance* const instance = required_tasks(call);
  if (name == nullptr || instance == nullptr) return Value::raise();
  return Value(instance->worker().runtime().sync_objects().remove(*kind, name->view()));
}

const BuiltinSpec kNames{
    .name = "names",
    .parameters = {{.name = "kind", .type = Type::kString}},
    .returns = Type::kArray,
    .errors = {"names() requires a string as first argument", "sync.names: unknown kind \"{kind}\""},
    .summary = "The names of all objects of a kind, such as `\"Queue\"`, sorted.",
    .example = R"du(sync.Queue("jobs")
print(sync.names("Queue")) // ["jobs"])du",
    .function = names,
};

const BuiltinSpec kRemove{
    .name = "remove",
    .parameters = {{.name = "kind", .type = Type::kString}, {.name = "name", .type = Type::kString}},
    .returns = Type::kBoolean,
    .errors = {"remove() requires a string as first argument", "sync.remove: unknown kind \"{kind}\""},
    .summary = "Forgets the object `name` of a kind; who has it keeps it. False: there was none.",
    .example = R"du(sync.Queue("jobs")
print(sync.remove("Queue", "jobs")) // true)du",
    .function = remove,
};

const BuiltinSpec* const kFunctions[] = {&kNames, &kRemove};

}  // namespace

Value make_sync_module(execution::Instance& instance) {
  memory::Heap& heap = instance.heap();
  Owned module(Value(new_object(heap, instance.engine().shapes())));
  for (const Family family :
       {sync_number_kinds(), sync_lock_kinds(), sync_condition_kinds(), sync_queue_kinds(), Family(kFunctions)}) {
    for (const BuiltinSpec* function : family) {
      const Value made = bind_function(instance, *function, Value::nil());
      set_property(heap, module.get().object(), instance.engine().names().intern(function->name), made);
    }
  }
  return module.take();
}

}  // namespace duso::stdlib
