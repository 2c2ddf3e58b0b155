// The process-wide runtime: workers, script instances by pid, the end of the process.
//
// It begins with one worker, on the thread that called run(). Further workers and the watchdog start when a second
// instance needs them: a script that is alone never notices that there could be others.
//
// Any thread may call what is not marked otherwise.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <unordered_map>
#include <vector>

#include "interpreter/execution/builtin.hpp"
#include "runtime/panic/panic.hpp"
#include "runtime/tasks/job_scheduler.hpp"
#include "runtime/tasks/panic_hooks.hpp"
#include "runtime/tasks/witness.hpp"
#include "runtime/tasks/worker.hpp"

namespace duso {
class Host;
}

namespace duso::tasks {

struct RuntimeConfig {
  std::size_t workers = 0;           // 0: one per CPU
  double time_slice = 0.010;         // seconds that an instance may run while others wait
  execution::InstanceConfig limits;  // of each instance
  panic::Config panic;               // the witness and where reports go are the runtime's business
};

class Runtime {
 public:
  // [builtins] and [host] must outlive the runtime.
  Runtime(const RuntimeConfig& config, std::span<const execution::BuiltinSpec* const> builtins, Host& host);
  // Ends all workers.
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  const RuntimeConfig& config() const { return config_; }
  std::span<const execution::BuiltinSpec* const> builtins() const { return builtins_; }
  Host& host() const { return host_; }

  // Runs [program] as the main script, named [script] in messages, and returns how it ended. What it started is given
  // up then. Once per runtime; on the thread that made it.
  Ending run_main(std::shared_ptr<const syntax::Program> program, std::string script, std::string directory);

  // The next free pid.
  std::uint64_t next_pid() { return ++last_pid_; }
  // Starts an instance on the least loaded worker. [near]: the worker to prefer when it has nothing else to do, or
  // null.
  void start(InstanceSetup setup, Worker* near = nullptr);
  // Asks the instance with [pid] to end. False when there is none.
  bool kill(std::uint64_t pid);

  // Begins to shut the process down with [code]; the first call decides.
  void shutdown(int code);
  bool is_shutting_down() const { return shutdown_.load() != kRunning; }

  // What a signal handler on the main thread may call: asks for an orderly end.
  void request_end_from_signal();

  // Makes sure that scripts that compute are interrupted when their slice is over.
  void need_watchdog();

  struct InstanceCounters {
    std::size_t created = 0;
    std::size_t live = 0;
    std::size_t peak = 0;
  };
  InstanceCounters instance_counters() const;
  // Of these the living ones. Signal handlers may ask.
  std::size_t live_instances() const { return live_instances_.load(std::memory_order_relaxed); }
  std::size_t worker_count() const { return worker_limit_; }
  Worker& main_worker() const { return *workers_.front(); }

  // The scheduled jobs, which start by [launch], the same for all callers.
  JobScheduler& job_scheduler(JobScheduler::Launch launch);

  PanicHooks& panic_hooks() const { return panic_hooks_; }

  // --- for workers ---

  // The process was asked to end and the main worker has not reacted yet.
  bool end_was_requested() const { return end_requested_.load(std::memory_order_relaxed); }
  void react_to_end();  // on the main worker's thread
  void count_instance_start();
  void count_instance_end(const ScriptInstance& instance);
  // A slice begins.
  void note_running();
  // The worker is about to wait: what was printed is to be seen.
  void flush_output();

 private:
  static constexpr int kRunning = -1;

  void start_workers();
  void watch();
  bool somebody_runs() const;
  Worker& least_loaded(Worker* near);

  const RuntimeConfig config_;
  const std::span<const execution::BuiltinSpec* const> builtins_;
  Host& host_;
  const std::size_t worker_limit_;

  // Before all that may panic.
  mutable PanicHooks panic_hooks_;
  const ScriptWitness witness_;
  const panic::PanicHandler panic_handler_;

  std::vector<std::unique_ptr<Worker>> workers_;  // the first one is the main thread's; complete once they are started
  std::atomic<std::size_t> started_workers_{1};   // that may be looked at by the watchdog
  std::vector<std::thread> threads_;
  std::once_flag workers_started_;

  std::atomic<std::uint64_t> last_pid_{0};
  mutable std::mutex registry_mutex_;  // guards the next two
  std::unordered_map<std::uint64_t, Worker*> places_;
  InstanceCounters counters_;
  std::atomic<std::size_t> live_instances_{0};  // counters_.live, for those who must not wait

  std::atomic<int> shutdown_{kRunning};
  std::atomic<bool> end_requested_{false};
  ScriptInstance* main_ = nullptr;  // on the main thread
  bool main_interrupted_ = false;
  bool ended_by_signal_ = false;
  Timer main_grace_;
  Ending main_ending_;

  std::once_flag scheduler_made_;
  std::unique_ptr<JobScheduler> scheduler_;

  std::once_flag watchdog_started_;
  std::thread watchdog_;
  std::mutex watchdog_mutex_;
  std::condition_variable watchdog_wake_;
  bool watchdog_must_end_ = false;
  std::atomic<bool> watchdog_sleeps_{false};
};

}  // namespace duso::tasks
