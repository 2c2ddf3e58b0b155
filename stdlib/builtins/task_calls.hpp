// What builtins that start tasks and wait for them have in common.
#pragma once

#include <optional>

#include "interpreter/values/host_object.hpp"
#include "runtime/tasks/script_instance.hpp"
#include "runtime/tasks/task_errors.hpp"
#include "runtime/tasks/task_group.hpp"
#include "stdlib/builtins/handles.hpp"

namespace duso::stdlib {

extern const HostType kTaskType;
extern const HostType kGroupType;

// The place of [call], as the origin of a call that is made later.
execution::CallOrigin origin_of(const execution::Call& call);

// The call that [call] asks for: the function at argument [index], what follows it, and all named arguments.
tasks::BoundCall bound_call(const execution::Call& call, std::size_t index);

// A new handle on [task]; takes over one reference to it. Owned by the caller.
Value new_task_handle(execution::Call& call, tasks::Task& task);

// A new handle on [group]; takes over one reference to it. Owned by the caller.
Value new_group_handle(execution::Call& call, tasks::TaskGroup& group);

// What the members of [group] returned, as an array in which an error value stands for each that did not. Owned by the
// caller.
Value group_results(execution::Call& call, tasks::TaskGroup& group);

// [value] as a count: nothing if it is no whole number of at least 0.
std::optional<std::size_t> whole_number(Value value);

// The deadline that the timeout [seconds] (nil: none) means. Nothing, and an error is pending, if it is no number of at
// least 0.
std::optional<tasks::Instant> deadline_of(const execution::Call& call, Value seconds);

// Waits until [task] has finished, or [deadline] comes; [what] names that in tasks.list() and the report of a deadlock.
// A wait that could never end is an error instead: nothing then, and the error is pending.
std::optional<tasks::Wake> wait_for(execution::Call& call, tasks::Task& task, tasks::Instant deadline,
                                    const char* what = "handle");
// The same for all members of [group].
std::optional<tasks::Wake> wait_for(execution::Call& call, tasks::TaskGroup& group, tasks::Instant deadline,
                                    const char* what = "group");

// Cancels what is unfinished of [group], and waits for its end even if the caller is cancelled meanwhile. Nothing may
// be pending. Wake::kReady, or what ended the wait too early all the same: the time of a cleanup, a deadlock.
tasks::Wake cancel_and_join(execution::Call& call, tasks::TaskGroup& group, std::string_view reason = {},
                            const char* what = "group");

// The value of a finished task (owned), or Value::raise() with its error pending, which tells who waited for it.
Value task_result(execution::Call& call, tasks::Task& task);

}  // namespace duso::stdlib
