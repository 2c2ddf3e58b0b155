// Timers fire in the order of their deadlines, whatever is started and stopped between: checked against a sorted model.
#include "runtime/tasks/timer_queue.hpp"

#include <map>
#include <random>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using duso::tasks::Instant;
using duso::tasks::kNever;
using duso::tasks::Timer;
using duso::tasks::TimerQueue;

namespace {

// Timers that write down when they fire.
class RecordingTimers {
 public:
  explicit RecordingTimers(std::size_t count) : timers_(count) {
    for (Timer& timer : timers_) {
      timer.owner = this;
      timer.fire = [](Timer& timer_that_fired) {
        auto& self = *static_cast<RecordingTimers*>(timer_that_fired.owner);
        self.fired.push_back(static_cast<std::size_t>(&timer_that_fired - self.timers_.data()));
      };
    }
  }

  Timer& operator[](std::size_t index) { return timers_[index]; }

  std::vector<std::size_t> fired;

 private:
  std::vector<Timer> timers_;
};

}  // namespace

TEST_CASE("timers fire by deadline, and by the order of their start when it is the same", "[tasks]") {
  TimerQueue queue;
  RecordingTimers timers(4);
  queue.start(timers[0], 30);
  queue.start(timers[1], 10);
  queue.start(timers[2], 20);
  queue.start(timers[3], 10);
  CHECK(queue.next_deadline() == 10);
  queue.fire_due(9);
  CHECK(timers.fired.empty());
  queue.fire_due(20);
  CHECK(timers.fired == std::vector<std::size_t>{1, 3, 2});
  CHECK(queue.next_deadline() == 30);
  queue.stop(timers[0]);
  CHECK(queue.next_deadline() == kNever);
  CHECK(queue.size() == 0);
}

TEST_CASE("a timer that is started in the past while timers fire waits for the next round", "[tasks]") {
  TimerQueue queue;
  static TimerQueue* restarted_in;
  restarted_in = &queue;
  static int times;
  times = 0;
  Timer timer;
  timer.fire = [](Timer& timer_that_fired) {
    if (++times < 3) restarted_in->start(timer_that_fired, 0);
  };
  queue.start(timer, 5);
  queue.fire_due(10);
  CHECK(times == 1);
  queue.fire_due(10);
  CHECK(times == 2);
  queue.fire_due(10);
  CHECK(times == 3);
  CHECK_FALSE(timer.is_running());
}

TEST_CASE("random starts, stops and rounds agree with a sorted list", "[tasks]") {
  constexpr std::size_t kTimers = 200;
  constexpr int kSteps = 20'000;
  for (const unsigned seed : {1U, 2U, 3U}) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    TimerQueue queue;
    RecordingTimers timers(kTimers);
    std::map<std::pair<Instant, int>, std::size_t> model;  // by deadline and start
    std::map<std::size_t, std::pair<Instant, int>> places;
    Instant time = 0;
    for (int step = 0; step < kSteps; ++step) {
      const std::size_t which = random() % kTimers;
      const bool is_running = places.contains(which);
      REQUIRE(timers[which].is_running() == is_running);
      if (random() % 8 == 0) {
        time += random() % 50;
        std::vector<std::size_t> expected;
        while (!model.empty() && model.begin()->first.first <= time) {
          expected.push_back(model.begin()->second);
          places.erase(model.begin()->second);
          model.erase(model.begin());
        }
        timers.fired.clear();
        queue.fire_due(time);
        REQUIRE(timers.fired == expected);
      } else if (is_running) {
        model.erase(places[which]);
        places.erase(which);
        queue.stop(timers[which]);
      } else {
        const std::pair<Instant, int> place{time + static_cast<Instant>(random() % 100), step};
        model.emplace(place, which);
        places.emplace(which, place);
        queue.start(timers[which], place.first);
      }
      REQUIRE(queue.size() == model.size());
      REQUIRE(queue.next_deadline() == (model.empty() ? kNever : model.begin()->first.first));
    }
  }
}

TEST_CASE("seconds that are beyond reach are never", "[tasks]") {
  CHECK(duso::tasks::after(1e300) == kNever);
  CHECK(duso::tasks::after(std::numeric_limits<double>::infinity()) == kNever);
  CHECK(duso::tasks::after(1e9) != kNever);
  CHECK_FALSE(duso::tasks::has_passed(kNever));
  CHECK(duso::tasks::has_passed(duso::tasks::after(0)));
  CHECK(duso::tasks::has_passed(duso::tasks::after(-5)));
  CHECK_FALSE(duso::tasks::has_passed(duso::tasks::after(1000)));
}
