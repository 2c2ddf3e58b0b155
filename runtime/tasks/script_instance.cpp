#include "runtime/tasks/script_instance.hpp"

#include <chrono>
#include <utility>

#include "interpreter/execution/code.hpp"
#include "interpreter/values/text_form.hpp"
#include "runtime/console.hpp"
#include "runtime/host.hpp"
#include "runtime/tasks/descriptors.hpp"
#include "runtime/tasks/runtime.hpp"
#include "runtime/tasks/task_errors.hpp"
#include "runtime/tasks/task_group.hpp"
#include "runtime/tasks/worker.hpp"

namespace duso::tasks {

namespace {

// What a wait throws that the end of the process interrupts.
constexpr std::string_view kInterrupted = "interrupted";

// What tasks get to end in when their instance has to.
constexpr double kEndGrace = 5.0;  // seconds

double unix_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

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
    : Instance(worker.engine(), setup.limits, worker.host()), worker_(worker), setup_(std::move(setup)) {
  status_ = std::make_shared<InstanceStatus>(setup_.pid, kind_name(setup_.kind), setup_.script, unix_time());
  place_ = worker_.runtime().add(*this);
  set_supervisor(*this);
}

ScriptInstance::~ScriptInstance() {
  drop_panic_hook();
  if (grace_ != nullptr) worker_.timers().stop(*grace_);
  abandon_tasks();
  while (Task* const task = failed_.first()) forget_failure(*task);
  if (main_ != nullptr) main_->release();
}

void ScriptInstance::update_status() {
  status_->state.store(has_ready_tasks() ? InstanceState::kReady : InstanceState::kWaiting, std::memory_order_relaxed);
  status_->heap_used.store(heap().counters().used(), std::memory_order_relaxed);
  status_->tasks.store(unfinished_, std::memory_order_relaxed);
}

void ScriptInstance::start() {
  Task& main = make_task({}, {});
  main_ = &main;
  queue_task(main);
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
  const bool has_warning = worker_.runtime().config().task_warn > 0;
  // What becomes ready meanwhile has to wait for the next pass.
  while (last != nullptr && first_ready_ != nullptr) {
    Task* const task = dequeue();
    if (task == last) last = nullptr;
    if (has_warning) running_since_ = now();
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
  ++counters_.created;
  return task;
}

void ScriptInstance::queue_task(Task& task) {
  if (is_ending_) {
    cancel(task, {});
    return;
  }
  task.retain();
  tasks_.add(task);
  if (task.is_daemon()) ++daemons_;
  if (++unfinished_ > counters_.max_live) counters_.max_live = unfinished_;
  enqueue(task);
}

Task& ScriptInstance::start_task(BoundCall call, TaskOptions options) {
  Task& task = make_task(std::move(call), std::move(options));
  queue_task(task);
  return task;
}

DescriptorTable& ScriptInstance::descriptors() {
  if (descriptors_ == nullptr) descriptors_ = std::make_unique<DescriptorTable>(*this);
  return *descriptors_;
}

std::size_t ScriptInstance::note_failures() {
  std::size_t count = 0;
  for (Task* task = failed_.first(); task != nullptr; task = TaskList::next(*task)) {
    if (!task->is_daemon() && !std::exchange(task->is_noted_, true)) ++count;
  }
  return count;
}

void ScriptInstance::forget_failure(Task& task) {
  if (failed_.remove(task)) task.release();
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
  if (task.masked_ != 0) return Wake::kReady;
  if (TaskGroup::failed_scope(task.scope_) != nullptr) return Wake::kChildFailed;
  return is_interrupted_ ? Wake::kInterrupted : Wake::kReady;
}

Wake ScriptInstance::park(const execution::Call& call, WaitReason reason, Waiter* waiters, Instant deadline) {
  Task& task = *current_;
  task.waiters_ = waiters;
  task.wake_ = wake_before_waiting(task);
  if (task.wake_ != Wake::kReady) {
    for (Waiter* waiter = waiters; waiter != nullptr; waiter = waiter->next_of_task) WaitList::remove(*waiter);
    return task.wake_;
  }
  task.waits_at_.instance = this;
  task.waits_at_.code = call.caller().code;
  task.waits_at_.position = call.site() != nullptr ? call.site()->position : syntax::Position{};
  suspend_waiting(task, reason, deadline);
  return task.wake_;
}

void ScriptInstance::suspend_waiting(Task& task, WaitReason reason, Instant deadline) {
  task.reason_ = reason;
  task.waits_since_ = now();
  task.status_ = TaskStatus::kPending;
  task.is_waiting_ = true;
  if (deadline != kNever) worker_.timers().start(task.timer_, deadline);
  // A clock that runs for the task, be it only for its cleanups, ends any wait.
  const bool has_clock = deadline != kNever || (task.limit_ != nullptr && task.limit_->is_running());
  if (has_clock) task.reason_.is_internal = false;
  if (task.reason_.is_internal) ++waiting_inside_;
  suspend();
}

void ScriptInstance::park_masked(WaitReason reason) {
  mask();
  suspend_waiting(*current_, reason, kNever);
  unmask();
}

bool ScriptInstance::is_alone() const { return unfinished_ == 1 && worker_.runtime().instance_counters().live <= 1; }

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
      return call.raise(kInterrupted);
    case Wake::kDeadlock:
      return raise_deadlock(call);
    case Wake::kChildFailed:
      return raise_task_error(call, TaskGroup::take_failure(current_->scope_));
    case Wake::kTimeout:
    case Wake::kReady:
      break;
  }
  return call.raise("timeout exceeded");
}

execution::PendingKind ScriptInstance::at_safe_point(const execution::Frame& frame, syntax::Position position) {
  Task* const task = current_;
  if (task == nullptr) return execution::PendingKind::kNone;
  if (worker_.runtime().config().task_warn > 0) warn_of_long_run(frame, position);
  preempted_ = task;
  suspend();
  const bool must_stop = task->cleanup_is_over_ || (task->cancel_everywhere_ && task->masked_ == 0);
  return must_stop ? execution::PendingKind::kStopped : execution::PendingKind::kNone;
}

// A task that lets others wait for long gets one line until it waits itself.
void ScriptInstance::warn_of_long_run(const execution::Frame& frame, syntax::Position position) {
  if (first_ready_ == nullptr || now() < running_since_) return;
  const double seconds = static_cast<double>(now() - running_since_) * 1e-9;
  if (seconds < worker_.runtime().config().task_warn) return;
  host().console().write_error("task: " + current_->name() + " has been running for " +
                               std::to_string(static_cast<long>(seconds * 1000)) + " ms while others are ready, at " +
                               frame.code->source->name() + ":" + std::to_string(position.line) + ":" +
                               std::to_string(position.column) + '\n');
  running_since_ = kNever;
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
  } else if (!task.has_started_) {
    if (task.list_ != nullptr) task.retain();  // for the queue, which still has it
    finish(task);
  }
  return true;
}

