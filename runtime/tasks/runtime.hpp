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
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <unordered_map>
#include <vector>

#include "interpreter/execution/builtin.hpp"
#include "runtime/panic/panic.hpp"
#include "runtime/tasks/background.hpp"
#include "runtime/tasks/job_scheduler.hpp"
#include "runtime/tasks/panic_hooks.hpp"
#include "runtime/tasks/sync/registry.hpp"
#include "runtime/tasks/witness.hpp"
#include "runtime/tasks/worker.hpp"

namespace duso {
class Host;
}

namespace duso::tasks {

struct RuntimeConfig {
  std::size_t workers = 0;           // 0: one per CPU
  double time_slice = 0.010;         // seconds that an instance may run while others wait
  double task_warn = 0;              // seconds after which a task that lets others wait is reported; 0: never
  bool yields_everywhere = false;    // test mode: every builtin that may suspend yields first
  execution::InstanceConfig limits;  // of each instance
  std::size_t max_process_heap = 0;  // bytes of all heaps and frozen values together; 0: no limit
  // Called when an instance has ended, on its worker's thread, before anything of it is given up.
  std::function<void(ScriptInstance& instance)> at_instance_end;
  panic::Config panic;  // the witness and where reports go are the runtime's business
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
  // The named objects of module `sync`.
  sync::Registry& sync_objects() { return sync_objects_; }
  BackgroundJobs& background() { return background_; }

  // Runs [program] as the main script, named [script] in messages, and returns how it ended. What it started is given
  // up then. Once per runtime; on the thread that made it.
  // With [keeps_value] the ending tells the value of the script's last statement.
  Ending run_main(std::shared_ptr<const syntax::Program> program, std::string script, std::string directory,
                  bool keeps_value = false);

  // Waits a moment for what runs on helper threads, after run_main(). False: something does not come back, perhaps a
  // read from a pipe that nobody writes to. Then the runtime can not be destroyed, only the process can end.
  bool finish_jobs();

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
  // Somebody asked for the end of the process, be it by a signal.
  bool is_ending() const { return is_shutting_down() || end_requested_; }

  // What a signal handler on the main thread may call: asks for an orderly end.
  void request_end_from_signal();
  // The same: asks the main script to give up what it attempts (ScriptInstance::break_off).
  void request_break_from_signal();

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
  // Seconds since the runtime was made.
  double uptime() const;
  // All instances that have been started and are not over.
  std::vector<std::shared_ptr<const InstanceStatus>> instances() const;

  PanicHooks& panic_hooks() const { return panic_hooks_; }

  // --- for workers ---

  // The process was asked to end and the main worker has not reacted yet.
  bool end_was_requested() const { return end_requested_.load(std::memory_order_relaxed); }
  void react_to_end();  // on the main worker's thread
  void finish();        // nothing is left that the process is there for
  // The main script was asked to give something up. These two are for the main worker.
  bool break_was_requested() const { return break_requested_.load(std::memory_order_relaxed); }
  void react_to_break();
  void count_instance_start();
  // Enters [instance] into the registry, and returns the place of its status there.
  InstanceList::iterator add(ScriptInstance& instance);
  // The instance with [pid], which has been started on the calling worker; null when it is over.
  ScriptInstance* find(std::uint64_t pid) const;
  void count_instance_end(const ScriptInstance& instance);
  // A slice begins.
  void note_running();
  // The worker is about to wait: what was printed is to be seen.
  void flush_output();

 private:
  static constexpr int kRunning = -1;

  // Where an instance with a pid is; null while it is on its way to its worker.
  struct Place {
    Worker* worker;
    ScriptInstance* instance;
  };

  void start_workers();
  void watch();
  bool somebody_runs() const;
  void collect_everywhere();
  Worker& least_loaded(Worker* near);

  const RuntimeConfig config_;
  const std::span<const execution::BuiltinSpec* const> builtins_;
  Host& host_;
  const std::size_t worker_limit_;
  sync::Registry sync_objects_;  // outlives all instances: what they held is let go at their end
  BackgroundJobs background_;    // likewise

  // Before all that may panic.
  mutable PanicHooks panic_hooks_;
  const ScriptWitness witness_;
  const panic::PanicHandler panic_handler_;

  // As many as there may be; the first one is the main thread's. Others are null, and not to be looked at, before they
  // are started, all at once.
  std::vector<std::unique_ptr<Worker>> workers_;
  std::atomic<std::size_t> started_workers_{1};
  std::vector<std::thread> threads_;
  std::once_flag workers_started_;

  std::atomic<std::uint64_t> last_pid_{0};
  mutable std::mutex registry_mutex_;  // guards the next three
  std::unordered_map<std::uint64_t, Place> places_;
  InstanceCounters counters_;
  InstanceList statuses_;
  const Instant made_ = now();
  std::atomic<std::size_t> live_instances_{0};  // counters_.live, for those who must not wait

  std::atomic<int> shutdown_{kRunning};
  std::atomic<bool> end_requested_{false};
  std::atomic<bool> break_requested_{false};
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
