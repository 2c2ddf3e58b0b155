#include "runtime/tasks/script_instance.hpp"

#include <utility>

#include "interpreter/values/text_form.hpp"
#include "runtime/console.hpp"
#include "runtime/host.hpp"
#include "runtime/tasks/runtime.hpp"
#include "runtime/tasks/worker.hpp"

namespace duso::tasks {

namespace {

// What tasks get to end in when their instance has to.
constexpr double kEndGrace = 5.0;  // seconds

}  // namespace

const char* kind_name(InstanceKind kind) {
  switch (kind) {
    case InstanceKind::kMain:
      return "main";
    case InstanceKind::kRun:
      return "run";
    case InstanceKind::kSpawn:
      return "spawn";
    case InstanceKind::kSchedule:
      return "schedule";
    case InstanceKind::kBackground:
      return "background";
  }
  return "";
}

ScriptInstance::ScriptInstance(Worker& worker, InstanceSetup setup)
    : Instance(worker.engine(), setup.limits, worker.runtime().host()), worker_(worker), setup_(std::move(setup)) {
  set_supervisor(*this);
  grace_.owner = this;
  grace_.fire = [](Timer& timer) {
    auto& instance = *static_cast<ScriptInstance*>(timer.owner);
    instance.abandon_tasks();
    instance.worker_.enqueue(instance);
  };
}

ScriptInstance::~ScriptInstance() {
  drop_panic_hook();
  worker_.timers().stop(grace_);
  abandon_tasks();
  for (Task* task : failed_) task->release();
  if (main_ != nullptr) main_->release();
}

void ScriptInstance::start() {
  Task& main = make_task({}, {});
  main_ = &main;
  release_task(main);
}

// --- the queue of ready tasks ---

void ScriptInstance::enqueue(Task& task) {
  task.next_ready_ = nullptr;
  (last_ready_ != nullptr ? last_ready_->next_ready_ : first_ready_) = &task;
  last_ready_ = &task;
  worker_.enqueue(*this);
}

Task* ScriptInstance::dequeue() {
  Task* const task = first_ready_;
  first_ready_ = task->next_ready_;
  if (first_ready_ == nullptr) last_ready_ = nullptr;
  return task;
}

void ScriptInstance::run_pass() {
  Task* last = last_ready_;
  if (preempted_ != nullptr) {
    resume(*std::exchange(preempted_, nullptr));
    if (preempted_ != nullptr) return;
  }
  // What becomes ready meanwhile has to wait for the next pass.
  while (last != nullptr && first_ready_ != nullptr) {
    Task* const task = dequeue();
    if (task == last) last = nullptr;
    resume(*task);
    if (preempted_ != nullptr) return;
  }
  after_pass();
}

// --- making tasks ---

Task& ScriptInstance::make_task(BoundCall call, TaskOptions options) {
  auto made = std::make_unique<Task>(*this, main_ == nullptr ? 0 : ++last_id_, std::move(options));
  Task& task = *made.release();  // counted from here on
  task.call_ = std::move(call);
  task.branch_ = task.options_.is_branch ? new_branch() : current_ != nullptr ? branch() : 0;
  task.status_ = TaskStatus::kPending;
  link(task);
  ++counters_.created;
  if (unfinished_ > counters_.max_live) counters_.max_live = unfinished_;
  if (is_ending_) cancel(task, {});
  task.retain();
  return task;
}

void ScriptInstance::release_task(Task& task) {
  if (task.is_finished()) return;
  task.status_ = TaskStatus::kReady;
  enqueue(task);
}

Task& ScriptInstance::start_task(BoundCall call, TaskOptions options) {
  Task& task = make_task(std::move(call), std::move(options));
  task.retain();
  release_task(task);
  task.release();
  return task;
}

void ScriptInstance::link(Task& task) {
  task.previous_task_ = last_task_;
  (last_task_ != nullptr ? last_task_->next_task_ : first_task_) = &task;
  last_task_ = &task;
  ++unfinished_;
  if (task.is_daemon()) ++daemons_;
}

void ScriptInstance::unlink(Task& task) {
  (task.previous_task_ != nullptr ? task.previous_task_->next_task_ : first_task_) = task.next_task_;
  (task.next_task_ != nullptr ? task.next_task_->previous_task_ : last_task_) = task.previous_task_;
  task.previous_task_ = task.next_task_ = nullptr;
  --unfinished_;
  if (task.is_daemon()) --daemons_;
}

std::size_t ScriptInstance::awaited_count(const Task* except) const {
  return unfinished_ - daemons_ - static_cast<std::size_t>(except != nullptr && !except->is_daemon());
}

// --- waiting ---

execution::Flow& ScriptInstance::flow_of(Task& task) { return task.flow_ != nullptr ? *task.flow_ : main_flow(); }

const execution::Flow& ScriptInstance::flow_of(const Task& task) const {
  return task.flow_ != nullptr ? *task.flow_ : main_flow();
}

Wake ScriptInstance::wake_before_waiting(const Task& task) const {
  if (task.masked_ == 0 && task.cancel_requested_) return Wake::kCancelled;
  if (task.cleanup_is_over_) return Wake::kCancelled;
  if (is_interrupted_ && task.masked_ == 0) return Wake::kInterrupted;
  return Wake::kReady;
}

Wake ScriptInstance::park(const execution::Call& call, WaitReason reason, Waiter* waiters, Instant deadline) {
  Task& task = *current_;
  task.waiters_ = waiters;
  task.wake_ = wake_before_waiting(task);
  if (task.wake_ != Wake::kReady) {
    for (Waiter* waiter = waiters; waiter != nullptr; waiter = waiter->next_of_task) WaitList::remove(*waiter);
    return task.wake_;
  }
  task.reason_ = reason;
  task.waits_at_.instance = this;
  task.waits_at_.code = call.caller().code;
  task.waits_at_.position = call.site() != nullptr ? call.site()->position : syntax::Position{};
  task.status_ = TaskStatus::kPending;
  task.is_waiting_ = true;
  if (deadline != kNever) {
    worker_.timers().start(task.timer_, deadline);
    task.reason_.is_internal = false;
  }
  if (task.reason_.is_internal) ++waiting_inside_;
  suspend();
  return task.wake_;
}

bool ScriptInstance::wake(Task& task, Wake reason) {
  if (!task.is_waiting_) return false;
  task.is_waiting_ = false;
  task.wake_ = reason;
  worker_.timers().stop(task.timer_);
  if (task.reason_.is_internal) --waiting_inside_;
  for (Waiter* waiter = task.waiters_; waiter != nullptr; waiter = waiter->next_of_task) WaitList::remove(*waiter);
  task.waiters_ = nullptr;
  task.status_ = TaskStatus::kReady;
  enqueue(task);
  return true;
}

void ScriptInstance::serve(Waiter& waiter) {
  waiter.served = true;
  wake(waiter.task);
}

Wake ScriptInstance::yield(const execution::Call& call) {
  Task& task = *current_;
  task.wake_ = wake_before_waiting(task);
  if (task.wake_ != Wake::kReady) return task.wake_;
  task.waits_at_.code = call.caller().code;
  task.status_ = TaskStatus::kReady;
  enqueue(task);
  suspend();
  return wake_before_waiting(task);
}

Value ScriptInstance::raise_woken(const execution::Call& call, Wake wake) {
  switch (wake) {
    case Wake::kCancelled:
      return unwind(execution::PendingKind::kStopped, Value::nil());
    case Wake::kInterrupted:
      return call.raise("interrupted");
    case Wake::kDeadlock:
      return call.raise("deadlock: all tasks are waiting");
    case Wake::kTimeout:
    case Wake::kReady:
      break;
  }
  return call.raise("timeout exceeded");
}

execution::PendingKind ScriptInstance::at_safe_point() {
  Task* const task = current_;
  if (task == nullptr) return execution::PendingKind::kNone;
  preempted_ = task;
  suspend();
  const bool must_stop = task->cleanup_is_over_ || (task->cancel_everywhere_ && task->masked_ == 0);
  return must_stop ? execution::PendingKind::kStopped : execution::PendingKind::kNone;
}

// --- ends ---

bool ScriptInstance::cancel(Task& task, std::string_view reason, bool everywhere) {
  if (task.is_finished()) return false;
  if (!task.cancel_requested_) {
    task.cancel_requested_ = true;
    task.cancel_reason_ = reason;
  }
  task.cancel_everywhere_ |= everywhere;
  if (task.masked_ != 0) return true;
  if (task.is_waiting_) {
    wake(task, Wake::kCancelled);
  } else if (!task.has_started_ && task.status_ == TaskStatus::kPending) {
    finish(task);  // it was never queued
  }
  return true;
}

void ScriptInstance::cancel_all(std::string_view reason) {
  is_ending_ = true;
  for (Task* task = first_task_; task != nullptr;) {
    Task* const next = task->next_task_;
    if (task != current_ || is_killed_) cancel(*task, reason, true);
    task = next;
  }
  if (!grace_.is_running()) worker_.timers().start(grace_, after(kEndGrace));
}

void ScriptInstance::kill() {
  if (is_over_ || is_killed_) return;
  is_killed_ = true;
  ending_.kind = execution::PendingKind::kStopped;
  cancel_all("killed");
  worker_.enqueue(*this);
}

void ScriptInstance::interrupt_waits() {
  is_interrupted_ = true;
  for (Task* task = first_task_; task != nullptr; task = task->next_task_) {
    if (task->masked_ == 0) wake(*task, Wake::kInterrupted);
  }
}

void ScriptInstance::abandon_tasks() {
  first_ready_ = last_ready_ = preempted_ = nullptr;
  while (first_task_ != nullptr) {
    Task& task = *first_task_;
    worker_.timers().stop(task.timer_);
    if (task.limit_ != nullptr) worker_.timers().stop(*task.limit_);
    if (task.flow_ != nullptr) {
      task.flow_->stack.abandon();
      worker_.give_back(std::move(task.flow_));
    }
    unlink(task);
    // What its stack refers to is never released; it goes with the heap.
    task.status_ = TaskStatus::kCancelled;
    task.release();
  }
  main_flow().stack.abandon();
  is_over_ = true;
}

// No task runs a cleanup any more, nor finishes one.
void ScriptInstance::drop_cleanups() {
  for (Task* task = first_task_; task != nullptr; task = task->next_task_) {
    task->cleanups_.clear();
    if (task == current_) continue;
    task->masked_ = 0;
    task->cleanup_is_over_ = true;
  }
}

void ScriptInstance::unwind_all() {
  is_killed_ = is_ending_ = true;
  drop_cleanups();
  for (Task* task = first_task_; task != nullptr;) {
    Task* const next = task->next_task_;
    cancel(*task, {}, true);
    task = next;
  }
  // One wait or safe point ends a task, unless it is deep in native code that goes on waiting.
  constexpr int kMostPasses = 100;
  for (int pass = 0; pass < kMostPasses && unfinished_ != 0 && has_ready_tasks(); ++pass) run_pass();
}

void ScriptInstance::after_pass() {
  if (unfinished_ == 0) {
    is_over_ = true;
    return;
  }
  if (all_done_.first() != nullptr && awaited_count(nullptr) == 0) {
    while (Waiter* waiter = all_done_.first()) serve(*waiter);
  }
  const bool only_daemons = unfinished_ == daemons_;
  if (only_daemons && !daemons_cancelled_ && main_->is_finished()) {
    daemons_cancelled_ = true;
    cancel_all({});
  }
  if (first_ready_ == nullptr) check_deadlock();
}

// Everybody waits for somebody else: the oldest task that is no daemon is told so.
void ScriptInstance::check_deadlock() {
  if (waiting_inside_ == 0 || waiting_inside_ != unfinished_) return;
  for (Task* task = first_task_; task != nullptr; task = task->next_task_) {
    if (!task->is_daemon()) {
      wake(*task, Wake::kDeadlock);
      return;
    }
  }
}

void ScriptInstance::tell_end() {
  worker_.timers().stop(grace_);
  for (Task* task : failed_) {
    if (!task->is_observed_) {
      report_task_error(*task, "task: error in ");
      ending_.has_failed_task = true;
    }
    task->release();
  }
  failed_.clear();
  ending_.program = setup_.program;
  if (setup_.on_end) setup_.on_end(*this, std::move(ending_));
}

}  // namespace duso::tasks
