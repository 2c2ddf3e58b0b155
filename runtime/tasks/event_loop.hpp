// The event loop of one worker: the one place that knows libuv.
//
// A worker runs tasks until none is ready and then waits here, for the earliest timer, for a descriptor, for work that
// a helper thread has finished, or for a call of wake(). What happened is told through plain callbacks, on the worker's
// own thread and outside of any task: they only make tasks ready.
//
// Everything but wake() and what Job::work does belongs to the worker's thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "runtime/tasks/timer_queue.hpp"

namespace duso::tasks {

// Something to be done on a helper thread.
class Job {
 public:
  virtual ~Job() = default;
  // On a helper thread. Must not touch anything of a script.
  virtual void work() = 0;
  // On the worker's thread, when the work is done; the job is destroyed afterwards.
  virtual void done() = 0;
};

// Somebody who waits for a descriptor to become ready.
class DescriptorWatch {
 public:
  // Once when the descriptor can be read or written (or is broken); the watch is over then. On the worker's thread.
  virtual void on_ready() = 0;

 protected:
  ~DescriptorWatch() = default;
};

enum class Direction : unsigned char { kRead, kWrite };

class EventLoop {
 public:
  // Throws std::system_error when the system gives no loop.
  EventLoop();
  // No job and no watch may be under way.
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Tells what has happened, without waiting.
  void poll();
  // The same, after waiting until something happens, [deadline] comes or somebody calls wake().
  void wait(Instant deadline);
  // Ends a wait(), the present or else the next one. From any thread, and from a signal handler.
  void wake();

  // Hands [job] to a helper thread.
  void start(std::unique_ptr<Job> job);

  // Watches [descriptor] for [watch], which must stay until it is told or unwatch() is called. Returns what is wrong in
  // words of the system, or nothing. There may be one watch per descriptor and direction.
  std::string watch(int descriptor, Direction direction, DescriptorWatch& watch);
  void unwatch(int descriptor, Direction direction);
  // The one who waits for [descriptor], or null.
  DescriptorWatch* watcher(int descriptor, Direction direction) const;

  // Jobs and watches under way: while there are none, only timers and wake() can end a wait.
  std::size_t source_count() const { return job_count() + watch_count(); }
  std::size_t job_count() const;
  std::size_t watch_count() const;

 private:
  struct Internals;
  std::unique_ptr<Internals> internals_;
};

}  // namespace duso::tasks
