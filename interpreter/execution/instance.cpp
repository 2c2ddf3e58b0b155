#include "interpreter/execution/instance.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "interpreter/values/text_form.hpp"

namespace duso::execution {

namespace {

// A trace with more calls than this keeps its ends only.
constexpr std::size_t kLongestTrace = 1000;

}  // namespace

Instance::Instance(Engine& engine, const InstanceConfig& config, Host& host)
    : engine_(engine), config_(config), host_(host), heap_(config.heap), stack_(config.stack_size) {
}

Instance::~Instance() { discard_pending(); }

// --- errors ---

void Instance::begin_error(Value payload) {
  release(pending_.payload);
  pending_.kind = PendingKind::kError;
  pending_.payload = payload;
  pending_.source = nullptr;
  pending_.trace.clear();
  pending_.left_out = 0;
  pending_.limit = StackLimit::kNone;
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

void Instance::locate(Frame& frame, Position position) {
  if (pending_.kind != PendingKind::kError || pending_.source != nullptr) return;
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
  for (Frame* frame = &innermost; frame != nullptr; frame = frame->caller) {
    if (frame->code->is_top_level || frame->call_site == nullptr) continue;
    pending_.trace.push_back({&frame->code->name, frame->code->source, *frame->call_site});
  }
  if (pending_.trace.size() <= kLongestTrace) return;
  // A runaway recursion says enough at its two ends.
  pending_.left_out = static_cast<std::uint32_t>(pending_.trace.size()) - kInnermostKept - kOutermostKept;
  pending_.trace.erase(pending_.trace.begin() + kInnermostKept, pending_.trace.end() - kOutermostKept);
}

Value Instance::raise_memory_error(Frame& frame, Position position) {
  try {
    throw;
  } catch (const memory::HeapLimitReached& reached) {
    return raise(frame, position, "out of memory: heap limit of " + memory::format_size(reached.limit()) + " reached");
  } catch (const std::exception&) {
    return raise(frame, position, "out of memory: allocation failed");
  }
}

Value Instance::raise_stack_overflow(Frame& frame, const Position* position) {
  begin_error(duso::retain(Value(engine_.stack_overflow_text())));
  pending_.limit = config_.max_call_depth != 0 && call_depth_ >= config_.max_call_depth ? StackLimit::kNestedCalls
                                                                                       : StackLimit::kStackBytes;
  pending_.limit_value =
      pending_.limit == StackLimit::kNestedCalls ? config_.max_call_depth : std::uint64_t{config_.stack_size};
  if (position != nullptr) locate(frame, *position);
  return Value::raise();
}

Value Instance::unwind(PendingKind kind, Value payload) {
  begin_error(payload);
  pending_.kind = kind;
  return Value::raise();
}

Value Instance::take_error(Frame& frame, Position position) {
  const auto entries = static_cast<std::uint32_t>(pending_.trace.size());
  Error* error = nullptr;
  try {
    error = new_error(heap_, retain(pending_.payload), entries);
  } catch (const std::exception&) {
    return raise_memory_error(frame, position);
  }
  Trace& trace = *error->trace;
  trace.source = pending_.source;
  trace.position = pending_.position;
  trace.left_out = pending_.left_out;
  trace.limit = pending_.limit;
  trace.limit_value = pending_.limit_value;
  std::copy(pending_.trace.begin(), pending_.trace.end(), trace.entries());
  discard_pending();
  return Value::other(error);
}

void Instance::discard_pending() {
  release(std::exchange(pending_.payload, Value::nil()));
  pending_.kind = PendingKind::kNone;
  pending_.trace.clear();
}

std::string Instance::pending_text() {
  // The same words as `e.stack` has, from an error value made for the purpose.
  const auto entries = static_cast<std::uint32_t>(pending_.trace.size());
  Error* error = new_error(heap_, retain(pending_.payload), entries);
  Owned guard(Value::other(error));
  Trace& trace = *error->trace;
  trace.source = pending_.source;
  trace.position = pending_.position;
  trace.left_out = pending_.left_out;
  trace.limit = pending_.limit;
  trace.limit_value = pending_.limit_value;
  std::copy(pending_.trace.begin(), pending_.trace.end(), trace.entries());
  return stack_text(error);
}

// --- flow ---

Value Instance::at_safe_point(Frame&) {
  interrupt_.store(0, std::memory_order_relaxed);
  return Value::next();
}

bool Instance::call_deeper(std::size_t bytes, void (*body)(void*), void* argument) {
  if (config_.max_call_depth == 0) return call_on_segment(bytes, body, argument);
  // With a depth limit every call comes here to be counted.
  if (call_depth_ >= config_.max_call_depth) return false;
  ++call_depth_;
  bool called = true;
  if (static_cast<const char*>(__builtin_frame_address(0)) - bytes > stack_.limit()) {
    body(argument);
  } else {
    called = call_on_segment(bytes, body, argument);
  }
  --call_depth_;
  return called;
}

bool Instance::call_on_segment(std::size_t, void (*body)(void*), void* argument) {
  struct Step {
    Instance* instance;
    void (*body)(void*);
    void* argument;
  } step{this, body, argument};
  // The new segment's limit is in force until the body returns.
  const bool called = stack_.call_on_new_segment(
      [](void* raw) {
        auto* inner = static_cast<Step*>(raw);
        inner->instance->adopt_stack_limit();
        inner->body(inner->argument);
      },
      &step);
  adopt_stack_limit();
  return called;
}

void Instance::adopt_stack_limit() {
  // An address that no stack pointer is above sends every call to call_deeper, which counts it.
  stack_limit_ = config_.max_call_depth == 0 ? stack_.limit() : reinterpret_cast<const char*>(~std::uintptr_t{0});
}

void Instance::run_on_stack(void (*body)(void*), void* argument) {
  stack_.run([this, body, argument] {
    adopt_stack_limit();
    body(argument);
  });
}

// --- parallel branches ---

std::uint32_t Instance::enter_branch() {
  const std::uint32_t outer = branch_;
  branch_ = ++last_branch_;
  return outer;
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
