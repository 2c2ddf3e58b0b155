#include "interpreter/execution/instance.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include "interpreter/execution/active_calls.hpp"
#include "interpreter/values/text_form.hpp"

namespace duso::execution {

namespace {

// Of an error at a greater depth, the calls further out are not kept.
constexpr std::size_t kLongestTrace = 1000;

// A stack limit that no stack pointer is above.
const char* const kAboveEverything = reinterpret_cast<const char*>(~std::uintptr_t{0});

}  // namespace

Instance::Instance(Engine& engine, const InstanceConfig& config, Host& host)
    : engine_(engine), config_(config), host_(host), heap_(config.heap), main_flow_(config.stack_size) {}

Instance::~Instance() { discard_pending(); }

void Instance::lower_limits(const InstanceConfig& limits) {
  if (limits.heap.gc_threshold != config_.heap.gc_threshold) heap_.set_gc_threshold(limits.heap.gc_threshold);
  heap_.lower_limit(limits.heap.limit);
  config_ = limits;
  adopt_stack_limit();
}

// --- errors ---

void Instance::begin_error(Value payload) {
  release(pending_.payload);
  pending_.kind = PendingKind::kError;
  pending_.payload = payload;
  pending_.source = nullptr;
  pending_.trace.clear();
  pending_.left_out = 0;
  pending_.limit = StackLimit::kNone;
  pending_.fixed_text.clear();
}

Value Instance::raise_unlocated(std::string_view message) {
  Value payload;
  try {
    payload = Value(new_string(heap_, message));
  } catch (const std::exception&) {
    payload = Value(engine_.out_of_memory_text());
    retain(payload);
  }
  begin_error(payload);
  return Value::raise();
}

Value Instance::raise_unlocated_value(Value payload) {
  begin_error(payload);
  return Value::raise();
}

Value Instance::raise(Frame& frame, Position position, std::string_view message) {
  raise_unlocated(message);
  locate(frame, position);
  return Value::raise();
}

Value Instance::raise_value(Frame& frame, Position position, Value payload) {
  begin_error(payload);
  locate(frame, position);
  return Value::raise();
}

Value Instance::raise_foreign(Value payload, std::string text) {
  begin_error(payload);
  pending_.fixed_text = std::move(text);
  return Value::raise();
}

void Instance::locate(Frame& frame, Position position) {
  if (pending_.kind != PendingKind::kError || pending_.source != nullptr || !pending_.fixed_text.empty()) return;
  pending_.source = frame.code->source;
  pending_.position = position;
  capture_trace(frame);
}

Value Instance::relocate(Frame& frame, Position position) {
  if (pending_.kind == PendingKind::kError) {
    pending_.source = frame.code->source;
    pending_.position = position;
  }
  return Value::raise();
}

void Instance::capture_trace(Frame& innermost) {
  // An error costs no more than its first thousand calls, however deep it happens. Only a stack overflow, which says
  // more with its two ends, walks the whole way.
  const bool both_ends = pending_.limit != StackLimit::kNone;
  const std::size_t innermost_kept = both_ends ? kInnermostKept : kLongestTrace;
  std::array<TraceEntry, kOutermostKept> outermost = {};
  std::size_t further = 0;
  bool is_cut_off = false;
  for_each_active_call(&innermost, nullptr, [&](const TraceEntry& entry) {
    if (pending_.trace.size() < innermost_kept) {
      pending_.trace.push_back(entry);
    } else if (both_ends) {
      outermost[further++ % kOutermostKept] = entry;
    } else {
      is_cut_off = true;
    }
    return !is_cut_off;
  });
  if (is_cut_off) {
    pending_.left_out = kUncounted;
    return;
  }
  const std::size_t kept = std::min<std::size_t>(further, kOutermostKept);
  pending_.left_out = static_cast<std::uint32_t>(further - kept);
  for (std::size_t i = further - kept; i < further; ++i) pending_.trace.push_back(outermost[i % kOutermostKept]);
}

Value Instance::raise_exception() {
  try {
    throw;
  } catch (const memory::HeapLimitReached& reached) {
    const bool is_own = reached.whose() == memory::HeapLimitReached::Whose::kInstance;
    if (!is_own) heap_.open_overdraft();
    return raise_unlocated(std::string("out of memory: ") + (is_own ? "heap" : "process heap") + " limit of " +
                           memory::format_size(reached.limit()) + " reached");
  } catch (const std::bad_alloc&) {
    return raise_unlocated("out of memory: allocation failed");
  } catch (const std::exception& fault) {
    return raise_panic(fault.what());
  } catch (...) {
    return raise_panic("exception of unknown type");
  }
}

Value Instance::raise_panic(const char* message) {
  unwind(PendingKind::kPanic, Value::nil());
  pending_.fixed_text = message;
  if (supervisor_ != nullptr) supervisor_->on_panic();
  return Value::raise();
}

Value Instance::raise_exception(Frame& frame, Position position) {
  const NativeSite site(frame, &position);
  raise_exception();
  locate(frame, position);
  return Value::raise();
}

Value Instance::raise_stack_overflow() {
  begin_error(duso::retain(Value(engine_.stack_overflow_text())));
  const bool too_many_calls = config_.max_call_depth != 0 && flow_->call_depth >= config_.max_call_depth;
  pending_.limit = too_many_calls ? StackLimit::kNestedCalls : StackLimit::kStackBytes;
  pending_.limit_value = too_many_calls ? config_.max_call_depth : flow_->stack.limit_bytes();
  return Value::raise();
}

Value Instance::unwind(PendingKind kind, Value payload) {
  begin_error(payload);
  pending_.kind = kind;
  return Value::raise();
}

Value Instance::take_error(Frame& frame, Position position) {
  Error* error = nullptr;
  try {
    error = pending_error();
  } catch (const std::exception&) {
    return raise_exception(frame, position);
  }
  discard_pending();
  return Value::other(error);
}

Value Instance::take_error() {
  Value error;
  try {
    error = Value::other(pending_error());
  } catch (const std::exception&) {
    error = retain(Value(engine_.out_of_memory_text()));
  }
  discard_pending();
  return error;
}

Error* Instance::pending_error() {
  if (!pending_.fixed_text.empty()) {
    return new_error_with_text(heap_, retain(pending_.payload), pending_.fixed_text);
  }
  Error* error = new_error(heap_, retain(pending_.payload), static_cast<std::uint32_t>(pending_.trace.size()));
  Trace& trace = *error->trace;
  trace.source = pending_.source;
  trace.position = pending_.position;
  trace.left_out = pending_.left_out;
  trace.limit = pending_.limit;
  trace.limit_value = pending_.limit_value;
  std::copy(pending_.trace.begin(), pending_.trace.end(), trace.entries());
  return error;
}

void Instance::discard_pending() {
  release(std::exchange(pending_.payload, Value::nil()));
  pending_.kind = PendingKind::kNone;
  pending_.trace.clear();
}

Pending Instance::take_pending() { return std::exchange(pending_, {}); }

void Instance::restore_pending(Pending pending) {
  release(pending_.payload);
  pending_ = std::move(pending);
}

std::string Instance::pending_text() {
  // The same words as `e.stack` has, from an error value made for the purpose.
  const Owned error(Value::other(pending_error()));
  return stack_text(as_error(error.get()));
}

// --- flow ---

void Instance::interrupt() {
  // In this order: whoever lowers the limit looks at the flag afterwards (adopt_stack_limit).
  interrupt_.store(1);
  stack_limit_.store(kAboveEverything);
}

Value Instance::at_safe_point(Frame& frame, Position position) {
  if (safe_points_left_ != 0 && --safe_points_left_ == 0) stop_requested_ = true;
  if (stop_requested_) return unwind(PendingKind::kStopped, Value::nil());
  if (safe_points_left_ == 0) {
    interrupt_.store(0);
    if (stop_requested_) interrupt_.store(1);  // it came in between
  }
  adopt_stack_limit();
  if (supervisor_ != nullptr) {
    const NativeSite site(frame, nullptr);
    const PendingKind kind = supervisor_->at_safe_point(frame, position);
    if (kind != PendingKind::kNone) return unwind(kind, Value::nil());
  }
  return Value::next();
}

void Instance::stop() {
  stop_requested_ = true;
  interrupt();
}

void Instance::stop_after(std::uint64_t count) {
  safe_points_left_ = count;
  interrupt();
}

bool Instance::with_stack_for(std::size_t bytes, void (*body)(void*), void* argument) {
  const char* const here = static_cast<const char*>(__builtin_frame_address(0));
  memory::StackSegments& stack = flow_->stack;
  if (here > stack.limit() && static_cast<std::size_t>(here - stack.limit()) > bytes) {
    body(argument);
    return true;
  }
  struct Step {
    Instance* instance;
    void (*body)(void*);
    void* argument;
  } step{this, body, argument};
  // The new segment's limit is in force until the body returns.
  const bool called = stack.call_on_new_segment(
      [](void* raw) {
        auto* inner = static_cast<Step*>(raw);
        inner->instance->adopt_stack_limit();
        inner->body(inner->argument);
      },
      &step, bytes);
  adopt_stack_limit();
  return called;
}

void Instance::suspend() {
  Flow& flow = *flow_;
  flow.native = std::exchange(native_, nullptr);
  flow.stack.suspend();
  native_ = flow.native;
}

void Instance::adopt_stack_limit() {
  // With a depth limit, every call must come to call_deeper() to be counted.
  stack_limit_.store(config_.max_call_depth == 0 ? flow_->stack.limit() : kAboveEverything);
  if (interrupt_.load() != 0) stack_limit_.store(kAboveEverything);
}

// --- programs ---

Value Instance::kept_value(const void* key) const {
  for (const auto& [known, value] : kept_values_) {
    if (known == key) return value;
  }
  return Value::unset();
}

void Instance::unload() {
  for (Root* root : roots_) {
    clear_root(root);
    memory::release(root);
  }
  roots_.clear();
  for (const auto& [key, value] : std::exchange(kept_values_, {})) release(value);
  heap_.collect();
}

Object* Instance::extras_of(Frame& frame) {
  if (frame.extras == nullptr) {
    frame.extras = new_object(heap_, engine_.shapes(), 0);
    frame.dynamic = 1;
    // Closures made in this call look for its extra locals through its environment.
    const std::uint32_t slot = frame.code->environment_slot;
    if (slot != kNoSlot && !frame.slot(slot).is_unset()) {
      Environment* environment = frame.environment_in(slot);
      memory::retain(frame.extras);
      environment->extras = frame.extras;
    }
  }
  return frame.extras;
}

}  // namespace duso::execution
