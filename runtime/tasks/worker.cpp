#include "runtime/tasks/worker.hpp"

#include <algorithm>
#include <utility>

#include "runtime/tasks/runtime.hpp"

namespace duso::tasks {

namespace {

// The first stack segment of a task: what native code may use below the limit, and as much again.
constexpr std::size_t kTaskSegment = 2 * memory::StackSegments::kRedZone;

constexpr std::size_t kIdleFlows = 64;

// Programs that are kept lowered though nobody runs them.
constexpr std::size_t kKeptPrograms = 256;

constinit thread_local Worker* current_worker = nullptr;

}  // namespace

Worker::Worker(Runtime& runtime, std::size_t index)
    : runtime_(runtime),
      index_(index),
      engine_(runtime.builtins()),
      freezer_(engine_.shapes()),
      host_(runtime.host(), programs_),
      stacks_(kTaskSegment) {
  if (runtime.config().limits.heap.profile_rate != 0) engine_.mark_sites();
}

Worker* Worker::current() { return current_worker; }

Worker::~Worker() {
  while (Message* const message = mail_.load()) {
    mail_.store(message->next_.release());
    const std::unique_ptr<Message> unread(message);
  }
  idle_flows_.clear();
  current_worker = nullptr;
}

EventLoop& Worker::loop() {
  if (EventLoop* const made = waking_loop_.load()) return *made;
  const std::lock_guard lock(loop_mutex_);
  if (loop_ == nullptr) {
    loop_ = std::make_unique<EventLoop>();
    loop_->set_first([this] { timers_.fire_due(now()); });
    waking_loop_ = loop_.get();
  }
  return *loop_;
}

void Worker::give_up_instances() {
  current_worker = this;
  // Work on helper threads may refer to the stacks of tasks.
  while (loop_ != nullptr && loop_->job_count() != 0) loop_->wait(kNever);
  for (const auto& [key, instance] : instances_) instance->unwind_all();
  ready_.clear();
  instances_.clear();
}

// --- from other threads ---

void Worker::post(std::unique_ptr<Message> message) {
  Message* const raw = message.release();
  Message* head = mail_.load(std::memory_order_relaxed);
  do {
    static_cast<void>(raw->next_.release());
    raw->next_.reset(head);
  } while (!mail_.compare_exchange_weak(head, raw, std::memory_order_release, std::memory_order_relaxed));
  if (head == nullptr) wake();  // otherwise somebody has woken it already
}

void Worker::wake() {
  interrupt_running();
  if (EventLoop* const loop = waking_loop_.load()) loop->wake();
}

void Worker::interrupt_running() {
  const std::lock_guard lock(running_mutex_);
  if (ScriptInstance* const instance = running_.load(std::memory_order_relaxed)) instance->interrupt();
}

void Worker::interrupt_from_signal() {
  if (ScriptInstance* const instance = running_.load(std::memory_order_relaxed)) instance->interrupt();
  if (EventLoop* const loop = waking_loop_.load()) loop->wake();
}

// --- instances ---

ScriptInstance& Worker::adopt(std::unique_ptr<ScriptInstance> instance) {
  ScriptInstance& adopted = *instance;
  instances_.emplace(&adopted, std::move(instance));
  adopted.start();
  return adopted;
}

void Worker::enqueue(ScriptInstance& instance) {
  if (instance.is_queued_) return;
  instance.is_queued_ = true;
  ready_.push_back(&instance);
}

void Worker::bury(ScriptInstance& instance) {
  instance.tell_end();
  runtime_.count_instance_end(instance);
  load_.fetch_sub(1, std::memory_order_relaxed);
  instances_.erase(&instance);
}

std::shared_ptr<execution::ProgramCode> Worker::code_of(execution::Instance& instance,
                                                        const std::shared_ptr<const syntax::Program>& program) {
  const auto found = codes_.find(program.get());
  if (found != codes_.end()) return found->second;
  std::shared_ptr<execution::ProgramCode> code = execution::lower_program(instance, program);
  if (code == nullptr) return nullptr;
  if (codes_.size() >= kKeptPrograms)
    std::erase_if(codes_, [](const auto& entry) { return entry.second.use_count() == 1; });
  codes_.emplace(program.get(), code);
  return code;
}

std::unique_ptr<execution::Flow> Worker::take_flow(std::size_t stack_bytes) {
  if (!idle_flows_.empty() && idle_flows_.back()->stack.limit_bytes() == stack_bytes) {
    std::unique_ptr<execution::Flow> flow = std::move(idle_flows_.back());
    idle_flows_.pop_back();
    return flow;
  }
  return std::make_unique<execution::Flow>(stack_bytes, stacks_);
}

void Worker::give_back(std::unique_ptr<execution::Flow> flow) {
  if (flow->stack.is_suspended() || idle_flows_.size() >= kIdleFlows) return;
  flow->stack.trim();
  flow->call_depth = 0;
  flow->branch = 0;
  flow->native = nullptr;
  idle_flows_.push_back(std::move(flow));
}

// --- the loop ---

void Worker::collect_idle() {
  for (const auto& [key, instance] : instances_) {
    if (key == running_.load(std::memory_order_relaxed)) continue;
    if (instance->config().heap.collect_cycles) instance->heap().collect();
    instance->heap().settle_claim();
  }
}

void Worker::run() {
  current_worker = this;
  while (true) {
    ++iterations_;
    // What came at the same time is told in this order: timers, descriptors, finished jobs, mail (tasks.md 9).
    if (timers_.size() != 0) timers_.fire_due(now());
    read_mail();
    if (runtime_.end_was_requested() && index_ == 0) runtime_.react_to_end();
    if (runtime_.break_was_requested() && index_ == 0) runtime_.react_to_break();
    if (is_finished_) break;
    run_pass();
    if (is_finished_) break;
    EventLoop* const events = ready_.empty() ? nullptr : waking_loop_.load();
    if (events != nullptr && events->source_count() != 0) events->poll();
    if (ready_.empty() && mail_.load(std::memory_order_relaxed) == nullptr) wait();
  }
  // The main thread may have to end the process first, when helper threads do not come back (script_runner.cpp).
  if (index_ != 0) give_up_instances();
}

void Worker::wait() {
  EventLoop& events = loop();
  // A signal that came before there was a loop could not end the wait.
  if ((runtime_.end_was_requested() || runtime_.break_was_requested()) && index_ == 0) return;
  if (timers_.next_deadline() <= now()) return;
  runtime_.flush_output();
  events.wait(timers_.next_deadline());
}

void Worker::run_pass() {
  for (std::size_t count = ready_.size(); count > 0 && !ready_.empty() && !is_finished_; --count) {
    ScriptInstance& instance = *ready_.front();
    ready_.pop_front();
    instance.is_queued_ = false;
    run_slice(instance);
    if (instance.is_over()) {
      std::erase(ready_, &instance);
      bury(instance);
    } else if (instance.has_ready_tasks()) {
      enqueue(instance);
    }
  }
}

void Worker::run_slice(ScriptInstance& instance) {
  if (instance.is_over()) return;
  slice_.store(++slices_);
  runtime_.note_running();
  {
    const std::lock_guard lock(running_mutex_);
    running_.store(&instance, std::memory_order_relaxed);
  }
  instance.status()->state.store(InstanceState::kRunning, std::memory_order_relaxed);
  instance.run_pass();
  instance.heap().settle_claim();
  instance.update_status();
  {
    const std::lock_guard lock(running_mutex_);
    running_.store(nullptr, std::memory_order_relaxed);
  }
  slice_.store(0, std::memory_order_relaxed);
}

void Worker::read_mail() {
  Message* newest = mail_.exchange(nullptr, std::memory_order_acquire);
  // Oldest first.
  std::unique_ptr<Message> oldest;
  while (newest != nullptr) {
    std::unique_ptr<Message> message(newest);
    newest = message->next_.release();
    message->next_ = std::move(oldest);
    oldest = std::move(message);
  }
  while (oldest != nullptr) {
    std::unique_ptr<Message> message = std::move(oldest);
    oldest = std::move(message->next_);
    message->deliver(*this);
  }
}

}  // namespace duso::tasks
