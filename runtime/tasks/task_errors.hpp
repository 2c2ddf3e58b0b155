// The error of a task, in the hands of one who waited for it (tasks.md 3, 6).
//
// The error of a failed task is passed on as it is, with its own position and stack; behind them stands who waited. A
// cancelled task has no error of its own, since it never saw one: whoever waited for it gets one that says so.
#pragma once

#include "interpreter/execution/builtin.hpp"
#include "runtime/tasks/task.hpp"

namespace duso::tasks {

// The error of [task], which failed or was cancelled, as a value; owned by the caller. It counts as taken notice of.
Value task_error(const execution::Call& call, Task& task);

// Throws the error of [task], which failed or was cancelled, at [call]. It counts as taken notice of. Returns
// Value::raise().
Value raise_task_error(const execution::Call& call, Task& task);

}  // namespace duso::tasks
