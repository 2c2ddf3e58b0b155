// A task: one flow of control of a script instance (tasks.md 3).
//
// The first task of an instance runs the script; task() makes more of them, which run a function each. They share the
// heap and take turns: a task runs until it waits for something. This file is the record of one task; who runs when is
// the business of ScriptInstance.
//
// A task is made first and queued then, by one who may wait with that: a member of a group belongs to nobody but the
// group until it is its turn. From there to its end it is one of the instance's unfinished tasks. It has a stack only
// while it runs or waits. Its record lives on as long as a handle refers to it, with the result. All of it belongs to
// the thread of its instance.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/execution/calls.hpp"
#include "runtime/tasks/tie.hpp"
#include "runtime/tasks/timer_queue.hpp"
#include "runtime/tasks/wait_list.hpp"

namespace duso::tasks {

class ScriptInstance;
class TaskGroup;
class TaskList;

// What scripts know as TASK_PENDING and so on; the numbers are theirs.
enum class TaskStatus : std::uint8_t {
  kPending = 0,  // not started, or waiting
  kRunning = 1,
  kReady = 2,  // queued to run
  kCompleted = 3,
  kFailed = 4,
  kCancelled = 5,
};

// Why a wait ended.
enum class Wake : std::uint8_t {
  kReady,        // what was waited for has come
  kTimeout,      // its deadline came first
  kCancelled,    // the task must unwind
  kInterrupted,  // the process shuts down: the wait throws "interrupted"
  kDeadlock,     // nobody is left who could end the wait
  kChildFailed,  // a child of a scope whose body the task runs: the wait throws the child's error
};

// What a waiting task waits for, as tasks.list() and the report of a deadlock name it.
struct WaitReason {
  const char* what = "";     // "channel", "handle"
  bool is_internal = false;  // only another task of the instance can end it
};

struct NamedArgument {
  String* name;  // interned
  Owned value;
};

// A function and what it is to be called with: for a task that has not started, and for cleanups.
struct BoundCall {
  execution::CallOrigin origin = {};
  Owned function;
  std::vector<Owned> arguments;
  std::vector<NamedArgument> named;

  // Calls the function at the bottom of the current flow. Returns its owned result, or Value::raise().
  Value run() const;
  void drop() { *this = BoundCall(); }
};

struct TaskOptions {
  std::string name;              // empty: "task-ID"
  double timeout = 0;            // seconds from the start on; 0: none
  double cleanup_timeout = 5.0;  // seconds for all its cleanups together
  bool is_daemon = false;        // the instance does not wait for it
  bool is_branch = false;        // of parallel(): exit() ends the branch alone
};

// Room for the name of a task that was not given one.
using TaskNameBuffer = std::array<char, 24>;

class Task {
 public:
  Task(ScriptInstance& instance, std::uint32_t id, TaskOptions options);
  ~Task();
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  ScriptInstance& instance() const { return instance_; }
  std::uint32_t id() const { return id_; }
  std::string name() const;
  // The same without an allocation, for signal handlers: a view of the task itself or of [buffer].
  std::string_view name(TaskNameBuffer& buffer) const;
  bool is_main() const { return id_ == 0; }

  TaskStatus status() const { return status_; }
  bool is_finished() const { return status_ >= TaskStatus::kCompleted; }
  // Of a finished task, borrowed: what its function returned; the error of a failed or cancelled one, else nil.
  Value result() const { return result_; }
  Value error() const { return error_; }

  const WaitReason& wait_reason() const { return reason_; }
  Instant waits_since() const { return waits_since_; }
  const execution::CallOrigin& waits_at() const { return waits_at_; }
  bool is_waiting() const { return is_waiting_; }

  bool is_daemon() const { return options_.is_daemon; }
  bool is_cancel_requested() const { return cancel_requested_; }
  const std::string& cancel_reason() const { return cancel_reason_; }

