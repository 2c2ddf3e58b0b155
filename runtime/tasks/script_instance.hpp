// A script instance: one running script with its tasks.
//
// The instance is an interpreter instance (heap, globals, limits) plus who runs when. It is pinned to one worker, and
// everything here happens on that worker's thread; the doors for others are Worker::post and Runtime.
//
// Of its tasks one runs at a time. Control passes to another only where a task parks, so between two waits a script has
// its world for itself. A worker gives an instance one *pass* at a time: the tasks that were ready when the pass began
// run in turn, each until it waits or ends. A pass that takes longer than a time slice is interrupted at a safe point;
// its task goes on first the next time, before any other of the instance.
//
// The end comes in this order: the script body and its cleanups; all tasks that are no daemons; the daemons, cancelled;
// then whoever started the instance is told. exit(), an uncaught error of the main task and kill cancel all tasks at
// once, and those that do not end within kEndGrace are given up. So does a panic; unless it was asked for, without any
// further cleanup (memory-and-panics.md 6.2).
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "interpreter/execution/interpreter.hpp"
#include "runtime/frozen_value.hpp"
#include "runtime/panic/info.hpp"
#include "runtime/tasks/instance_status.hpp"
#include "runtime/tasks/task.hpp"

namespace duso::tasks {

class DescriptorTable;
class Runtime;
class ScriptInstance;
class Worker;

enum class InstanceKind : std::uint8_t { kMain, kRun, kSpawn, kSchedule, kBackground };

// The name of [kind] as scripts see it: "main", "run" ...
const char* kind_name(InstanceKind kind);

// How an instance ended, in a form that any thread may have.
struct Ending {
  execution::PendingKind kind = execution::PendingKind::kNone;
  FrozenValue value;                               // of exit(); of an uncaught error what was thrown
  std::string error_text;                          // of an uncaught error, as `e.stack` has it
  std::shared_ptr<const syntax::Program> program;  // keeps what `source` points to
  const syntax::Source* source = nullptr;          // where it was raised
  syntax::Position position;
  std::string message;                            // of the error alone
  std::vector<execution::ActiveCall> stack;       // the calls that were active, the innermost first
  double exit_code = 0;                           // of shutdown()
  std::string result_text;                        // of the main script's last statement, as print() shows it
  bool has_failed_task = false;                   // a task failed and nobody took its error
  std::shared_ptr<const panic::PanicInfo> panic;  // of a panic
};

// What an instance is to be.
struct InstanceSetup {
  InstanceKind kind = InstanceKind::kMain;
  std::uint64_t pid = 0;
  std::string script;     // its path as messages show it
  std::string directory;  // where it looks for scripts to run
  std::shared_ptr<const syntax::Program> program;
  FrozenValue context;
  execution::InstanceConfig limits;
  bool keeps_value = false;  // the ending tells the value of the last statement
  // What the main task does after the program, with the value of its last statement: what a module exports. Returns an
  // owned value, which becomes the value of the ending, or Value::raise(). Empty: nothing.
  std::function<Value(ScriptInstance& instance, const execution::CallOrigin& origin, Value exports)> entry;
  // Called on the worker's thread when the instance has ended, right before it is destroyed.
  std::function<void(ScriptInstance& instance, Ending ending)> on_end;
};

class ScriptInstance final : public execution::Instance, private execution::Supervisor {
 public:
  ScriptInstance(Worker& worker, InstanceSetup setup);
  ~ScriptInstance();

  // The instance that a builtin was called in; null for an interpreter instance without tasks.
  static ScriptInstance* of(execution::Instance& instance) {
    return instance.has_supervisor() ? static_cast<ScriptInstance*>(&instance) : nullptr;
  }

  Worker& worker() const { return worker_; }
  const InstanceSetup& setup() const { return setup_; }
  // What other threads see of it.
  const std::shared_ptr<InstanceStatus>& status() const { return status_; }
  // For the registry of the runtime: the entry that is this instance's.
  InstanceList::iterator place() const { return place_; }

  // --- for the worker ---

  // Makes the main task ready.
  void start();
  // Runs the tasks that are ready now, each until it waits or ends. The instance may be over afterwards.
  void run_pass();
  // No task is left, and nothing will come.
  bool is_over() const { return is_over_; }
  bool has_ready_tasks() const { return preempted_ != nullptr || first_ready_ != nullptr; }
  // Writes down how it is, after a pass.
  void update_status();
  // Hands the ending to whoever waits for it.
  void tell_end();

  // --- tasks ---

