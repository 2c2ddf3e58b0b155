// A worker: one thread that runs script instances.
//
// There is one per core. An instance stays with the worker it was given to, so its heap is never touched by two
// threads. The worker runs what is ready, a pass of each instance in turn; then it fires timers, polls its event loop
// and reads its mail; and when nothing is ready it waits. Names, shapes, builtins, lowered programs and idle stacks are
// the worker's and outlive the instances: the second run of a script finds everything warm.
//
// The first worker is the thread that started the process. Its event loop is made when something first has to wait, so
// that a script that only computes does not pay for one.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "interpreter/execution/engine.hpp"
#include "runtime/freezer.hpp"
#include "runtime/host.hpp"
#include "runtime/memory/stack_pool.hpp"
#include "runtime/program_cache.hpp"
#include "runtime/tasks/event_loop.hpp"
#include "runtime/tasks/script_instance.hpp"
#include "runtime/tasks/timer_queue.hpp"

namespace duso::tasks {

// Something that one thread has to say to a worker.
class Message {
 public:
  virtual ~Message() = default;
  // On the worker's thread, outside of any task.
  virtual void deliver(Worker& worker) = 0;

 private:
  friend class Worker;
  std::unique_ptr<Message> next_;
};

class Worker {
 public:
  Worker(Runtime& runtime, std::size_t index);
  // All instances must have been given up.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // The worker of the calling thread, while it runs; else null.
  static Worker* current();
  // The instance whose slice it is, or null. On the worker's thread, signal handlers included.
  ScriptInstance* running() const { return running_.load(std::memory_order_relaxed); }

  Runtime& runtime() const { return runtime_; }
  std::size_t index() const { return index_; }
  execution::Engine& engine() { return engine_; }
  Freezer& freezer() { return freezer_; }
  Host& host() { return host_; }
  TimerQueue& timers() { return timers_; }
  // Made when it is first asked for, be that by another thread that is about to post something.
  EventLoop& loop();
  bool has_loop() const { return loop_ != nullptr; }
  // How many times it has looked around for something to do.
  std::uint64_t iterations() const { return iterations_; }

  // Runs instances until finish() has been called.
  void run();
  // From the worker's thread.
  void finish() { is_finished_ = true; }
  // Gives up all instances that are left. A worker with a thread of its own does so at the end of run(); the first one
  // is told to, because the process may have to end without that. The rest of the runtime must still be there.
  void give_up_instances();

  // Puts [message] into the worker's mail, and makes it look there soon whatever it is doing. From any thread.
  void post(std::unique_ptr<Message> message);
  // Makes the worker look around soon: at its mail, at the state of the process. From any thread.
  void wake();
  // Makes the running script come to a safe point and give way. From any thread.
  void interrupt_running();
  // The same from a signal handler on the worker's own thread.
  void interrupt_from_signal();

  // Takes over [instance] and starts it. On the worker's thread.
  ScriptInstance& adopt(std::unique_ptr<ScriptInstance> instance);
  // [instance] has ready tasks.
  void enqueue(ScriptInstance& instance);
  template <class Visitor>
  void for_each_instance(const Visitor& visitor) {
    for (const auto& [key, instance] : instances_) visitor(*instance);
  }

  // The code of [program] for this worker's instances, lowered when it is first wanted: on the stack of a flow of
  // [instance]. Null with an error pending. May throw what an allocation throws.
  std::shared_ptr<execution::ProgramCode> code_of(execution::Instance& instance,
                                                  const std::shared_ptr<const syntax::Program>& program);

  // Gives back what the instances can do without, but for the one that runs: dead cycles, and budget that was claimed
  // and is not needed.
  void collect_idle();

  // The shape of the handles of one kind (any address that stands for it), for whoever makes them; null at first.
  Shape*& handle_shape(const void* kind) { return handle_shapes_[kind]; }

  // A flow for a task, with a stack of at most [stack_bytes]; give it back when the task has ended.
  std::unique_ptr<execution::Flow> take_flow(std::size_t stack_bytes);
  void give_back(std::unique_ptr<execution::Flow> flow);

  // How much the worker has to do, for placing new instances. From any thread.
  std::size_t load() const { return load_.load(std::memory_order_relaxed); }
  // Announces an instance that is on its way to this worker. From any thread.
  void expect_instance() { load_.fetch_add(1, std::memory_order_relaxed); }
  // Changes with every slice; 0 while no script runs. For the watchdog.
  std::uint64_t slice() const { return slice_.load(); }
  bool has_ready_instances() const { return !ready_.empty(); }

 private:
  void read_mail();
  void run_pass();
  void run_slice(ScriptInstance& instance);
  void bury(ScriptInstance& instance);
  void wait();

  Runtime& runtime_;
  const std::size_t index_;
  execution::Engine engine_;
  Freezer freezer_;
  ProgramCache programs_;
  Host host_;
  memory::StackPool stacks_;
  std::vector<std::unique_ptr<execution::Flow>> idle_flows_;
  std::mutex loop_mutex_;  // guards the making of the loop: the first worker's may be made by the one who starts others
  std::unique_ptr<EventLoop> loop_;
  std::atomic<EventLoop*> waking_loop_{nullptr};  // loop_, for other threads and signal handlers
  TimerQueue timers_;
  std::unordered_map<const syntax::Program*, std::shared_ptr<execution::ProgramCode>> codes_;
  std::unordered_map<const void*, Shape*> handle_shapes_;

  std::unordered_map<ScriptInstance*, std::unique_ptr<ScriptInstance>> instances_;
  std::deque<ScriptInstance*> ready_;
  bool is_finished_ = false;

  std::atomic<Message*> mail_{nullptr};  // newest first; owned
  std::mutex running_mutex_;             // guards who runs against interrupt_running()
  std::atomic<ScriptInstance*> running_{nullptr};
  std::atomic<std::uint64_t> slice_{0};
  std::uint64_t slices_ = 0;
  std::uint64_t iterations_ = 0;
  std::atomic<std::size_t> load_{0};
};

}  // namespace duso::tasks
