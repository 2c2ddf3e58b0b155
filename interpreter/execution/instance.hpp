// One running script: its heap, its pending error, its limits.
//
// Whatever a script does happens inside one instance, on one thread. Errors travel as values (node.hpp); what they say waits
// here, in the one `pending` record, until a catch block takes it or the script ends.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "interpreter/execution/engine.hpp"
#include "interpreter/execution/frame.hpp"
#include "interpreter/values/opaque.hpp"
#include "runtime/memory/heap.hpp"
#include "runtime/memory/stack_segments.hpp"

namespace duso::execution {

struct InstanceConfig {
  memory::HeapConfig heap;
  std::size_t stack_size = std::size_t{256} << 20;  // bytes of native stack the main task may use
  std::size_t max_call_depth = 0;                   // nested script calls; 0: only the stack counts
};

// Why the flow of a script is being unwound.
enum class PendingKind : std::uint8_t {
  kNone,
  kError,     // catchable
  kExit,      // exit(): ends the instance, passes every catch block
  kShutdown,  // shutdown(): ends the process
};

struct Pending {
  PendingKind kind = PendingKind::kNone;
  Value payload;                            // owned: what was thrown, or the value of exit()
  const syntax::Source* source = nullptr;   // null: the position is not known yet
  Position position;
  std::vector<TraceEntry> trace;
  std::uint32_t left_out = 0;
  StackLimit limit = StackLimit::kNone;
  std::uint64_t limit_value = 0;
};

class Instance {
 public:
  Instance(Engine& engine, const InstanceConfig& config, Host& host);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  Engine& engine() { return engine_; }
  memory::Heap& heap() { return heap_; }
  Host& host() { return host_; }
  const InstanceConfig& config() const { return config_; }
  memory::StackSegments& stack() { return stack_; }

  // --- errors ---

  // Makes an error with [message] pending, raised at [position] of the code that [frame] runs. Returns Value::raise().
  Value raise(Frame& frame, Position position, std::string_view message);
  // The same with any thrown value; takes over [payload].
  Value raise_value(Frame& frame, Position position, Value payload);
  // An error that does not know its position yet; the call node that sees it first adds it (`locate`).
  Value raise_unlocated(std::string_view message);
  Value raise_unlocated_value(Value payload);
  // Gives a pending error without position the one of the call at [position], and the active calls from [frame] outwards.
  void locate(Frame& frame, Position position);
  // Moves the pending error, if it is one, to [position]: errors in templates are reported at the string.
  Value relocate(Frame& frame, Position position);
  // The error of the C++ exception being handled (heap limit, no memory); call from a catch block.
  Value raise_memory_error(Frame& frame, Position position);
  Value raise_stack_overflow(Frame& frame, const Position* position);
  // Starts the unwinding of exit() or shutdown(); takes over [payload].
  Value unwind(PendingKind kind, Value payload);

  const Pending& pending() const { return pending_; }
  bool is_catchable() const { return pending_.kind == PendingKind::kError; }
  // The pending error as a value for a catch block, owned by the caller; nothing is pending afterwards. Returns Value::raise() with
  // another error pending when there is no memory for it.
  Value take_error(Frame& frame, Position position);
  void discard_pending();
  // "FILE:LINE:COL: TEXT" and the call stack of the pending error.
  std::string pending_text();

  // --- flow ---

  // Not zero when a safe point must look closer: interrupts, time slices.
  bool interrupted() const { return interrupt_.load(std::memory_order_relaxed) != 0; }
  const std::atomic<std::uint32_t>& interrupt_flag() const { return interrupt_; }
  void interrupt() { interrupt_.store(1, std::memory_order_relaxed); }
  // What a safe point does when interrupted: Value::next(), or Value::raise().
  Value at_safe_point(Frame& frame);

  // The lowest address the native stack may reach before a call needs a further segment.
  const char* stack_limit() const { return stack_limit_; }
  // Runs [body] on a further stack segment that has room for [bytes], or counts the call where a depth limit is set. False: no
  // more calls are allowed.
  bool call_deeper(std::size_t bytes, void (*body)(void*), void* argument);
  // Runs [body] on the script stack of the main task, from a native thread's own stack.
  void run_on_stack(void (*body)(void*), void* argument);

  // --- parallel branches (language.md 16) ---

  std::uint32_t branch() const { return branch_; }
  std::uint32_t enter_branch();          // returns the branch to come back to
  void leave_branch(std::uint32_t outer) { branch_ = outer; }

  // --- programs ---

  // Keeps [code] alive as long as the instance: functions, traces and roots point into it.
  void keep(std::shared_ptr<ProgramCode> code) { programs_.push_back(std::move(code)); }

  // Extra locals of [frame], made when there are none yet. May throw HeapLimitReached.
  Object* extras_of(Frame& frame);

 private:
  void begin_error(Value payload);
  void capture_trace(Frame& frame);
  bool call_on_segment(std::size_t bytes, void (*body)(void*), void* argument);
  void adopt_stack_limit();

  Engine& engine_;
  InstanceConfig config_;
  Host& host_;
  std::vector<std::shared_ptr<ProgramCode>> programs_;
  memory::Heap heap_;
  memory::StackSegments stack_;
  Pending pending_;
  std::atomic<std::uint32_t> interrupt_{0};
  const char* stack_limit_ = nullptr;
  std::size_t call_depth_ = 0;
  std::uint32_t branch_ = 0;
  std::uint32_t last_branch_ = 0;
};

}  // namespace duso::execution
