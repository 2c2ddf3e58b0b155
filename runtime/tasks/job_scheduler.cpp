#include "runtime/tasks/job_scheduler.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "runtime/tasks/runtime.hpp"
#include "runtime/tasks/worker.hpp"
#include "runtime/time_zone.hpp"

namespace duso::tasks {

namespace {

constexpr double kLongestSleep = 60;  // seconds

schedule::Instant wall_clock() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

class ArmTimer final : public Message {
 public:
  explicit ArmTimer(JobScheduler& scheduler) : scheduler_(scheduler) {}
  void deliver(Worker& worker) override { scheduler_.arm(worker); }

 private:
  JobScheduler& scheduler_;
};

}  // namespace

JobScheduler::JobScheduler(Runtime& runtime, Launch launch) : runtime_(runtime), launch_(launch), book_(local_offset) {
  timer_.owner = this;
  timer_.fire = [](Timer& timer) { static_cast<JobScheduler*>(timer.owner)->fire(); };
}

void JobScheduler::add(const std::string& id, const schedule::Spec& spec, std::string script, FrozenValue context) {
  {
    const std::lock_guard lock(mutex_);
    book_.add(id, spec, std::move(script), std::move(context), wall_clock());
  }
  runtime_.main_worker().post(std::make_unique<ArmTimer>(*this));
}

bool JobScheduler::remove(std::string_view id) {
  const std::lock_guard lock(mutex_);
  return book_.remove(id);
}

FrozenValue JobScheduler::record(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  return book_.record(id);
}

std::vector<std::string> JobScheduler::ids() const {
  const std::lock_guard lock(mutex_);
  return book_.ids();
}

void JobScheduler::arm(Worker& worker) {
  disarm(worker);
  worker_ = &worker;
  std::optional<schedule::Instant> next;
  {
    const std::lock_guard lock(mutex_);
    next = book_.next_deadline();
  }
  if (!next.has_value() || *next == schedule::kNever) return;
  const double seconds = std::chrono::duration<double>(*next - wall_clock()).count();
  worker.timers().start(timer_, after(std::clamp(seconds, 0.0, kLongestSleep)));
}

void JobScheduler::disarm(Worker& worker) { worker.timers().stop(timer_); }

void JobScheduler::fire() {
  std::vector<schedule::Firing> due;
  {
    const std::lock_guard lock(mutex_);
    due = book_.take_due(wall_clock());
  }
  for (const schedule::Firing& firing : due) {
    const std::uint64_t pid = launch_(*worker_, firing);
    if (pid == 0) continue;
    const std::lock_guard lock(mutex_);
    book_.note_pid(firing.id, pid);
  }
  arm(*worker_);
}

}  // namespace duso::tasks
