// One running script: its heap, its pending error, its limits.
//
// Whatever a script does happens inside one instance, on one thread. Errors travel as values (node.hpp); what they say
// waits here, in the one `pending` record, until a catch block takes it or the script ends.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interpreter/execution/engine.hpp"
#include "interpreter/execution/frame.hpp"
#include "interpreter/values/opaque.hpp"
#include "runtime/memory/heap.hpp"
#include "runtime/memory/stack_segments.hpp"

namespace duso::execution {

struct InstanceConfig {
  memory::HeapConfig heap;
  std::size_t stack_size = std::size_t{256} << 20;      // bytes of native stack the main task may use
  std::size_t task_stack_size = std::size_t{64} << 20;  // the same for every other task
  std::size_t max_call_depth = 0;                       // nested script calls; 0: only the stack counts
};

class NativeSite;

// One flow of control of an instance: a native stack, and what else differs between its tasks.
struct Flow {
  explicit Flow(std::size_t stack_bytes) : stack(stack_bytes) {}
  Flow(std::size_t stack_bytes, memory::StackPool& pool) : stack(stack_bytes, pool) {}

  memory::StackSegments stack;
  std::size_t call_depth = 0;
  std::uint32_t branch = 0;            // of parallel(): which one is running; 0: none
  const NativeSite* native = nullptr;  // while it is suspended: what native_site() was, and will be
};

enum class PendingKind : std::uint8_t;

// Whoever runs instances beside each other, and wants to be asked at safe points.
class Supervisor {
 public:
  // At a safe point after interrupt(), on the stack of the flow that runs, which may be suspended here: [frame] runs a
  // loop or makes a call at [position]. Returns why the flow must be unwound, or PendingKind::kNone.
  virtual PendingKind at_safe_point(const Frame& frame, Position position) = 0;
  // Native code of the script has thrown an exception that is no failed allocation. It is being handled right now, and
  // the flow will be unwound with PendingKind::kPanic.
  virtual void on_panic() = 0;

 protected:
  ~Supervisor() = default;
};

// Why the flow of a script is being unwound.
enum class PendingKind : std::uint8_t {
  kNone,
  kError,     // catchable
  kExit,      // exit(): ends the instance, passes every catch block
  kShutdown,  // shutdown(): ends the process
  kStopped,   // stop() from outside: ends the instance, passes every catch block
  kPanic,     // a fault of our own, not of the script: ends the instance, passes every catch block
};

struct Pending {
  PendingKind kind = PendingKind::kNone;
  Value payload;                           // owned: what was thrown, or the value of exit()
  const syntax::Source* source = nullptr;  // null: the position is not known yet
  Position position;
  std::vector<TraceEntry> trace;
  std::uint32_t left_out = 0;
  StackLimit limit = StackLimit::kNone;
  std::uint64_t limit_value = 0;
  std::string fixed_text;  // of an error from elsewhere: all that its `stack` says; of a panic: its message
};

class Instance {
 public:
  Instance(Engine& engine, const InstanceConfig& config, Host& host);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  Engine& engine() { return engine_; }
  memory::Heap& heap() { return heap_; }
  const memory::Heap& heap() const { return heap_; }
  Host& host() { return host_; }
  const InstanceConfig& config() const { return config_; }
  // [supervisor] must outlive the instance.
  void set_supervisor(Supervisor& supervisor) { supervisor_ = &supervisor; }
  // Lowers the limits to those in [limits], which must not be above the ones in force. Those for stacks hold for tasks
  // that start from now on; Flow::stack of one that runs has a limit of its own.
  void lower_limits(const InstanceConfig& limits);
  bool has_supervisor() const { return supervisor_ != nullptr; }

  // --- errors ---