void ScriptInstance::cancel_all(std::string_view reason) {
  is_ending_ = true;
  for (Task* task = tasks_.first(); task != nullptr;) {
    Task* const next = TaskList::next(*task);
    if (task != current_ || is_killed_) cancel(*task, reason, true);
    task = next;
  }
  start_grace();
}

void ScriptInstance::start_grace() {
  if (grace_ == nullptr) {
    grace_ = std::make_unique<Timer>();
    grace_->owner = this;
    grace_->fire = [](Timer& timer) {
      auto& instance = *static_cast<ScriptInstance*>(timer.owner);
      instance.abandon_tasks();
      instance.worker_.enqueue(instance);
    };
  }
  if (!grace_->is_running()) worker_.timers().start(*grace_, after(kEndGrace));
}

void ScriptInstance::kill() {
  if (is_over_ || is_killed_) return;
  is_killed_ = true;
  ending().kind = execution::PendingKind::kStopped;
  cancel_all("killed");
  worker_.enqueue(*this);
}

bool ScriptInstance::end_attempt() {
  is_attempting_ = false;
  if (is_ending_) return false;
  main_->cancel_everywhere_ = false;
  return std::exchange(main_->cancel_requested_, false);
}

void ScriptInstance::break_off() {
  if (is_attempting_ && !is_ending_) cancel(*main_, {}, true);
}

