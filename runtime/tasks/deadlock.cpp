// Deadlocks: nobody in an instance can go on, and nobody outside of it will help (tasks.md 9).
//
// That is so when every unfinished task waits for something that only another task of the instance can bring about: a
// clock, a descriptor, a job or another instance would be an end in sight. The oldest of them that is no daemon is
// woken with an error that it may catch; often one that gives way is all the others need. If not, the next one's turn
// comes.
#include "interpreter/execution/code.hpp"
#include "runtime/tasks/script_instance.hpp"

namespace duso::tasks {

namespace {

std::string line_of(const Task& task) {
  std::string line = "\n  task " + task.name() + " waits for " + task.wait_reason().what;
  const execution::CallOrigin& place = task.waits_at();
  if (place.code == nullptr || place.code->source == nullptr) return line;
  return line + " at " + place.code->source->name() + ":" + std::to_string(place.position.line);
}

}  // namespace

void ScriptInstance::check_deadlock() {
  if (waiting_inside_ == 0 || waiting_inside_ != unfinished_) return;
  Task* oldest = nullptr;
  deadlock_report_.clear();
  for (Task* task = tasks_.first(); task != nullptr; task = TaskList::next(*task)) {
    if (oldest == nullptr && !task->is_daemon()) oldest = task;
    deadlock_report_ += line_of(*task);
  }
  if (oldest != nullptr) wake(*oldest, Wake::kDeadlock);
}

// The error of the task that was woken: what all of them wait for stands at the end of its stack.
Value ScriptInstance::raise_deadlock(const execution::Call& call) {
  call.raise("deadlock: all tasks are waiting");
  locate(call.caller(), call.site() != nullptr ? call.site()->position : syntax::Position{});
  const std::string text = pending_text() + std::exchange(deadlock_report_, {});
  return raise_foreign(retain(pending().payload), text);
}

}  // namespace duso::tasks
