#include "runtime/tasks/event_loop.hpp"

#include <fcntl.h>
#include <uv.h>

#include <algorithm>
#include <atomic>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace duso::tasks {

namespace {

constexpr Instant kMillisecond = 1'000'000;
// Longer waits are cut into pieces; libuv counts milliseconds in an unsigned number of the epoll call's range.
constexpr Instant kLongestWait = Instant{24} * 60 * 60 * 1000 * kMillisecond;

std::atomic<std::size_t> jobs_of_process{0};

void check(int result, const char* what) {
  if (result < 0) throw std::system_error(-result, std::generic_category(), what);
}

}  // namespace

const char* error_words(int error) { return uv_strerror(uv_translate_sys_error(error)); }

struct EventLoop::Internals {
  // Both directions of one descriptor share a poll handle, which libuv demands.
  struct Poll {
    uv_poll_t handle = {};
    Internals* loop = nullptr;
    int descriptor = -1;
    bool blocks = false;  // outside of this loop; libuv makes it non-blocking
    DescriptorWatch* reader = nullptr;
    DescriptorWatch* writer = nullptr;

    DescriptorWatch*& watch(Direction direction) { return direction == Direction::kRead ? reader : writer; }
    int events() const { return (reader != nullptr ? UV_READABLE : 0) | (writer != nullptr ? UV_WRITABLE : 0); }
  };

  struct Work {
    uv_work_t request = {};
    Internals* loop = nullptr;
    std::unique_ptr<Job> job;
  };

  uv_loop_t loop = {};
  uv_async_t wake_up = {};
  uv_timer_t timer = {};
  std::unordered_map<int, Poll*> polls;
  std::size_t jobs = 0;
  std::size_t watches = 0;
  std::unordered_set<LoopResident*> residents;
  std::function<void()> first = [] {};

  static void on_poll(uv_poll_t* handle, int status, int events);
  void close(Poll* poll);
  void update(Poll* poll);
};

EventLoop::EventLoop() : internals_(std::make_unique<Internals>()) {
  Internals& in = *internals_;
  check(uv_loop_init(&in.loop), "cannot make an event loop");
  check(uv_async_init(&in.loop, &in.wake_up, [](uv_async_t*) {}), "cannot make an event loop");
  check(uv_timer_init(&in.loop, &in.timer), "cannot make an event loop");
}

EventLoop::~EventLoop() {
  Internals& in = *internals_;
  uv_close(reinterpret_cast<uv_handle_t*>(&in.wake_up), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&in.timer), nullptr);
  while (!in.polls.empty()) in.close(in.polls.begin()->second);
  for (LoopResident* resident : in.residents) resident->leave_loop();
  uv_run(&in.loop, UV_RUN_DEFAULT);  // until all handles have closed and all work has been given up
  uv_loop_close(&in.loop);
}

void EventLoop::poll() { uv_run(&internals_->loop, UV_RUN_NOWAIT); }

void EventLoop::wait(Instant deadline) {
  Internals& in = *internals_;
  if (deadline != kNever) {
    uv_update_time(&in.loop);
    const Instant left = std::min(std::max<Instant>(deadline - now(), 0), kLongestWait);
    // Rounded up: waking too early would only mean waiting again.
    const auto milliseconds = static_cast<std::uint64_t>((left + kMillisecond - 1) / kMillisecond);
    // The timer may be due before the loop gets to waiting; without being stopped it would then wait without a timer.
    uv_timer_start(
        &in.timer, [](uv_timer_t* timer) { uv_stop(timer->loop); }, milliseconds, 0);
  }
  uv_run(&in.loop, UV_RUN_ONCE);
  uv_timer_stop(&in.timer);
}

void EventLoop::wake() { uv_async_send(&internals_->wake_up); }

void EventLoop::set_first(std::function<void()> first) { internals_->first = std::move(first); }

