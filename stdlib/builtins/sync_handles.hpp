// What the handles of module `sync` have in common (tasks.md 12).
//
// A handle holds a shared pointer to an object of the process (runtime/tasks/sync/). The files sync_*.cpp declare one
// group of kinds each: a constructor, which opens the object by its name, and the methods of its handles.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "interpreter/values/string.hpp"
#include "runtime/tasks/runtime.hpp"
#include "runtime/tasks/sync/remote_waiter.hpp"
#include "runtime/tasks/sync/sync_object.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/handles.hpp"

namespace duso::stdlib {

// The constructors of each group.
Family sync_number_kinds();     // sync_numbers.cpp: Atomic, Semaphore
Family sync_condition_kinds();  // sync_conditions.cpp: WaitGroup, Event
Family sync_queue_kinds();      // sync_queues.cpp: Queue
Family sync_lock_kinds();       // sync_locks.cpp: Mutex, Shared, Once

inline constexpr execution::Parameter kSyncName{.name = "name", .type = execution::Type::kString};
inline constexpr execution::Parameter kSyncTimeout{
    .name = "timeout", .type = execution::Type::kNumber, .fallback = "nil"};

template <class Object>
inline const HostType kSyncType{
    .name = tasks::sync::kind_name(Object::kKind),
    .drop =
        [](void* payload) { std::unique_ptr<std::shared_ptr<Object>>(static_cast<std::shared_ptr<Object>*>(payload)); },
};

// A handle with [methods] on the object that is called as the first argument of [call] says; if there is none yet it is
// made with [arguments].
template <class Object, class... Arguments>
Value open_sync_object(execution::Call& call, std::span<const execution::BuiltinSpec> methods,
                       Arguments&&... arguments) {
  const String* name = required_string(call, 0);
  if (name == nullptr) return Value::raise();
  tasks::ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  tasks::sync::Registry& registry = instance->worker().runtime().sync_objects();
  auto held = std::make_unique<std::shared_ptr<Object>>(
      registry.open<Object>(name->view(), std::forward<Arguments>(arguments)...));
  return new_handle(call, kSyncType<Object>, held.release(), {}, methods);
}

// The object of the handle whose method was called.
template <class Object>
Object& bound_object(const execution::Call& call) {
  return *bound_payload<std::shared_ptr<Object>>(call);
}

// The instance of a method's call. There is one: nobody else could have made the handle.
inline tasks::ScriptInstance& calling_instance(const execution::Call& call) {
  return *tasks::ScriptInstance::of(call.instance());
}
inline tasks::Worker& calling_worker(const execution::Call& call) { return calling_instance(call).worker(); }

// How long a call may wait whose timeout is the argument at [index]: nil for ever, 0 not at all. Nothing, and an error
// is pending, if that is no number of at least 0.
std::optional<tasks::sync::Patience> patience_of(const execution::Call& call, std::size_t index);

// A call that does not wait.
inline tasks::sync::Patience no_patience(const execution::Call& call) {
  return {.call = call, .instance = calling_instance(call), .may_wait = false};
}

// What a method gives that tells whether it got what it waited for in time.
Value got_in_time(const execution::Call& call, tasks::Wake wake);

// The whole number at [index], of at least [least]; [fallback] if there is no such argument. Nothing, and "SPEAKER
// expects a whole number" is pending, if it is none.
std::optional<std::int64_t> whole_number(const execution::Call& call, std::size_t index, const char* speaker,
                                         std::int64_t least, std::optional<std::int64_t> fallback = std::nullopt);

// Raises `KIND "NAME": [problem]` about the object of the handle whose method was called.
template <class Object>
Value raise_about(const execution::Call& call, std::string_view problem) {
  return call.raise(std::string(kind_name(Object::kKind)) + " \"" + bound_object<Object>(call).name() +
                    "\": " + std::string(problem));
}

}  // namespace duso::stdlib