void ScriptInstance::interrupt_waits() {
  is_interrupted_ = true;
  for (Task* task = tasks_.first(); task != nullptr; task = TaskList::next(*task)) {
    if (task->masked_ == 0) wake(*task, Wake::kInterrupted);
  }
}

void ScriptInstance::abandon_tasks() {
  preempted_ = nullptr;
  if (descriptors_ != nullptr) descriptors_->give_up_waits();
  while (first_ready_ != nullptr) {
    Task* const task = dequeue();
    if (task->is_finished()) task->release();
  }
  while (Task* const first = tasks_.first()) {
    Task& task = *first;
    worker_.timers().stop(task.timer_);
    if (task.limit_ != nullptr) worker_.timers().stop(*task.limit_);
    for (Waiter* waiter = task.waiters_; waiter != nullptr; waiter = waiter->next_of_task) WaitList::remove(*waiter);
    task.cut_ties();  // some of them lie on the stack
    if (task.flow_ != nullptr) {
      task.flow_->stack.abandon();
      worker_.give_back(std::move(task.flow_));
    }
    tasks_.remove(task);
    --unfinished_;
    if (task.is_daemon()) --daemons_;
    // What its stack refers to is never released; that goes with the heap.
    task.status_ = TaskStatus::kCancelled;
    if (task.group_ != nullptr) task.group_->forget(task);
    task.release();
  }
  main_flow().stack.abandon();
  is_over_ = true;
}

// No task runs a cleanup any more, nor finishes one.
void ScriptInstance::drop_cleanups() {
  for (Task* task = tasks_.first(); task != nullptr; task = TaskList::next(*task)) {
    task->cleanups_.clear();
    if (task == current_) continue;
    task->masked_ = 0;
    task->cleanup_is_over_ = true;
  }
}

void ScriptInstance::unwind_all() {
  is_killed_ = is_ending_ = true;
  drop_cleanups();
  for (Task* task = tasks_.first(); task != nullptr;) {
    Task* const next = TaskList::next(*task);
    cancel(*task, {}, true);
    task = next;
  }
  // One wait or safe point ends a task, unless it is deep in native code that goes on waiting.
  constexpr int kMostPasses = 100;
  for (int pass = 0; pass < kMostPasses && unfinished_ != 0 && has_ready_tasks(); ++pass) {
    interrupt();  // nobody else does it any more, and a task whose wait was over may go on to compute without end
    run_pass();
  }
}

void ScriptInstance::after_pass() {
  if (unfinished_ == 0) {
    is_over_ = true;
    return;
  }
  serve_all_done();
  const bool only_daemons = unfinished_ == daemons_;
  if (only_daemons && !daemons_cancelled_ && main_->is_finished()) {
    daemons_cancelled_ = true;
    cancel_all({});
  }
  if (first_ready_ == nullptr) check_deadlock();
}

void ScriptInstance::serve_all_done() {
  for (Waiter* waiter = all_done_.first(); waiter != nullptr;) {
    Waiter* const next = WaitList::next(*waiter);
    if (awaited_count(&waiter->task) == 0) serve(*waiter);
    waiter = next;
  }
}

// Whether the error of [task] is only that the process shuts down.
bool ScriptInstance::was_interrupted(const Task& task) const {
  if (!is_interrupted_ || !task.error_.is(HeapType::kError)) return false;
  const Value message = as_error(task.error_)->message;
  return message.is_string() && message.string()->view() == kInterrupted;
}

bool ScriptInstance::report_failures() {
  bool has_any = false;
  while (Task* const task = failed_.first()) {
    if (!was_interrupted(*task)) {
      report_task_error(*task, "task: error in ");
      has_any = true;
    }
    forget_failure(*task);
  }
  return has_any;
}

void ScriptInstance::tell_end() {
  if (grace_ != nullptr) worker_.timers().stop(*grace_);
  if (report_failures()) ending().has_failed_task = true;
  if (const auto& at_end = worker_.runtime().config().at_instance_end) at_end(*this);
  ending().program = setup_.program;
  if (setup_.keeps_value) ending().result_text = display_text(main_->result());
  if (setup_.on_end) setup_.on_end(*this, std::move(ending()));
}

}  // namespace duso::tasks
