// What builtins that start tasks and wait for them have in common.
#pragma once

#include <optional>

#include "interpreter/values/host_object.hpp"
#include "runtime/tasks/script_instance.hpp"
#include "stdlib/builtins/handles.hpp"

namespace duso::stdlib {

extern const HostType kTaskType;

// The place of [call], as the origin of a call that is made later.
execution::CallOrigin origin_of(const execution::Call& call);

// The call that [call] asks for: the function at argument [index], what follows it, and all named arguments.
tasks::BoundCall bound_call(const execution::Call& call, std::size_t index);

// A new handle on [task]; takes over one reference to it. Owned by the caller.
Value new_task_handle(execution::Call& call, tasks::Task& task);

// The deadline that the timeout [seconds] (nil: none) means. Nothing, and an error is pending, if it is no number of at
// least 0.
std::optional<tasks::Instant> deadline_of(const execution::Call& call, Value seconds);

// Waits until [task] has finished, or [deadline] comes. A wait that could never end is an error instead: nothing then,
// and the error is pending.
std::optional<tasks::Wake> wait_for(execution::Call& call, tasks::Task& task, tasks::Instant deadline);

// The error of a task that failed or was cancelled, as a value for scripts; owned by the caller.
Value task_error(execution::Call& call, tasks::Task& task);

// The value of a finished task (owned), or Value::raise() with its error pending, which tells who waited for it.
Value task_result(execution::Call& call, tasks::Task& task);

}  // namespace duso::stdlib