  Task& current() const { return *current_; }
  // The same, or null between two tasks.
  const Task* running_task() const { return current_; }
  Task& main_task() const { return *main_; }
  // A new task, queued to start with [call] (consumed). The instance holds it until it has finished; the reference that
  // is returned is the caller's.
  Task& start_task(BoundCall call, TaskOptions options);
  // The same, but nobody except the caller knows of it yet: queue_task() makes it one of the instance's tasks.
  Task& make_task(BoundCall call, TaskOptions options);
  void queue_task(Task& task);

  // Makes the running task wait until wake() is called for it, or [deadline] comes. [waiters] are its nodes in the
  // lists of what it waits for, linked by next_of_task; null: somebody knows it otherwise. [call]: the builtin's call.
  Wake park(const execution::Call& call, WaitReason reason, Waiter* waiters = nullptr, Instant deadline = kNever);
  // The same for native code that nothing but wake() may end the wait of.
  void park_masked(WaitReason reason);
  // Nobody else is there who could run while this task waits.
  bool is_alone() const;
  // What a builtin returns whose wait was ended by [wake], which is not kReady: Value::raise() with the right thing
  // pending. A timeout throws `timeout exceeded`.
  Value raise_woken(const execution::Call& call, Wake wake);
  // Ends the wait of [task], if it waits. True when it did.
  bool wake(Task& task, Wake reason = Wake::kReady);
  // The same for the task of [waiter], which becomes the one that was served.
  void serve(Waiter& waiter);
  // Lets all tasks that are ready now run once.
  Wake yield(const execution::Call& call);

  // Whether the running task was cancelled and notices it: the wait that it comes from has to unwind, whatever ended
  // it.
  bool must_unwind() const { return wake_before_waiting(*current_) == Wake::kCancelled; }

  // Asks [task] to end (tasks.md 6). [everywhere]: at safe points too. False if it had finished.
  bool cancel(Task& task, std::string_view reason, bool everywhere = false);
  // While masked, the running task does not notice that it is cancelled.
  void mask() { ++current_->masked_; }
  void unmask() { --current_->masked_; }
  // Registers [call] (consumed) as a cleanup of the running task.
  void defer(BoundCall call) { current_->cleanups_.push_back(std::move(call)); }

  // The unfinished tasks in the order in which they were queued: first_task(), TaskList::next(task).
  Task* first_task() const { return tasks_.first(); }
  std::size_t task_count() const { return unfinished_; }
  // The unfinished ones that the instance waits for, without [except].
  std::size_t awaited_count(const Task* except) const;
  // One of the tasks has become a daemon.
  void count_daemon() { ++daemons_; }
  // Tasks that wait until no other task is left to wait for: tasks.run_all().
  WaitList& all_done() { return all_done_; }
  // How many tasks have failed so far, without daemons and branches.
  std::size_t failure_count() const { return failures_; }
  // Of those, how many nobody has noticed yet, by this function either.
  std::size_t note_failures();
  // The error of [task] need not be reported any more.
  void forget_failure(Task& task);
  // The descriptors that scripts wait for and made.
  DescriptorTable& descriptors();
  // 1, 2, ...: for groups that got no name.
  std::uint32_t next_group_number() { return ++last_group_; }

  struct Counters {
    std::size_t created = 0;
    std::size_t completed = 0;
    std::size_t failed = 0;
    std::size_t cancelled = 0;
    std::size_t switches = 0;
    std::size_t max_live = 0;
  };
  const Counters& counters() const { return counters_; }

  // --- panics ---

  // Stops the unwinding by the panic that is pending, and returns the panic.
  std::shared_ptr<const panic::PanicInfo> take_panic();
  // Where [task], which is unfinished, has called the native code that it is in, or null.
  const execution::NativeSite* site_of(const Task& task) const {
    if (&task == current_) return native_site();
    return task.has_started_ ? flow_of(task).native : nullptr;
  }

  // The hook: a function (consumed) that is called, as a task of its own, for each panic of another instance. It asks
  // next_untold_panic() for it, which is null if the hook has been replaced meanwhile. None: removes the hook.
  void set_panic_hook(BoundCall call);
  // Its function, borrowed; nil if there is none.
  Value panic_hook() const { return panic_hook_ != nullptr ? panic_hook_->call.function.get() : Value::nil(); }
  // 0 if there is none.
  std::uint64_t panic_hook_number() const { return panic_hook_ != nullptr ? panic_hook_->number : 0; }
  std::shared_ptr<const panic::PanicInfo> next_untold_panic();
  // For whoever tells hooks; there must be one.
  void hear_of(std::shared_ptr<const panic::PanicInfo> info);

