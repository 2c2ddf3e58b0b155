// Locks that tasks hold: the idea behind Mutex, Shared and Once.
//
// Such a lock is a fact, not an operating-system lock: it says which task has the object now, and who waits for it.
// Its holder may run script code and wait for other things meanwhile, since nothing blocks but the tasks in the line.
// The lock is tied to its holder: it is passed on when that task ends, be it given up with its whole instance.
#pragma once

#include <memory>
#include <string>

#include "runtime/tasks/sync/remote_waiter.hpp"
#include "runtime/tasks/sync/sync_object.hpp"
#include "runtime/tasks/tie.hpp"

namespace duso::tasks::sync {

class TaskLock : public SyncObject, private Tie {
 public:
  using SyncObject::SyncObject;

  // Waits until the running task has the lock, or until the lock was opened. A task that has it already waits in vain.
  Wake lock(const Patience& patience);
  // Whether [task], which is the running one, has the lock.
  bool is_held_by(const Task& task) const;
  // The running task [task], which has it, gives it to the one that has waited longest.
  void unlock(Task& task);
  // The same for good: whoever waits, or ever comes, gets through without having the lock.
  void open(Task& task);

 protected:
  // Whoever waits for the lock.
  class Candidate : public RemoteWaiter {
   public:
    Candidate(const Patience& patience, TaskLock& lock) : RemoteWaiter(patience, lock.mutex_), lock_(lock) {}

    // Its turn has come, under mutex_ and on any thread. True if it has done by itself all it wanted, and does not need
    // the lock. Must not throw.
    virtual bool is_content() { return false; }

   protected:
    bool undo() override;

   private:
    TaskLock& lock_;
  };

  // Whether nobody has the lock or waits for it. Under mutex_.
  bool is_idle() const { return holder_ == nullptr && line_.empty(); }
  // Lets [candidate], of the running task, stand in the line. [guard] is on mutex_.
  Wake wait(Candidate& candidate, std::unique_lock<std::mutex>& guard) {
    return candidate.wait(guard, line_, {kind_of_wait()});
  }

 private:
  virtual const char* kind_of_wait() const = 0;  // for tasks.list()
  void take(Task& task);
  std::shared_ptr<SyncObject> let_go(Task& task);
  void pass_on(const Worker& here);
  void cut() override;

  const Task* holder_ = nullptr;  // only to compare with: it may belong to another thread
  bool is_open_ = false;
  WaitList line_;

  // For the holder's thread alone.
  Worker* worker_ = nullptr;
  std::shared_ptr<SyncObject> itself_;  // keeps the object while it is held
};

class Mutex final : public TaskLock {
 public:
  static constexpr Kind kKind = Kind::kMutex;
  using TaskLock::TaskLock;

 private:
  const char* kind_of_wait() const override { return "mutex"; }
};

// Something that is done once: who has it does it and opens it, or gives it back when that failed.
class Once final : public TaskLock {
 public:
  static constexpr Kind kKind = Kind::kOnce;
  using TaskLock::TaskLock;

 private:
  const char* kind_of_wait() const override { return "once"; }
};

}  // namespace duso::tasks::sync
