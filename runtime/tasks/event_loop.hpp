// The event loop of one worker: the one place that knows libuv, beside what is told of files (file_events.hpp) and of
// child processes.
//
// A worker runs tasks until none is ready and then waits here, for the earliest timer, for a descriptor, for work that
// a helper thread has finished, or for a call of wake(). What happened is told through plain callbacks, on the worker's
// own thread and outside of any task: they only make tasks ready.
//
// Everything but wake() and what Job::work does belongs to the worker's thread.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "runtime/tasks/timer_queue.hpp"

struct uv_loop_s;

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

// Something that uses the loop beside all this, and has to be gone before the loop goes.
class LoopResident {
 public:
  // The loop is about to end. Nobody is told anything any more.
  virtual void leave_loop() = 0;

 protected:
  ~LoopResident() = default;
};

// What the error number [error] of the system means, in the words that scripts are told (libuv's).
const char* error_words(int error);

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

  // [first] is called before a watch is told or a finished job is done, to do what must come before these: to fire
  // timers.
  void set_first(std::function<void()> first);

  // Hands [job] to a helper thread.
  void start(std::unique_ptr<Job> job);

  // Watches [descriptor] for [watch], which must stay until it is told or unwatch() is called. Returns what is wrong in
  // words of the system, or nothing. There may be one watch per descriptor and direction.
  std::string watch(int descriptor, Direction direction, DescriptorWatch& watch);
  void unwatch(int descriptor, Direction direction);
  // The one who waits for [descriptor], or null.
  DescriptorWatch* watcher(int descriptor, Direction direction) const;

  // What uses the loop itself: libuv's loop, and who has to be told when it ends.
  uv_loop_s* native();
  void add(LoopResident& resident);
  void remove(LoopResident& resident);

  // Jobs under way, and watches and residents: while there are none, only timers and wake() can end a wait.
  std::size_t source_count() const { return job_count() + watch_count(); }
  std::size_t job_count() const;
  std::size_t watch_count() const;
  // The jobs of all loops of the process. From any thread.
  static std::size_t all_jobs();

 private:
  struct Internals;
  std::unique_ptr<Internals> internals_;
};

}  // namespace duso::tasks
