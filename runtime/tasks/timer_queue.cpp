#include "runtime/tasks/timer_queue.hpp"

#include <algorithm>

namespace duso::tasks {

namespace {

constexpr std::size_t kChildren = 4;
constexpr double kNanosecondsPerSecond = 1e9;

}  // namespace

Instant after(double seconds) {
  const Instant start = now();
  if (!(seconds > 0)) return start;
  const double nanoseconds = seconds * kNanosecondsPerSecond;
  const auto reach = static_cast<double>(kNever - start);
  // What is left over after the comparison fits, save for the rounding of very large numbers.
  if (nanoseconds >= reach / 2) return kNever;
  return start + static_cast<Instant>(nanoseconds);
}

void TimerQueue::start(Timer& timer, Instant deadline) {
  timer.deadline = deadline;
  timer.order = started_++;
  heap_.push_back(&timer);
  timer.place = heap_.size() - 1;
  rise(timer.place);
}

void TimerQueue::stop(Timer& timer) {
  if (!timer.is_running()) return;
  const std::size_t place = timer.place;
  timer.place = Timer::kIdle;
  Timer* const last = heap_.back();
  heap_.pop_back();
  if (last == &timer) return;
  put(place, *last);
  rise(place);
  sink(last->place);
}

void TimerQueue::fire_due(Instant time) {
  // A timer that is started with a deadline in the past while this runs fires in the next round.
  const std::uint64_t round = started_;
  while (!heap_.empty() && heap_.front()->deadline <= time && heap_.front()->order < round) {
    Timer& timer = *heap_.front();
    stop(timer);
    timer.fire(timer);
  }
}

void TimerQueue::rise(std::size_t place) {
  Timer& timer = *heap_[place];
  while (place > 0) {
    const std::size_t parent = (place - 1) / kChildren;
    if (!is_before(timer, *heap_[parent])) break;
    put(place, *heap_[parent]);
    place = parent;
  }
  put(place, timer);
}

void TimerQueue::sink(std::size_t place) {
  Timer& timer = *heap_[place];
  while (true) {
    const std::size_t first = place * kChildren + 1;
    if (first >= heap_.size()) break;
    const std::size_t end = std::min(first + kChildren, heap_.size());
    std::size_t least = first;
    for (std::size_t child = first + 1; child < end; ++child) {
      if (is_before(*heap_[child], *heap_[least])) least = child;
    }
    if (!is_before(*heap_[least], timer)) break;
    put(place, *heap_[least]);
    place = least;
  }
  put(place, timer);
}

}  // namespace duso::tasks