  // Tasks that wait for the end of this one.
  WaitList& completion() { return completion_; }
  // The task whose end this one waits for, or null.
  Task* awaited() const { return awaited_; }
  void set_awaited(Task* task) { awaited_ = task; }
  // It is no longer waited for at the end of the instance.
  void detach();
  // Until untie(), [tie] is cut when the task ends; it must stay where it is.
  void tie(Tie& tie);
  void untie(Tie& tie);

  // Records are counted: by the instance from when the task is queued until it has finished, and by every handle.
  void retain() { ++references_; }
  void release();

  // A panic while a hook for panics runs is told to no hook.
  bool runs_panic_hook() const { return runs_panic_hook_; }
  void set_runs_panic_hook(bool runs) { runs_panic_hook_ = runs; }

  // Somebody has taken notice of the error, or will: it is not reported at the end of the instance.
  void mark_observed();

 private:
  friend class ScriptInstance;
  friend class TaskGroup;
  friend class TaskList;

  // It was never queued, and never will be.
  void give_up();

  void cut_ties();

  ScriptInstance& instance_;
  const std::uint32_t id_;
  TaskOptions options_;
  TaskStatus status_ = TaskStatus::kPending;
  bool has_started_ = false;
  bool is_waiting_ = false;
  bool is_observed_ = false;
  bool is_noted_ = false;  // its failure was counted by tasks.run_all()
  bool cancel_requested_ = false;
  bool cancel_everywhere_ = false;  // at safe points too, not only where it waits
  bool cleanup_is_over_ = false;    // its time has run out
  bool runs_panic_hook_ = false;
  Wake wake_ = Wake::kReady;
  std::uint32_t masked_ = 0;  // > 0: cancellation has to wait
  std::uint32_t references_ = 1;
  std::uint32_t branch_ = 0;

  std::unique_ptr<execution::Flow> flow_;  // while it runs; the main task may use the instance's own
  BoundCall call_;                         // until it starts
  std::string cancel_reason_;
  Value result_;
  Value error_;
  WaitList completion_;
  std::vector<BoundCall> cleanups_;

  Waiter* waiters_ = nullptr;  // its nodes in the lists of what it waits for
  Tie* ties_ = nullptr;        // the latest first
  Timer timer_;                // ends its wait
  WaitReason reason_;
  Task* awaited_ = nullptr;
  execution::CallOrigin waits_at_ = {};
  Instant waits_since_ = 0;
  std::unique_ptr<Timer> limit_;  // its own timeout, or the one of its cleanups

  TaskGroup* group_ = nullptr;  // that it is an unfinished member of
  TaskGroup* scope_ = nullptr;  // the innermost one whose body it runs

  Task* next_ready_ = nullptr;
  TaskList* list_ = nullptr;  // of its instance: the unfinished ones, or those that failed unobserved
  Task* previous_task_ = nullptr;
  Task* next_task_ = nullptr;
};

// Tasks of one instance in the order in which they were added. A task is in one list at a time.
class TaskList {
 public:
  Task* first() const { return first_; }
  static Task* next(const Task& task) { return task.next_task_; }

  void add(Task& task) {
    task.list_ = this;
    task.previous_task_ = last_;
    task.next_task_ = nullptr;
    (last_ != nullptr ? last_->next_task_ : first_) = &task;
    last_ = &task;
  }

  // Takes [task] out, if it is in this list. True if it was.
  bool remove(Task& task) {
    if (task.list_ != this) return false;
    (task.previous_task_ != nullptr ? task.previous_task_->next_task_ : first_) = task.next_task_;
    (task.next_task_ != nullptr ? task.next_task_->previous_task_ : last_) = task.previous_task_;
    task.list_ = nullptr;
    task.previous_task_ = task.next_task_ = nullptr;
    return true;
  }

 private:
  Task* first_ = nullptr;
  Task* last_ = nullptr;
};

}  // namespace duso::tasks
