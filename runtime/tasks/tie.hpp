// Ties: what binds a task to something outside of its instance.
//
// Inside an instance nothing has to be told when a task ends: all of its world goes with the heap. But a task may hold
// a lock that other instances want, or stand in a line that other threads read. Each of these is a tie of the task. A
// task that runs on undoes its ties itself. One that ends with some left, or that is given up where it stands - its
// stack is then thrown away without being unwound - has them cut.
//
// A tie belongs to the thread of its task.
#pragma once

namespace duso::tasks {

class Task;

class Tie {
 public:
  Tie() = default;
  virtual ~Tie() = default;
  Tie(const Tie&) = delete;
  Tie& operator=(const Tie&) = delete;

  // The task has ended or was given up; the tie is undone already. Must not throw. Runs on the task's thread, not on
  // its stack.
  virtual void cut() = 0;

 private:
  friend class Task;
  Tie* previous_ = nullptr;
  Tie* next_ = nullptr;
};

}  // namespace duso::tasks