  // Makes an error with [message] pending, raised at [position] of the code that [frame] runs. Returns Value::raise().
  Value raise(Frame& frame, Position position, std::string_view message);
  // The same with any thrown value; takes over [payload].
  Value raise_value(Frame& frame, Position position, Value payload);
  // An error that does not know its position yet; the call node that sees it first adds it (`locate`).
  Value raise_unlocated(std::string_view message);
  Value raise_unlocated_value(Value payload);
  // An error that happened elsewhere, whose `stack` is [text]; takes over [payload].
  Value raise_foreign(Value payload, std::string text);
  // Gives a pending error without position the one of the call at [position], and the active calls from [frame]
  // outwards.
  void locate(Frame& frame, Position position);
  // Moves the pending error, if it is one, to [position]: errors in templates are reported at the string.
  Value relocate(Frame& frame, Position position);
  // What the C++ exception being handled is to the script: a failed allocation (heap limit, no memory) is an error,
  // anything else a panic. Call from a catch block.
  Value raise_exception(Frame& frame, Position position);
  Value raise_exception();
  // An error without position, as above: no more calls, or no more stack.
  Value raise_stack_overflow();
  // Starts the unwinding of exit() or shutdown(); takes over [payload].
  Value unwind(PendingKind kind, Value payload);

  const Pending& pending() const { return pending_; }
  bool is_catchable() const { return pending_.kind == PendingKind::kError; }
  // The pending error as a value for a catch block, owned by the caller; nothing is pending afterwards. Returns
  // Value::raise() with another error pending when there is no memory for it.
  Value take_error(Frame& frame, Position position);
  // The same for native code: when there is no memory, the value is a text that says so.
  Value take_error();
  void discard_pending();
  // Takes the pending error or unwinding out, so that other code may run, and puts it back: it is to be put back, or
  // its payload to be released.
  Pending take_pending();
  void restore_pending(Pending pending);
  // "FILE:LINE:COL: TEXT" and the call stack of the pending error. May throw what an allocation throws.
  std::string pending_text();

  // --- flow ---

  // Loops and calls are safe points: they look whether somebody wants the instance's attention. Loops ask for the flag.
  // Calls compare the stack pointer anyway, so an interrupt moves the limit above every address, and the slow path
  // sorts out which it was.
  bool interrupted() const { return interrupt_.load(std::memory_order_relaxed) != 0; }
  const std::atomic<std::uint32_t>& interrupt_flag() const { return interrupt_; }
  // Where the script has called the native code that runs now; null if it has not. It is the innermost place in the
  // script that a panic or a signal handler can know of.
  const NativeSite* native_site() const { return native_; }

  // Makes the next safe point call at_safe_point(). From any thread.
  void interrupt();
  // What a safe point at [position] does when interrupted: Value::next(), or Value::raise().
  Value at_safe_point(Frame& frame, Position position);

  // Ends the script at its next safe point, past all catch blocks. From any thread.
  void stop();
  // The same at the [count]-th safe point from now (1 = the next): a budget of work that is exact, for tests. 0 turns
  // it off.
  void stop_after(std::uint64_t count);

  // The lowest address the native stack may reach before a call must look closer: for a further segment, at the depth
  // limit, at an interrupt.
  const char* stack_limit() const { return stack_limit_.load(std::memory_order_relaxed); }
  // Runs [body] where the stack has room for [bytes], on a further segment if need be. False: there is no more stack.
  template <class Body>
  bool with_stack(std::size_t bytes, const Body& body) {
    return with_stack_for(
        bytes, [](void* raw) { (*static_cast<const Body*>(raw))(); }, const_cast<Body*>(&body));
  }
  // The same for a script call, which counts where a depth limit is set. False: no more calls are allowed.
  template <class Body>
  bool call_deeper(std::size_t bytes, const Body& body) {
    if (config_.max_call_depth == 0) return with_stack(bytes, body);
    if (flow_->call_depth >= config_.max_call_depth) return false;
    ++flow_->call_depth;
    const bool called = with_stack(bytes, body);
    --flow_->call_depth;
    return called;
  }

