#include "runtime/tasks/task_errors.hpp"

#include <string>

#include "interpreter/execution/calls.hpp"
#include "interpreter/execution/instance.hpp"
#include "interpreter/values/opaque.hpp"

namespace duso::tasks {

using execution::Call;

namespace {

std::string cancellation_text(const Task& task) {
  return task.cancel_reason().empty() ? "task cancelled" : "task cancelled: " + task.cancel_reason();
}

// Gives the pending error the position of [call].
void locate(const Call& call) {
  const syntax::Position position = call.site() != nullptr ? call.site()->position : syntax::Position{};
  call.instance().locate(call.caller(), position);
}

// The active functions at [call], one line each as in a call stack.
std::string call_stack_lines(const Call& call) {
  call.raise("");
  locate(call);
  const std::string text = call.instance().pending_text();
  call.instance().discard_pending();
  const std::size_t frames = text.find("\n  at ");
  return frames != std::string::npos ? text.substr(frames) : std::string();
}

}  // namespace

Value task_error(const Call& call, Task& task) {
  if (task.status() == TaskStatus::kFailed) {
    task.mark_observed();
    return retain(task.error());
  }
  call.raise(cancellation_text(task));
  locate(call);
  return call.instance().take_error();
}

Value raise_task_error(const Call& call, Task& task) {
  if (task.status() == TaskStatus::kCancelled) return call.raise(cancellation_text(task));
  task.mark_observed();
  const Value error = task.error();
  if (!error.is(HeapType::kError)) return call.instance().raise_unlocated_value(retain(error));
  const std::string text = stack_text(as_error(error)) + "\n  awaited by" + call_stack_lines(call);
  return call.instance().raise_foreign(retain(as_error(error)->message), text);
}

}  // namespace duso::tasks
