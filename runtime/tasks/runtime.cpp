#include "runtime/tasks/runtime.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "runtime/console.hpp"
#include "runtime/host.hpp"
#include "runtime/panic/signals.hpp"

namespace duso::tasks {

namespace {

// What a main script gets to react in when the process is asked to end while it waits.
constexpr double kMainGrace = 2.0;  // seconds

// Ticks without any running script after which the watchdog goes to sleep.
constexpr int kIdleTicks = 8;

class StartInstance final : public Message {
 public:
  explicit StartInstance(InstanceSetup setup) : setup_(std::move(setup)) {}
  void deliver(Worker& worker) override { worker.adopt(std::make_unique<ScriptInstance>(worker, std::move(setup_))); }

 private:
  InstanceSetup setup_;
};

class KillInstance final : public Message {
 public:
  explicit KillInstance(std::uint64_t pid) : pid_(pid) {}
  void deliver(Worker& worker) override {
    if (ScriptInstance* const instance = worker.find(pid_)) instance->kill();
  }

 private:
  std::uint64_t pid_;
};

class InterruptWaits final : public Message {
 public:
  void deliver(Worker& worker) override {
    worker.for_each_instance([](ScriptInstance& instance) { instance.interrupt_waits(); });
  }
};

// The configuration [config] of the panic handler, with what only the runtime knows.
panic::Config complete(panic::Config config, const panic::Witness& witness, Host& host) {
  config.witness = &witness;
  config.write_error = [&host](std::string_view text) { host.console().write_error(text); };
  return config;
}

class FinishWorker final : public Message {
 public:
  void deliver(Worker& worker) override { worker.finish(); }
};

}  // namespace

Runtime::Runtime(const RuntimeConfig& config, std::span<const execution::BuiltinSpec* const> builtins, Host& host)
    : config_(config),
      builtins_(builtins),
      host_(host),
      worker_limit_(config.workers != 0 ? config.workers : std::max(1U, std::thread::hardware_concurrency())),
      witness_(*this),
      panic_handler_(complete(config.panic, witness_, host)) {
  workers_.reserve(worker_limit_);  // the watchdog looks at them while further ones are added
  workers_.push_back(std::make_unique<Worker>(*this, 0));
  main_grace_.owner = this;
  main_grace_.fire = [](Timer& timer) { static_cast<Runtime*>(timer.owner)->workers_.front()->finish(); };
}

Runtime::~Runtime() {
  for (std::size_t i = 1; i < workers_.size(); ++i) workers_[i]->post(std::make_unique<FinishWorker>());
  for (std::thread& thread : threads_) thread.join();
  if (watchdog_.joinable()) {
    {
      const std::lock_guard lock(watchdog_mutex_);
      watchdog_must_end_ = true;
    }
    watchdog_wake_.notify_all();
    watchdog_.join();
  }
  workers_.front()->timers().stop(main_grace_);
  if (scheduler_ != nullptr) scheduler_->disarm(*workers_.front());
}

Ending Runtime::run_main(std::shared_ptr<const syntax::Program> program, std::string script, std::string directory) {
  Worker& worker = *workers_.front();
  InstanceSetup setup;
  setup.script = std::move(script);
  setup.directory = std::move(directory);
  setup.program = std::move(program);
  setup.limits = config_.limits;
  setup.on_end = [this, &worker](ScriptInstance&, Ending ending) {
    main_ending_ = std::move(ending);
    main_ = nullptr;
    worker.finish();
  };
  main_ending_.kind = execution::PendingKind::kStopped;  // unless it comes to an end of its own
  count_instance_start();
  worker.expect_instance();
  main_ = &worker.adopt(std::make_unique<ScriptInstance>(worker, std::move(setup)));
  worker.run();
  int expected = kRunning;
  shutdown_.compare_exchange_strong(expected, 0);
  if (main_ending_.kind == execution::PendingKind::kPanic) return std::move(main_ending_);
  if (ended_by_signal_) main_ending_.kind = execution::PendingKind::kStopped;
  if (!ended_by_signal_ && expected != kRunning) {
    main_ending_.kind = execution::PendingKind::kShutdown;
    main_ending_.exit_code = expected;
  }
  return std::move(main_ending_);
}

// --- placing instances ---

void Runtime::start_workers() {
  std::call_once(workers_started_, [this] {
    // Before anybody can post to it, the first worker must be able to be woken.
    workers_.front()->loop();
    for (std::size_t i = 1; i < worker_limit_; ++i) {
      workers_.push_back(std::make_unique<Worker>(*this, i));
      workers_.back()->loop();
    }
    for (std::size_t i = 1; i < worker_limit_; ++i) {
      threads_.emplace_back([this, worker = workers_[i].get()] {
        std::optional<panic::SignalStack> signal_stack;
        if (config_.panic.handle_signals) signal_stack.emplace();
        worker->run();
      });
    }
    started_workers_ = worker_limit_;
  });
}

Worker& Runtime::least_loaded(Worker* near) {
  if (near != nullptr && !near->has_ready_instances()) return *near;
  start_workers();
  Worker* least = workers_.front().get();
  for (const std::unique_ptr<Worker>& worker : workers_) {
    if (worker->load() < least->load()) least = worker.get();
  }
  return *least;
}

void Runtime::start(InstanceSetup setup, Worker* near) {
  Worker& worker = least_loaded(near);
  worker.expect_instance();
  count_instance_start();
  if (setup.pid != 0) {
    const std::lock_guard lock(registry_mutex_);
    places_.emplace(setup.pid, &worker);
  }
  if (&worker == near) {
    worker.adopt(std::make_unique<ScriptInstance>(worker, std::move(setup)));
    return;
  }
  need_watchdog();
  worker.post(std::make_unique<StartInstance>(std::move(setup)));
}

bool Runtime::kill(std::uint64_t pid) {
  const std::lock_guard lock(registry_mutex_);
  const auto found = places_.find(pid);
  if (found == places_.end()) return false;
  found->second->post(std::make_unique<KillInstance>(pid));
  return true;
}

void Runtime::count_instance_start() {
  const std::lock_guard lock(registry_mutex_);
  ++counters_.created;
  counters_.peak = std::max(counters_.peak, ++counters_.live);
  live_instances_ = counters_.live;
}

void Runtime::count_instance_end(const ScriptInstance& instance) {
  const std::lock_guard lock(registry_mutex_);
  live_instances_ = --counters_.live;
  places_.erase(instance.setup().pid);
}

Runtime::InstanceCounters Runtime::instance_counters() const {
  const std::lock_guard lock(registry_mutex_);
  return counters_;
}

JobScheduler& Runtime::job_scheduler(JobScheduler::Launch launch) {
  std::call_once(scheduler_made_, [&] { scheduler_ = std::make_unique<JobScheduler>(*this, launch); });
  return *scheduler_;
}

// --- the end ---

void Runtime::shutdown(int code) {
  int expected = kRunning;
  if (!shutdown_.compare_exchange_strong(expected, code)) return;
  end_requested_ = true;
  workers_.front()->wake();
}

void Runtime::request_end_from_signal() {
  ended_by_signal_ = true;
  end_requested_ = true;
  workers_.front()->interrupt_from_signal();
}

void Runtime::react_to_end() {
  if (main_interrupted_) return;
  main_interrupted_ = true;
  for (std::size_t i = 1; i < workers_.size(); ++i) workers_[i]->post(std::make_unique<InterruptWaits>());
  Worker& worker = *workers_.front();
  if (main_ == nullptr || !main_->main_is_waiting()) {
    worker.finish();
    return;
  }
  worker.for_each_instance([](ScriptInstance& instance) { instance.interrupt_waits(); });
  worker.timers().start(main_grace_, after(kMainGrace));
}

void Runtime::flush_output() { host_.console().flush(); }

// --- the watchdog ---

void Runtime::need_watchdog() {
  std::call_once(watchdog_started_, [this] { watchdog_ = std::thread([this] { watch(); }); });
}

void Runtime::note_running() {
  if (!watchdog_sleeps_) return;
  {
    const std::lock_guard lock(watchdog_mutex_);
    watchdog_sleeps_ = false;
  }
  watchdog_wake_.notify_all();
}

bool Runtime::somebody_runs() const {
  for (std::size_t i = 0; i < started_workers_; ++i) {
    if (workers_[i]->slice() != 0) return true;
  }
  return false;
}

// Interrupts every slice that is seen at two ticks in a row, half a slice apart.
void Runtime::watch() {
  const auto tick = std::chrono::duration<double>(config_.time_slice / 2);
  std::vector<std::uint64_t> seen(worker_limit_);
  int idle_ticks = 0;
  std::unique_lock lock(watchdog_mutex_);
  while (!watchdog_must_end_) {
    if (idle_ticks >= kIdleTicks) {
      // First say so, then look again: a worker does these two the other way round.
      watchdog_sleeps_ = true;
      watchdog_wake_.wait(lock, [this] { return watchdog_must_end_ || !watchdog_sleeps_ || somebody_runs(); });
      watchdog_sleeps_ = false;
      idle_ticks = 0;
    } else {
      watchdog_wake_.wait_for(lock, tick, [this] { return watchdog_must_end_; });
    }
    if (watchdog_must_end_) return;
    ++idle_ticks;
    const std::size_t count = started_workers_.load();
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t slice = workers_[i]->slice();
      if (slice == 0) continue;
      idle_ticks = 0;
      if (slice == seen[i]) workers_[i]->interrupt_running();
      seen[i] = slice;
    }
  }
}

}  // namespace duso::tasks
