// The life of a task: its start, its function, its cleanups, its end.
#include <utility>

#include "interpreter/values/opaque.hpp"
#include "interpreter/values/text_form.hpp"
#include "runtime/console.hpp"
#include "runtime/host.hpp"
#include "runtime/tasks/runtime.hpp"
#include "runtime/tasks/script_instance.hpp"
#include "runtime/tasks/task_group.hpp"
#include "runtime/tasks/worker.hpp"

namespace duso::tasks {

using execution::PendingKind;

namespace {

// The text of a task's error: position, message and stack as usual.
std::string error_text(Value error) {
  return error.is(HeapType::kError) ? stack_text(as_error(error)) : display_text(error);
}

}  // namespace

// Runs [task] until it waits, is preempted or ends.
void ScriptInstance::resume(Task& task) {
  if (task.is_finished()) {  // cancelled before it could start
    task.release();
    return;
  }
  ++counters_.switches;
  current_ = &task;
  if (task.has_started_) {
    task.status_ = TaskStatus::kRunning;
    execution::Flow& flow = flow_of(task);
    set_flow(flow);
    flow.stack.resume();
  } else {
    task.status_ = TaskStatus::kRunning;
    task.has_started_ = true;
    // The process's main script has a stack of its own, with a guard page; all others share the worker's pool.
    const bool is_process_main = task.is_main() && setup_.kind == InstanceKind::kMain;
    if (!is_process_main) {
      task.flow_ = worker_.take_flow(task.is_main() ? config().stack_size : config().task_stack_size);
    }
    execution::Flow& flow = flow_of(task);
    flow.branch = task.branch_;
    set_flow(flow);
    flow.stack.start(run_task, &task);
  }
  current_ = nullptr;
  if (task.is_finished()) finish(task);
}

void ScriptInstance::run_task(void* raw) {
  Task& task = *static_cast<Task*>(raw);
  task.instance_.adopt_stack_limit();
  task.instance_.run_body(task);
}

void ScriptInstance::run_body(Task& task) {
  if (task.options_.timeout > 0) {
    worker_.runtime().need_watchdog();
    start_limit(task, task.options_.timeout, [](Timer& timer) {
      Task& late = *static_cast<Task*>(timer.owner);
      late.instance_.cancel(late, "timeout exceeded", true);
    });
  }
  Value result = Value::raise();
  if (task.is_main()) {
    try {
      result = run_program();
    } catch (...) {
      result = raise_exception();
    }
    if (setup_.kind == InstanceKind::kMain && !result.is_raise()) worker_.runtime().background().release();
  } else {
    const BoundCall call = std::move(task.call_);
    result = call.run();
  }
  settle(task, result);
  run_cleanups(task);
  if (task.error_.is_nil() && task.status_ == TaskStatus::kRunning) task.status_ = TaskStatus::kCompleted;
}

// What the main task is there for.
Value ScriptInstance::run_program() {
  const bool wants_value = setup_.keeps_value || setup_.entry;
  std::shared_ptr<execution::ProgramCode> code =
      wants_value ? execution::lower_program(*this, setup_.program, true) : worker_.code_of(*this, setup_.program);
  if (code == nullptr) return Value::raise();
  const execution::ProgramCode& kept = *code;  // by the instance: this stack may be given up
  const Value result = execution::run_main(*this, std::move(code));
  return setup_.entry && !result.is_raise() ? run_entry(kept, result) : result;
}

// [exports] is owned and consumed.
Value ScriptInstance::run_entry(const execution::ProgramCode& code, Value exports) {
  const Owned held(exports);
  const Owned result(setup_.entry(*this, {this, &code.top_level(), main_variables(), {}}, held.get()));
  if (result.get().is_raise()) return Value::raise();
  FreezeResult frozen = worker_.freezer().freeze(result.get());
  if (!frozen.ok()) return raise_unlocated(frozen.problem_text());
  ending().value = std::move(frozen.value);
  return Value::nil();
}

// What came of the function of [task].
void ScriptInstance::settle(Task& task, Value result) {
  if (!result.is_raise()) {
    task.result_ = result;
    return;
  }
  const PendingKind kind = pending().kind;
  const bool ends_branch = kind == PendingKind::kExit && task.options_.is_branch;
  if (ends_branch) {
    discard_pending();
    raise_unlocated("exit");
  }
  if (ends_branch || (kind == PendingKind::kError && !task.is_main())) {
    task.error_ = take_error();
    task.status_ = TaskStatus::kFailed;
    return;
  }
  if (kind == PendingKind::kPanic) {
    settle_panic();
  } else if (kind == PendingKind::kStopped) {
    discard_pending();
    if (task.is_main()) {  // cancelling it is exit() without a value
      unwind(PendingKind::kExit, Value::nil());
      settle_main(PendingKind::kExit);
    }
  } else {
    settle_main(kind);
  }
  task.status_ = kind == PendingKind::kError ? TaskStatus::kFailed : TaskStatus::kCancelled;
}

// The instance ends because of what is pending: an error of its main task, or exit() or shutdown() in any task.
void ScriptInstance::settle_main(PendingKind kind) {
  if (is_ending_) {
    discard_pending();
    return;
  }
  Ending& ending = this->ending();
  ending.kind = kind;
  try {
    ending.value = worker_.freezer().freeze(pending().payload).value;
  } catch (const std::exception&) {
    ending.value = FrozenValue();  // the error itself says that there was no memory
  }
  execution::Outcome outcome = execution::take_outcome(*this, Value::raise());
  ending.error_text = std::move(outcome.error);
  ending.source = outcome.source;
  ending.position = outcome.position;
  ending.message = std::move(outcome.message);
  ending.stack = std::move(outcome.stack);
  ending.exit_code = outcome.exit_code;
  if (kind == PendingKind::kShutdown) worker_.runtime().shutdown(static_cast<int>(outcome.exit_code));
  cancel_all({});
}

void ScriptInstance::run_cleanups(Task& task) {
  if (task.cleanups_.empty()) return;
  // It has not ended yet: somebody may look at it while a cleanup waits, or has used up its slice.
  const TaskStatus status = std::exchange(task.status_, TaskStatus::kRunning);
  ++task.masked_;
  task.cleanup_is_over_ = false;
  worker_.runtime().need_watchdog();
  start_limit(task, task.options_.cleanup_timeout, [](Timer& timer) {
    Task& late = *static_cast<Task*>(timer.owner);
    late.cleanup_is_over_ = true;
    late.instance_.wake(late, Wake::kCancelled);
  });
  bool was_cut_off = false;
  while (!task.cleanups_.empty() && !task.cleanup_is_over_) {
    const BoundCall call = std::move(task.cleanups_.back());
    task.cleanups_.pop_back();
    const Value result = call.run();
    duso::release(result);
    if (!result.is_raise()) continue;
    const PendingKind kind = pending().kind;
    if (kind == PendingKind::kError) {
      const Value error = take_error();
      host().console().write_error("task: error in " + task.name() + ": " + error_text(error) + '\n');
      duso::release(error);
    } else if (kind == PendingKind::kStopped) {
      was_cut_off = true;
      discard_pending();
    } else if (kind == PendingKind::kPanic) {
      settle_panic();
    } else {
      settle_main(kind);
    }
  }
  // The last cleanup may have come to its end in time, and only this task was late to notice.
  if (was_cut_off || !task.cleanups_.empty()) {
    host().console().write_error("task: cleanup of " + task.name() + " was cut off: its time is over\n");
    task.cleanups_.clear();
  }
  worker_.timers().stop(*task.limit_);
  --task.masked_;
  task.status_ = status;
}

void ScriptInstance::start_limit(Task& task, double seconds, void (*fire)(Timer& timer)) {
  if (task.limit_ == nullptr) {
    task.limit_ = std::make_unique<Timer>();
    task.limit_->owner = &task;
  }
  worker_.timers().stop(*task.limit_);
  task.limit_->fire = fire;
  worker_.timers().start(*task.limit_, after(seconds));
}

// [task] has come to its end, or never began; not on its own stack.
void ScriptInstance::finish(Task& task) {
  if (!task.is_finished()) task.status_ = TaskStatus::kCancelled;
  task.cut_ties();
  task.call_.drop();
  task.cleanups_.clear();
  if (task.limit_ != nullptr) worker_.timers().stop(*task.limit_);
  if (task.flow_ != nullptr) worker_.give_back(std::move(task.flow_));
  const bool was_queued = tasks_.remove(task);
  if (was_queued) --unfinished_;
  if (was_queued && task.is_daemon()) --daemons_;
  if (task.status_ == TaskStatus::kCompleted) ++counters_.completed;
  if (task.status_ == TaskStatus::kCancelled) ++counters_.cancelled;
  if (task.status_ == TaskStatus::kFailed) {
    ++counters_.failed;
    if (!task.is_daemon() && !task.options_.is_branch) ++failures_;
    if (!task.is_main() && !task.options_.is_branch && !task.is_observed_) {
      task.retain();
      failed_.add(task);
    }
  }
  if (task.group_ != nullptr) task.group_->member_ended(task, was_queued);
  while (Waiter* const waiter = task.completion_.first()) serve(*waiter);
  worker_.enqueue(*this);  // to look whether the instance is over
  if (was_queued) task.release();
}

void ScriptInstance::report_task_error(const Task& task, const char* prefix) {
  host().console().write_error(prefix + task.name() + ": " + error_text(task.error_) + '\n');
}

}  // namespace duso::tasks
