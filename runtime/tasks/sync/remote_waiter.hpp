// Waiting for other instances, which may run on other threads.
//
// A named queue or lock is one object for the whole process. It has a lock of its own - held for a few instructions,
// never while script code runs - and lines of waiters behind that lock. A task that has to wait puts a waiter into the
// line and parks. Whoever has something for it takes it out of the line, and that is the one moment in which the wait
// is decided: under the lock, once. A timeout or a cancellation that comes later finds the waiter served.
//
// What follows is a message to the worker of the waiting task, or a plain wake-up if that is the worker at hand. No
// wake-up is lost: the message is read where the task's worker is, so never between the line and the parking. None goes
// astray: a task that has run on meanwhile lets the message under way forget it.
//
// A task that is cancelled, killed or given up after it was served and before it ran on does not take what it was
// served with: that goes back (`undo`), so nothing is lost and no lock is held by nobody.
#pragma once

#include <memory>
#include <mutex>

#include "runtime/tasks/script_instance.hpp"
#include "runtime/tasks/tie.hpp"
#include "runtime/tasks/wait_list.hpp"

namespace duso::tasks::sync {

// For how long the running task is ready to wait, and the builtin's call that it waits in.
struct Patience {
  const execution::Call& call;
  ScriptInstance& instance;
  Instant deadline = kNever;
  bool may_wait = true;  // false: what can not be done at once counts as timed out

  Task& task() const { return instance.current(); }
  Worker& worker() const { return instance.worker(); }
};

class RemoteWaiter : public Waiter, private Tie {
 public:
  // A waiter of the running task in a line that [mutex] guards.
  RemoteWaiter(const Patience& patience, std::mutex& mutex);
  virtual ~RemoteWaiter();

  // Stands in [line] until it is served or the task has to give up. [lock] is on the mutex; it is held again
  // afterwards. Wake::kReady if and only if the waiter was served and the task may take what it was served with. Throws
  // std::bad_alloc before anything has changed.
  Wake wait(std::unique_lock<std::mutex>& lock, WaitList& line, WaitReason reason);

  // Takes the waiter out of its line and wakes its task. Under the lock, on the thread of [here].
  void serve(const Worker& here);

  // The longest waiting one of [line], or null.
  static RemoteWaiter* first(const WaitList& line) { return static_cast<RemoteWaiter*>(line.first()); }

 protected:
  // The waiter was served, but its task will not go on: takes back what it was served with. False if there is nothing
  // to take back, and what has happened has happened. Under the lock, on the task's thread; must not throw.
  virtual bool undo() { return false; }
  // The waiter has left its line without being served: others may have their turn now. Under the lock, on the task's
  // thread; must not throw.
  virtual void given_up() {}

  Worker& worker() const { return patience_.worker(); }

 private:
  class WakeUp;

  bool leave(bool must_unwind);
  void cut() override;

  const Patience patience_;
  std::mutex& mutex_;
  std::unique_ptr<WakeUp> wake_up_;  // made beforehand, so that serving needs no memory
  WakeUp* posted_ = nullptr;         // it, while it is under way
};

}  // namespace duso::tasks::sync