  // --- flows ---

  // The instance begins with a main flow. It has one that runs at a time; whoever starts or resumes the stack of
  // another one makes it the current one first.
  Flow& main_flow() { return main_flow_; }
  const Flow& main_flow() const { return main_flow_; }
  Flow& flow() { return *flow_; }
  void set_flow(Flow& flow) {
    flow_ = &flow;
    adopt_stack_limit();
  }
  // Suspends the current flow, from its own stack, until it is resumed.
  void suspend();
  // The current flow's stack was just started: its limit comes into force.
  void adopt_stack_limit();
  // Runs [body] on the stack of the main flow, from a native thread's own stack, until it returns.
  template <class Body>
  void run_on_stack(const Body& body) {
    main_flow_.stack.run([&] {
      adopt_stack_limit();
      body();
    });
  }

  // --- parallel branches (language.md 16) ---

  std::uint32_t branch() const { return flow_->branch; }
  std::uint32_t new_branch() { return ++last_branch_; }

  // --- programs ---

  // Keeps [code] alive as long as the instance: functions, traces and roots point into it.
  void keep(std::shared_ptr<ProgramCode> code) { programs_.insert(std::move(code)); }
  // Keeps the variables of a program too; takes over the caller's reference to [root].
  void keep_variables(Root* root) { roots_.push_back(root); }
  // The variables of the first program, borrowed. There must have been one.
  Root* main_variables() const { return roots_.front(); }
  // Keeps a value that belongs to the script and to the runtime's [key], which nothing else uses; takes over [owned].
  void keep_value(const void* key, Value owned) { kept_values_.emplace_back(key, owned); }
  // The value that is kept for [key], borrowed; unset if there is none.
  Value kept_value(const void* key) const;
  // Gives up all variables of the programs that ran, and collects what only cycles hold: nothing a script made is left
  // on the heap. An instance that just ends need not do this; its heap is dropped as a whole.
  void unload();

  // Extra locals of [frame], made when there are none yet. May throw HeapLimitReached.
  Object* extras_of(Frame& frame);

 private:
  friend class NativeSite;

  void begin_error(Value payload);
  Value raise_panic(const char* message);
  Error* pending_error();  // a new value of the pending error, owned by the caller
  void capture_trace(Frame& frame);
  bool with_stack_for(std::size_t bytes, void (*body)(void*), void* argument);

  Engine& engine_;
  InstanceConfig config_;
  Host& host_;
  std::set<std::shared_ptr<ProgramCode>> programs_;
  memory::Heap heap_;
  Flow main_flow_;
  Flow* flow_ = &main_flow_;
  const NativeSite* native_ = nullptr;
  Supervisor* supervisor_ = nullptr;
  Pending pending_;
  std::vector<Root*> roots_;
  std::vector<std::pair<const void*, Value>> kept_values_;
  std::atomic<std::uint32_t> interrupt_{0};
  std::atomic<const char*> stack_limit_{nullptr};
  std::atomic<bool> stop_requested_{false};
  std::uint64_t safe_points_left_ = 0;  // until the script is stopped; 0: no such budget
  std::uint32_t last_branch_ = 0;
};

// Marks native code as called from [frame] at [position] (may be null: not known), as long as it exists.
class NativeSite {
 public:
  NativeSite(Frame& frame, const Position* position)
      : frame_(frame), position_(position), outer_(std::exchange(frame.instance->native_, this)) {}
  ~NativeSite() { frame_.instance->native_ = outer_; }
  NativeSite(const NativeSite&) = delete;
  NativeSite& operator=(const NativeSite&) = delete;

  const Frame& frame() const { return frame_; }
  const Position* position() const { return position_; }
  // The one around this one: native code calls scripts, too.
  const NativeSite* outer() const { return outer_; }

 private:
  Frame& frame_;
  const Position* const position_;
  const NativeSite* const outer_;
};

}  // namespace duso::execution
