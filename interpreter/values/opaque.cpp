#include "interpreter/values/opaque.hpp"

#include <new>
#include <utility>

#include "interpreter/values/text_form.hpp"
#include "interpreter/values/type_table.hpp"
#include "runtime/memory/process_budget.hpp"

namespace duso {

namespace {

constexpr auto kBinaryType = static_cast<std::uint8_t>(HeapType::kBinary);

// Bytes that count for the process, once, however many instances share them.
struct CountedBytes {
  explicit CountedBytes(std::shared_ptr<const std::string> counted) : bytes(std::move(counted)) {
    memory::ThreadClaim::spend(bytes->size());
  }
  CountedBytes(const CountedBytes&) = delete;
  CountedBytes& operator=(const CountedBytes&) = delete;
  ~CountedBytes() { memory::ThreadClaim::restore(bytes->size()); }

  std::shared_ptr<const std::string> bytes;
};

// [bytes] as they are kept by binaries. Those that somebody else has as well are counted already.
std::shared_ptr<const std::string> counted(std::shared_ptr<const std::string> bytes) {
  if (bytes.use_count() != 1) return bytes;
  auto holder = std::make_shared<const CountedBytes>(std::move(bytes));
  return {holder, holder->bytes.get()};
}

constexpr auto kErrorType = static_cast<std::uint8_t>(HeapType::kError);

template <class T>
T* allocate(memory::Heap& heap, HeapType type) {
  return static_cast<T*>(heap.allocate_object(static_cast<std::uint8_t>(type), sizeof(T)));
}

void append_position(std::string& out, const syntax::Source& source, syntax::Position position) {
  out += source.name();
  out += ':';
  out += std::to_string(position.line);
  out += ':';
  out += std::to_string(position.column);
}

}  // namespace

Error* new_error(memory::Heap& heap, Value message, std::uint32_t entries) {
  Owned guard(message);
  auto* error = allocate<Error>(heap, HeapType::kError);
  error->message = Value::nil();
  error->fixed_text = nullptr;
  error->trace = nullptr;
  try {
    error->trace = new (heap.allocate_buffer(Trace::bytes(entries), kErrorType)) Trace{};
  } catch (...) {
    memory::release(error);
    throw;
  }
  error->trace->size = entries;
  error->message = guard.take();
  if (may_close_cycle(error->message)) error->flags |= memory::kCyclic;
  return error;
}

Error* new_error_with_text(memory::Heap& heap, Value message, std::string_view stack) {
  Owned guard(message);
  Owned text(Value(new_string(heap, stack)));
  auto* error = allocate<Error>(heap, HeapType::kError);
  error->trace = nullptr;
  error->fixed_text = text.take().string();
  error->message = guard.take();
  if (may_close_cycle(error->message)) error->flags |= memory::kCyclic;
  return error;
}

Code* new_code(memory::Heap& heap, std::shared_ptr<const syntax::Program> program, std::string source, Value metadata) {
  Owned guard(metadata);
  auto payload = std::make_unique<Code::Payload>(Code::Payload{std::move(program), std::move(source), nullptr});
  auto* code = allocate<Code>(heap, HeapType::kCode);
  code->payload = payload.release();
  code->metadata = guard.take();
  if (may_close_cycle(code->metadata)) code->flags |= memory::kCyclic;
  return code;
}

Binary* new_binary(memory::Heap& heap, std::shared_ptr<const std::string> bytes, Value metadata) {
  Owned guard(metadata);
  auto payload = std::make_unique<Binary::Payload>(Binary::Payload{counted(std::move(bytes))});
  auto* binary = allocate<Binary>(heap, HeapType::kBinary);
  binary->payload = nullptr;
  binary->metadata = Value::nil();
  try {
    heap.add_shared_bytes(payload->bytes->size(), kBinaryType);
  } catch (...) {
    memory::release(binary);
    throw;
  }
  binary->payload = payload.release();
  binary->metadata = guard.take();
  if (may_close_cycle(binary->metadata)) binary->flags |= memory::kCyclic;
  return binary;
}

std::string message_text(Value message) {
  if (message.is_nil()) return "unknown error";
  return message.is(HeapType::kError) ? concat_text(message) : display_text(message);
}

std::string_view function_name(const TraceEntry& entry) {
  return entry.function->empty() ? "<anonymous>" : std::string_view(*entry.function);
}

std::string stack_text(const Error* error) {
  if (error->fixed_text != nullptr) return std::string(error->fixed_text->view());
  Trace* trace = error->trace;
  if (trace == nullptr) return {};

  std::string out;
  if (trace->source != nullptr) {
    append_position(out, *trace->source, trace->position);
    out += ": ";
  }
  out += message_text(error->message);
  if (trace->size != 0) out += "\n\nCall stack:";
  for (std::uint32_t i = 0; i < trace->size; ++i) {
    if (trace->left_out != 0 && trace->left_out != kUncounted && i == kInnermostKept) {
      out += "\n  ... " + std::to_string(trace->left_out) + " frames left out";
    }
    const TraceEntry& entry = trace->entries()[i];
    out += "\n  at ";
    out += function_name(entry);
    out += " (";
    append_position(out, *entry.source, entry.call_site);
    out += ')';
  }
  if (trace->left_out == kUncounted) out += "\n  ... further frames left out";
  if (trace->limit == StackLimit::kNestedCalls) {
    out += "\n  limit: " + std::to_string(trace->limit_value) + " nested calls";
  } else if (trace->limit == StackLimit::kStackBytes) {
    out += "\n  limit: " + memory::format_size(trace->limit_value) + " of script stack";
  }
  return out;
}

void drop_error(memory::Heap& heap, memory::HeapObject* object) {
  auto* error = static_cast<Error*>(object);
  release(std::exchange(error->message, Value::nil()));
  if (Trace* trace = std::exchange(error->trace, nullptr))
    heap.free_buffer(trace, Trace::bytes(trace->size), kErrorType);
  if (String* text = std::exchange(error->fixed_text, nullptr)) memory::release(text);
}

std::size_t error_bytes(const memory::HeapObject* object) {
  const Trace* trace = static_cast<const Error*>(object)->trace;
  return trace != nullptr ? memory::Heap::usable_size(Trace::bytes(trace->size)) : 0;
}

void trace_error(memory::HeapObject* object, memory::ReferenceVisitor& visitor) {
  const Value message = static_cast<Error*>(object)->message;
  if (message.is_heap()) visitor.visit(message.heap_object());
}

void drop_code(memory::Heap&, memory::HeapObject* object) {
  auto* code = static_cast<Code*>(object);
  release(std::exchange(code->metadata, Value::nil()));
  delete std::exchange(code->payload, nullptr);
}

void trace_code(memory::HeapObject* object, memory::ReferenceVisitor& visitor) {
  const Value metadata = static_cast<Code*>(object)->metadata;
  if (metadata.is_heap()) visitor.visit(metadata.heap_object());
}

void drop_binary(memory::Heap& heap, memory::HeapObject* object) {
  auto* binary = static_cast<Binary*>(object);
  release(std::exchange(binary->metadata, Value::nil()));
  if (binary->payload == nullptr) return;
  heap.remove_shared_bytes(binary->payload->bytes->size(), kBinaryType);
  delete std::exchange(binary->payload, nullptr);
}

std::size_t binary_bytes(const memory::HeapObject* object) {
  const Binary::Payload* payload = static_cast<const Binary*>(object)->payload;
  return payload != nullptr ? payload->bytes->size() : 0;
}

void trace_binary(memory::HeapObject* object, memory::ReferenceVisitor& visitor) {
  const Value metadata = static_cast<Binary*>(object)->metadata;
  if (metadata.is_heap()) visitor.visit(metadata.heap_object());
}

}  // namespace duso