  // --- ends ---

  // Ends the instance from outside: kill, the timeout of run(). Cleanups run.
  void kill();
  // Ends the instance at once, because the process ends: tasks unwind without any cleanup. Outside of any task.
  void unwind_all();
  bool is_killed() const { return is_killed_; }
  // An attempt: what the main task, which calls both of these, does between them may be given up by its user without
  // being its end. end_attempt() says whether it was; then Value::raise() with PendingKind::kStopped is all that came
  // of it, or else it was just done. Never true of an instance that is ending: that stop is for good.
  void begin_attempt() { is_attempting_ = true; }
  bool end_attempt();
  // The user gives up what the main task attempts, if it attempts anything. Outside of any task.
  void break_off();
  // Reports the errors of tasks that failed and that nobody has taken so far. True if there were any.
  bool report_failures();
  // The process shuts down: whatever waits throws `interrupted`.
  void interrupt_waits();
  // Whether the main task is waiting, and so can react to an interruption.
  bool main_is_waiting() const { return main_ != nullptr && main_->is_waiting_; }

 private:
  // What a hook needs: its call, its number among all hooks, and the panics that it has not been told of yet.
  struct PanicHook {
    BoundCall call;
    std::uint64_t number;
    std::deque<std::shared_ptr<const panic::PanicInfo>> untold;
  };

  execution::PendingKind at_safe_point(const execution::Frame& frame, syntax::Position position) override;
  void on_panic() override;

  Ending& ending() {
    if (ending_ == nullptr) ending_ = std::make_unique<Ending>();
    return *ending_;
  }

  // The life of a task: task_life.cpp.
  friend class Worker;
  execution::Flow& flow_of(Task& task);
  const execution::Flow& flow_of(const Task& task) const;
  void resume(Task& task);
  void warn_of_long_run(const execution::Frame& frame, syntax::Position position);
  static void run_task(void* task);
  void run_body(Task& task);
  Value run_program();
  Value run_entry(const execution::ProgramCode& code, Value exports);
  void run_cleanups(Task& task);
  void settle(Task& task, Value result);
  void finish(Task& task);
  void report_task_error(const Task& task, const char* prefix);
  void enqueue(Task& task);
  Task* dequeue();
  void suspend_waiting(Task& task, WaitReason reason, Instant deadline);
  Wake wake_before_waiting(const Task& task) const;
  void start_limit(Task& task, double seconds, void (*fire)(Timer& timer));
  void after_pass();
  void serve_all_done();
  void settle_main(execution::PendingKind kind);
  bool was_interrupted(const Task& task) const;
  void settle_panic();
  void drop_cleanups();
  void drop_panic_hook();
  void cancel_all(std::string_view reason);
  void start_grace();
  void abandon_tasks();

  // What to do when nobody can go on: deadlock.cpp.
  void check_deadlock();
  Value raise_deadlock(const execution::Call& call);

  Worker& worker_;
  InstanceSetup setup_;
  std::shared_ptr<InstanceStatus> status_;
  InstanceList::iterator place_;
  std::unique_ptr<Ending> ending_;  // null: nothing has been decided about it yet
  Task* main_ = nullptr;
  Task* current_ = nullptr;
  Task* preempted_ = nullptr;
  Task* first_ready_ = nullptr;
  Task* last_ready_ = nullptr;
  TaskList tasks_;   // the unfinished ones; retained
  TaskList failed_;  // whose error nobody has taken yet; retained
  WaitList all_done_;
  std::unique_ptr<DescriptorTable> descriptors_;  // made when it is first asked for
  std::string deadlock_report_;                   // a line per blocked task
  std::size_t unfinished_ = 0;
  std::size_t daemons_ = 0;
  std::size_t waiting_inside_ = 0;  // tasks that wait for another one, without deadline
  std::size_t failures_ = 0;
  Instant running_since_ = 0;  // the current task; kNever: it was warned of
  std::uint32_t last_id_ = 0;
  std::uint32_t last_group_ = 0;
  bool is_ending_ = false;  // exit, error or kill: all tasks were cancelled
  bool daemons_cancelled_ = false;
  bool is_killed_ = false;
  bool is_interrupted_ = false;
  bool is_attempting_ = false;
  bool is_over_ = false;
  bool is_queued_ = false;        // by the worker
  std::unique_ptr<Timer> grace_;  // made when the instance has to end
  Counters counters_;
  std::shared_ptr<const panic::PanicInfo> panic_;  // of the flow that is being unwound by it
  std::unique_ptr<PanicHook> panic_hook_;
};

}  // namespace duso::tasks
