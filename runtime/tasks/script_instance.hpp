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
// once, and those that do not end within kEndGrace are given up.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "interpreter/execution/interpreter.hpp"
#include "runtime/frozen_value.hpp"
#include "runtime/tasks/task.hpp"

namespace duso::tasks {

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
  std::string message;                       // of the error alone
  std::vector<execution::ActiveCall> stack;  // the calls that were active, the innermost first
  double exit_code = 0;                      // of shutdown()
  std::string result_text;                   // of the main script\'s last statement, as print() shows it
  bool has_failed_task = false;              // a task failed and nobody took its error
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

  // --- for the worker ---

  // Makes the main task ready.
  void start();
  // Runs the tasks that are ready now, each until it waits or ends. The instance may be over afterwards.
  void run_pass();
  // No task is left, and nothing will come.
  bool is_over() const { return is_over_; }
  bool has_ready_tasks() const { return preempted_ != nullptr || first_ready_ != nullptr; }
  // Hands the ending to whoever waits for it.
  void tell_end();

  // --- tasks ---

  Task& current() const { return *current_; }
  Task& main_task() const { return *main_; }
  // A new task, queued to start with [call] (consumed). The instance holds it until it has finished; the reference that
  // is returned is the caller's.
  Task& start_task(BoundCall call, TaskOptions options);
  // The same, but it is not queued yet: release_task() does that.
  Task& make_task(BoundCall call, TaskOptions options);
  void release_task(Task& task);

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

  // Asks [task] to end (tasks.md 6). [everywhere]: at safe points too. False if it had finished.
  bool cancel(Task& task, std::string_view reason, bool everywhere = false);
  // While masked, the running task does not notice that it is cancelled.
  void mask() { ++current_->masked_; }
  void unmask() { --current_->masked_; }
  // Registers [call] (consumed) as a cleanup of the running task.
  void defer(BoundCall call) { current_->cleanups_.push_back(std::move(call)); }

  // The unfinished tasks, oldest first: first_task(), next_task(task).
  Task* first_task() const { return first_task_; }
  static Task* next_task(const Task& task) { return task.next_task_; }
  std::size_t task_count() const { return unfinished_; }
  // The unfinished ones that the instance waits for, without [except].
  std::size_t awaited_count(const Task* except) const;
  // One of the tasks has become a daemon.
  void count_daemon() { ++daemons_; }
  // Tasks that wait until no other task is left to wait for: tasks.run_all().
  WaitList& all_done() { return all_done_; }

  struct Counters {
    std::size_t created = 0;
    std::size_t completed = 0;
    std::size_t failed = 0;
    std::size_t cancelled = 0;
    std::size_t switches = 0;
    std::size_t max_live = 0;
  };
  const Counters& counters() const { return counters_; }

  // --- ends ---

  // Ends the instance from outside: kill, the timeout of run(). Cleanups run.
  void kill();
  // Ends the instance at once, because the process ends: tasks unwind without any cleanup. Outside of any task.
  void unwind_all();
  bool is_killed() const { return is_killed_; }
  // The process shuts down: whatever waits throws `interrupted`.
  void interrupt_waits();
  // Whether the main task is waiting, and so can react to an interruption.
  bool main_is_waiting() const { return main_ != nullptr && main_->is_waiting_; }

 private:
  execution::PendingKind at_safe_point() override;

  // The life of a task: task_life.cpp.
  friend class Worker;
  execution::Flow& flow_of(Task& task);
  void resume(Task& task);
  static void run_task(void* task);
  void run_body(Task& task);
  void run_cleanups(Task& task);
  void settle(Task& task, Value result);
  void finish(Task& task);
  void report_task_error(const Task& task, const char* prefix);
  void link(Task& task);
  void unlink(Task& task);
  void enqueue(Task& task);
  Task* dequeue();
  void suspend_waiting(Task& task, WaitReason reason, Instant deadline);
  Wake wake_before_waiting(const Task& task) const;
  void start_limit(Task& task, double seconds, void (*fire)(Timer& timer));
  void after_pass();
  void check_deadlock();
  void begin_end();
  void settle_main(execution::PendingKind kind);
  void cancel_all(std::string_view reason);
  void abandon_tasks();

  Worker& worker_;
  InstanceSetup setup_;
  Ending ending_;
  Task* main_ = nullptr;
  Task* current_ = nullptr;
  Task* preempted_ = nullptr;
  Task* first_ready_ = nullptr;
  Task* last_ready_ = nullptr;
  Task* first_task_ = nullptr;
  Task* last_task_ = nullptr;
  std::vector<Task*> failed_;  // whose error nobody has taken yet; retained
  WaitList all_done_;
  std::size_t unfinished_ = 0;
  std::size_t daemons_ = 0;
  std::size_t waiting_inside_ = 0;  // tasks that wait for another one, without deadline
  std::uint32_t last_id_ = 0;
  bool is_ending_ = false;  // exit, error or kill: all tasks were cancelled
  bool daemons_cancelled_ = false;
  bool is_killed_ = false;
  bool is_interrupted_ = false;
  bool is_over_ = false;
  bool is_queued_ = false;  // by the worker
  Timer grace_;
  Counters counters_;
};

}  // namespace duso::tasks
