// Task groups: tasks that are started, watched and ended together (tasks.md 4).
//
// A group has members in the order in which they were added. It starts them in that order, at most so many at a time,
// and knows how many have finished. A member that was not started yet is a task without a place in the instance: if the
// group goes before it was its turn, it never was.
//
// A scope is a group with a body: a task that runs a function which adds members, each of which starts at once. The
// first member that fails cancels the others and interrupts the body where it waits. A task may be in the bodies of
// several scopes, one inside the other.
//
// Groups are counted: by every handle, and by each member from its start to its end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/tasks/task.hpp"
#include "runtime/tasks/wait_list.hpp"

namespace duso::tasks {

class TaskGroup {
 public:
  struct Options {
    std::string name;                 // empty: "group-N"
    std::size_t max_concurrency = 0;  // members that run at a time; 0: all
    bool cancel_on_error = false;     // the first failure cancels the others
  };

  TaskGroup(ScriptInstance& instance, Options options);
  // The last reference goes when no member runs any more, perhaps together with the heap: members that were never
  // started learn of it without asking anything of the instance.
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  void retain() { ++references_; }
  void release();

  ScriptInstance& instance() const { return instance_; }
  const std::string& name() const { return options_.name; }

  // Adds a member that will run [call] (consumed); the group must not be closed. Returns its index.
  std::size_t add(BoundCall call);
  // Starts the members, those too that are added before all have finished.
  void start();
  // Cancels all unfinished members. The group is closed: nothing can be added any more. Returns how many there were.
  std::size_t cancel(std::string_view reason);
  // Cancels the members that did not begin to run yet. Returns how many there were.
  std::size_t cancel_remaining();
  // Forgets all members, which must have finished. The group is as it was when it was made.
  void clear();

  std::size_t total() const { return members_.size(); }
  std::size_t completed() const { return completed_; }
  bool is_done() const { return completed_ == members_.size(); }
  bool is_closed() const { return is_closed_; }
  Task& member(std::size_t index) const { return *members_[index]; }
  // Whether every member returned.
  bool all_returned() const;
  // The member that failed first, or null.
  Task* first_failure() const { return first_failure_; }
  // Somebody has taken the errors of all members.
  void mark_observed();
  // Whether [task] is an unfinished member.
  bool has(const Task& task) const { return task.group_ == this; }
  // Tasks that wait until the group is done.
  WaitList& finished() { return finished_; }

  void set_cancel_on_error(bool cancel) { options_.cancel_on_error = cancel; }
  // A higher limit starts waiting members at once.
  void set_max_concurrency(std::size_t count);

  // --- scopes ---

  // The running task begins to run the body of this scope, and leaves it: then the group is closed.
  void enter_body();
  void leave_body();
  // Of [scope] and those around it, one with a failure that the body has not been told of; null if there is none.
  static TaskGroup* failed_scope(TaskGroup* scope);
  // The failed member of failed_scope(scope), of which the body is told herewith.
  static Task& take_failure(TaskGroup* scope);

  // --- for the instance ---

  // [task] has finished; [was_started]: by the group.
  void member_ended(Task& task, bool was_started);
  // [task], which was started, was given up with the whole instance.
  void forget(Task& task);

 private:
  void start_members();

  ScriptInstance& instance_;
  Options options_;
  std::vector<Task*> members_;  // retained
  std::size_t next_ = 0;        // the first member that was not started
  std::size_t running_ = 0;     // started and not finished
  std::size_t completed_ = 0;
  Task* first_failure_ = nullptr;
  WaitList finished_;
  Task* body_ = nullptr;
  TaskGroup* outer_ = nullptr;  // the scope around this one, of the same body
  std::uint32_t references_ = 1;
  bool is_started_ = false;
  bool is_starting_ = false;  // start_members() is at work
  bool is_closed_ = false;
  bool failure_is_news_ = false;  // to the body
};

}  // namespace duso::tasks
