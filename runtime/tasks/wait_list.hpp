// Who waits for what, inside one instance.
//
// A task that has to wait puts a waiter - a node on its own stack - into the list of what it waits for, and parks. Any
// operation waits this way: for the end of a task, a group's, a place in a channel; select() has one node in each of
// several lists. Whatever ends the wait first, a timeout or a cancellation included, takes all nodes out of their lists
// before the task runs on. So nobody hands anything to a task that has given up, and cancelling is written once.
//
// Lists are FIFO. They belong to the thread of their instance; those that several instances stand in have a lock and a
// kind of waiter of their own (sync/remote_waiter.hpp).
#pragma once

#include "interpreter/values/value.hpp"

namespace duso::tasks {

class Task;
class WaitList;

struct Waiter {
  explicit Waiter(Task& waiting) : task(waiting) {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  Task& task;
  Value value = Value::nil();  // what is handed over, either way; owned by the task that waits
  bool served = false;         // whether it was: this waiter is what ended the wait
  Waiter* next_of_task = nullptr;

 private:
  friend class WaitList;
  WaitList* list_ = nullptr;
  Waiter* previous_ = nullptr;
  Waiter* next_ = nullptr;
};

class WaitList {
 public:
  WaitList() = default;
  // Nobody may be waiting any more.
  ~WaitList() = default;
  WaitList(const WaitList&) = delete;
  WaitList& operator=(const WaitList&) = delete;

  bool empty() const { return first_ == nullptr; }
  // Who has waited longest; null when nobody does.
  Waiter* first() const { return first_; }
  // Who came after [waiter], which is in a list; null when it is the last one.
  static Waiter* next(const Waiter& waiter) { return waiter.next_; }

  void add(Waiter& waiter) {
    waiter.list_ = this;
    waiter.previous_ = last_;
    waiter.next_ = nullptr;
    (last_ != nullptr ? last_->next_ : first_) = &waiter;
    last_ = &waiter;
  }

  // Takes [waiter] out of its list, if it is in one.
  static void remove(Waiter& waiter) {
    WaitList* const list = waiter.list_;
    if (list == nullptr) return;
    (waiter.previous_ != nullptr ? waiter.previous_->next_ : list->first_) = waiter.next_;
    (waiter.next_ != nullptr ? waiter.next_->previous_ : list->last_) = waiter.previous_;
    waiter.list_ = nullptr;
  }

 private:
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
};

}  // namespace duso::tasks
