// Timers of one worker, in the order in which they fire.
//
// A timer is a node that lies inside whatever waits: a hundred thousand sleeping tasks are a hundred thousand nodes in
// one heap, and starting to sleep allocates nothing. The heap is 4-ary: it is as deep as half a binary one, and the
// children that are compared lie in one cache line. Timers with the same deadline fire in the order of their start.
//
// Belongs to one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace duso::tasks {

// A point of time on the steady clock, in nanoseconds.
using Instant = std::int64_t;
inline constexpr Instant kNever = std::numeric_limits<Instant>::max();

inline Instant now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Whether [deadline] has come: a timeout of 0 seconds means not to wait at all.
inline bool has_passed(Instant deadline) { return deadline != kNever && deadline <= now(); }

// The instant [seconds] from now: kNever if that is beyond reach; now if it is not above zero.
Instant after(double seconds);

struct Timer {
  static constexpr std::size_t kIdle = std::numeric_limits<std::size_t>::max();

  void (*fire)(Timer& timer) = nullptr;  // called when the time has come; the timer is idle again
  void* owner = nullptr;                 // for whoever set `fire`
  Instant deadline = 0;
  std::uint64_t order = 0;
  std::size_t place = kIdle;  // in the heap

  bool is_running() const { return place != kIdle; }
};

class TimerQueue {
 public:
  // Starts [timer], which must be idle and stay where it is.
  void start(Timer& timer, Instant deadline);
  // Stops [timer] if it is running.
  void stop(Timer& timer);
  // Fires all timers that are due at [time]. What fires may start and stop timers.
  void fire_due(Instant time);
  // When the next timer is due, or kNever.
  Instant next_deadline() const { return heap_.empty() ? kNever : heap_.front()->deadline; }
  std::size_t size() const { return heap_.size(); }

 private:
  static bool is_before(const Timer& a, const Timer& b) {
    return a.deadline != b.deadline ? a.deadline < b.deadline : a.order < b.order;
  }
  void put(std::size_t place, Timer& timer) {
    heap_[place] = &timer;
    timer.place = place;
  }
  void rise(std::size_t place);
  void sink(std::size_t place);

  std::vector<Timer*> heap_;
  std::uint64_t started_ = 0;
};

}  // namespace duso::tasks
