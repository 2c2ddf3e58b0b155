#include "runtime/tasks/runtime.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "runtime/console.hpp"
#include "runtime/host.hpp"
#include "runtime/log.hpp"
#include "runtime/memory/process_budget.hpp"
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
    if (ScriptInstance* const instance = worker.runtime().find(pid_)) instance->kill();
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

// Workers that have been asked to collect, and have not answered yet.
struct Answers {
  std::mutex mutex;
  std::condition_variable came;
  std::size_t missing;
};

class CollectGarbage final : public Message {
 public:
  explicit CollectGarbage(std::shared_ptr<Answers> answers) : answers_(std::move(answers)) {}
  void deliver(Worker& worker) override {
    worker.collect_idle();
    const std::lock_guard lock(answers_->mutex);
    --answers_->missing;
    answers_->came.notify_all();
  }

 private:
  std::shared_ptr<Answers> answers_;
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
      background_(*this),
      witness_(*this),
      panic_handler_(complete(config.panic, witness_, host)),
      workers_(worker_limit_) {
  memory::ProcessBudget& budget = memory::ProcessBudget::instance();
  budget.set_limit(config.max_process_heap);
  budget.set_reclaimer([this] { collect_everywhere(); });
  workers_.front() = std::make_unique<Worker>(*this, 0);
  main_grace_.owner = this;
  main_grace_.fire = [](Timer& timer) { static_cast<Runtime*>(timer.owner)->workers_.front()->finish(); };
}

Runtime::~Runtime() {
  memory::ProcessBudget::instance().set_reclaimer({});
  for (std::size_t i = 1; i < started_workers_; ++i) workers_[i]->post(std::make_unique<FinishWorker>());
  for (std::thread& thread : threads_) thread.join();
  if (watchdog_.joinable()) {
    {
      const std::lock_guard lock(watchdog_mutex_);
      watchdog_must_end_ = true;
    }
    watchdog_wake_.notify_all();
    watchdog_.join();
  }
  workers_.front()->give_up_instances();
  workers_.front()->timers().stop(main_grace_);
  if (scheduler_ != nullptr) scheduler_->disarm(*workers_.front());
}

Ending Runtime::run_main(std::shared_ptr<const syntax::Program> program, std::string script, std::string directory,
                         bool keeps_value) {
  Worker& worker = *workers_.front();
  InstanceSetup setup;
  setup.script = std::move(script);
  setup.directory = std::move(directory);
  setup.program = std::move(program);
  setup.limits = config_.limits;
  setup.keeps_value = keeps_value;
  setup.on_end = [this, &worker](ScriptInstance&, Ending ending) {
    main_ending_ = std::move(ending);
    main_ = nullptr;
    if (main_ending_.kind != execution::PendingKind::kNone || background_.are_over_or_finish()) worker.finish();
  };
  if (config_.task_warn > 0) need_watchdog();
  main_ending_.kind = execution::PendingKind::kStopped;  // unless it comes to an end of its own
  count_instance_start();
  worker.expect_instance();
  main_ = &worker.adopt(std::make_unique<ScriptInstance>(worker, std::move(setup)));
  worker.run();
  if (main_ != nullptr && config_.at_instance_end) config_.at_instance_end(*main_);  // it was interrupted for good
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

bool Runtime::finish_jobs() {
  constexpr int kMostLooks = 100;
  for (int look = 0; EventLoop::all_jobs() != 0; ++look) {
    if (look == kMostLooks) return false;
    EventLoop& loop = workers_.front()->loop();
    loop.wait(after(0.001));
  }
  return true;
}

void Runtime::finish() { workers_.front()->post(std::make_unique<FinishWorker>()); }

// --- placing instances ---

void Runtime::start_workers() {
  std::call_once(workers_started_, [this] {
    // Before anybody can post to it, the first worker must be able to be woken.
    workers_.front()->loop();
    for (std::size_t i = 1; i < worker_limit_; ++i) {
      workers_[i] = std::make_unique<Worker>(*this, i);
      workers_[i]->loop();
    }
    for (std::size_t i = 1; i < worker_limit_; ++i) {
      threads_.emplace_back([this, worker = workers_[i].get()] {
        std::optional<panic::SignalStack> signal_stack;
        if (config_.panic.handle_signals) signal_stack.emplace();
        worker->run();
      });
    }
    started_workers_ = worker_limit_;
    log::write(log::Level::kDebug, "workers started", {{"count", std::uint64_t{worker_limit_}}});
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
  if (log::is_wanted(log::Level::kDebug)) {
    log::write(log::Level::kDebug, "instance starts",
               {{"pid", setup.pid},
                {"kind", kind_name(setup.kind)},
                {"script", setup.script},
                {"worker", std::uint64_t{worker.index()}}});
  }
  if (&worker != near) need_watchdog();
  {
    // Whoever finds the pid may kill it at once, and a kill must not overtake the start.
    const std::lock_guard lock(registry_mutex_);
    if (setup.pid != 0) places_.emplace(setup.pid, Place{&worker, nullptr});
    if (&worker != near) {
      worker.post(std::make_unique<StartInstance>(std::move(setup)));
      return;
    }
  }
  worker.adopt(std::make_unique<ScriptInstance>(worker, std::move(setup)));
}

bool Runtime::kill(std::uint64_t pid) {
  const std::lock_guard lock(registry_mutex_);
  const auto found = places_.find(pid);
  if (found == places_.end()) return false;
  found->second.worker->post(std::make_unique<KillInstance>(pid));
  log::write(log::Level::kInfo, "kill", {{"pid", pid}});
  return true;
}

void Runtime::count_instance_start() {
  const std::lock_guard lock(registry_mutex_);
  ++counters_.created;
  counters_.peak = std::max(counters_.peak, ++counters_.live);
  live_instances_ = counters_.live;
}

void Runtime::count_instance_end(const ScriptInstance& instance) {
  if (log::is_wanted(log::Level::kDebug)) {
    log::write(log::Level::kDebug, "instance ended", {{"pid", instance.setup().pid}});
  }
  const std::lock_guard lock(registry_mutex_);
  live_instances_ = --counters_.live;
  places_.erase(instance.setup().pid);
  statuses_.erase(instance.place());
}

InstanceList::iterator Runtime::add(ScriptInstance& instance) {
  const std::lock_guard lock(registry_mutex_);
  const auto found = places_.find(instance.setup().pid);
  if (found != places_.end()) found->second.instance = &instance;
  return statuses_.insert(statuses_.end(), instance.status());
}

ScriptInstance* Runtime::find(std::uint64_t pid) const {
  const std::lock_guard lock(registry_mutex_);
  const auto found = places_.find(pid);
  return found != places_.end() ? found->second.instance : nullptr;
}

std::vector<std::shared_ptr<const InstanceStatus>> Runtime::instances() const {
  const std::lock_guard lock(registry_mutex_);
  return {statuses_.begin(), statuses_.end()};
}

double Runtime::uptime() const { return static_cast<double>(now() - made_) / 1e9; }

// A worker that computes comes to a safe point soon after it got its mail. Whoever asks does not wait for longer than
// that takes, because two may ask each other.
void Runtime::collect_everywhere() {
  constexpr auto kPatience = std::chrono::milliseconds(20);
  Worker* const own = Worker::current();
  if (own != nullptr) own->collect_idle();
  const std::size_t count = started_workers_;
  const auto answers = std::make_shared<Answers>();
  answers->missing = 0;
  for (std::size_t i = 0; i < count; ++i) answers->missing += workers_[i].get() != own ? 1 : 0;
  if (count <= 1) return;
  for (std::size_t i = 0; i < count; ++i) {
    if (workers_[i].get() != own) workers_[i]->post(std::make_unique<CollectGarbage>(answers));
  }
  std::unique_lock lock(answers->mutex);
  answers->came.wait_for(lock, kPatience, [&] { return answers->missing == 0; });
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
  log::write(log::Level::kInfo, "shutdown", {{"code", static_cast<std::uint64_t>(code)}});
  end_requested_ = true;
  workers_.front()->wake();
}

void Runtime::request_end_from_signal() {
  ended_by_signal_ = true;
  end_requested_ = true;
  workers_.front()->interrupt_from_signal();
}

void Runtime::request_break_from_signal() {
  break_requested_ = true;
  workers_.front()->interrupt_from_signal();
}

void Runtime::react_to_break() {
  break_requested_ = false;
  if (main_ != nullptr) main_->break_off();
}

void Runtime::react_to_end() {
  if (main_interrupted_) return;
  main_interrupted_ = true;
  if (ended_by_signal_) log::write(log::Level::kInfo, "a signal asks for the end");
  for (std::size_t i = 1; i < started_workers_; ++i) workers_[i]->post(std::make_unique<InterruptWaits>());
  Worker& worker = *workers_.front();
  background_.cancel_all(worker);
  const bool needs_grace = main_ != nullptr ? main_->main_is_waiting() : !background_.are_over_or_finish();
  if (!needs_grace) {
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