void EventLoop::start(std::unique_ptr<Job> job) {
  Internals& in = *internals_;
  auto work = std::make_unique<Internals::Work>();
  work->loop = &in;
  work->job = std::move(job);
  work->request.data = work.get();
  check(uv_queue_work(
            &in.loop, &work->request,
            [](uv_work_t* request) { static_cast<Internals::Work*>(request->data)->job->work(); },
            [](uv_work_t* request, int) {
              const std::unique_ptr<Internals::Work> finished(static_cast<Internals::Work*>(request->data));
              --finished->loop->jobs;
              --jobs_of_process;
              finished->loop->first();
              finished->job->done();
            }),
        "cannot start a helper thread");
  ++in.jobs;
  ++jobs_of_process;
  static_cast<void>(work.release());  // owned by the request from here on
}

std::string EventLoop::watch(int descriptor, Direction direction, DescriptorWatch& watch) {
  Internals& in = *internals_;
  Internals::Poll*& poll = in.polls[descriptor];
  if (poll == nullptr) {
    auto made = std::make_unique<Internals::Poll>();
    const int flags = fcntl(descriptor, F_GETFL);
    const int result = uv_poll_init(&in.loop, &made->handle, descriptor);
    if (result < 0) {
      in.polls.erase(descriptor);
      return uv_strerror(result);
    }
    made->loop = &in;
    made->descriptor = descriptor;
    made->blocks = (flags & O_NONBLOCK) == 0;
    made->handle.data = made.get();
    poll = made.release();  // given back by close()
  }
  poll->watch(direction) = &watch;
  ++in.watches;
  in.update(poll);
  return {};
}

void EventLoop::unwatch(int descriptor, Direction direction) {
  Internals& in = *internals_;
  const auto found = in.polls.find(descriptor);
  if (found == in.polls.end() || found->second->watch(direction) == nullptr) return;
  found->second->watch(direction) = nullptr;
  --in.watches;
  in.update(found->second);
}

DescriptorWatch* EventLoop::watcher(int descriptor, Direction direction) const {
  const auto found = internals_->polls.find(descriptor);
  return found != internals_->polls.end() ? found->second->watch(direction) : nullptr;
}

uv_loop_s* EventLoop::native() { return &internals_->loop; }

void EventLoop::add(LoopResident& resident) { internals_->residents.insert(&resident); }

void EventLoop::remove(LoopResident& resident) { internals_->residents.erase(&resident); }

std::size_t EventLoop::job_count() const { return internals_->jobs; }

std::size_t EventLoop::all_jobs() { return jobs_of_process; }

std::size_t EventLoop::watch_count() const { return internals_->watches + internals_->residents.size(); }

void EventLoop::Internals::update(Poll* poll) {
  const int events = poll->events();
  if (events == 0) {
    close(poll);
  } else {
    uv_poll_start(&poll->handle, events, on_poll);
  }
}

void EventLoop::Internals::close(Poll* poll) {
  polls.erase(poll->descriptor);
  // Others may share the descriptor: the terminal, a parent process.
  if (poll->blocks) fcntl(poll->descriptor, F_SETFL, fcntl(poll->descriptor, F_GETFL) & ~O_NONBLOCK);
  uv_close(reinterpret_cast<uv_handle_t*>(&poll->handle),
           [](uv_handle_t* handle) { const std::unique_ptr<Poll> closed(static_cast<Poll*>(handle->data)); });
}

void EventLoop::Internals::on_poll(uv_poll_t* handle, int status, int events) {
  Poll* const poll = static_cast<Poll*>(handle->data);
  // An error makes both directions ready: whoever reads or writes then sees what it is.
  const bool readable = status < 0 || (events & UV_READABLE) != 0;
  const bool writable = status < 0 || (events & UV_WRITABLE) != 0;
  DescriptorWatch* const reader = readable ? std::exchange(poll->reader, nullptr) : nullptr;
  DescriptorWatch* const writer = writable ? std::exchange(poll->writer, nullptr) : nullptr;
  poll->loop->watches -= static_cast<std::size_t>(reader != nullptr) + static_cast<std::size_t>(writer != nullptr);
  poll->loop->update(poll);
  if (reader != nullptr || writer != nullptr) poll->loop->first();
  if (reader != nullptr) reader->on_ready();
  if (writer != nullptr) writer->on_ready();
}

}  // namespace duso::tasks
