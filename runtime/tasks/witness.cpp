#include "runtime/tasks/witness.hpp"

#include <algorithm>
#include <array>

#include "interpreter/execution/active_calls.hpp"
#include "runtime/tasks/runtime.hpp"
#include "runtime/tasks/script_instance.hpp"
#include "runtime/tasks/worker.hpp"

namespace duso::tasks {

using execution::NativeSite;
using panic::StringSink;
using panic::TextSink;

namespace {

// Tasks whose stacks are shown in a crash file; more would hide what matters.
constexpr std::size_t kMostTasksShown = 100;

// The instance that runs on the calling thread, or null.
const ScriptInstance* running_instance() {
  const Worker* const worker = Worker::current();
  return worker != nullptr ? worker->running() : nullptr;
}

void write_position(TextSink& sink, const syntax::Source& source, syntax::Position position) {
  sink.write(source.name());
  sink.write(":");
  sink.write_decimal(position.line);
  sink.write(":");
  sink.write_decimal(position.column);
}

void write_call(TextSink& sink, const TraceEntry& call) {
  sink.write("  at ");
  sink.write(call.function->empty() ? std::string_view("<anonymous>") : std::string_view(*call.function));
  sink.write(" (");
  write_position(sink, *call.source, call.call_site);
  sink.write(")\n");
}

// The calls that led to [site], each line behind [indent]. Of a very deep stack both ends, as with errors.
void write_calls(TextSink& sink, const NativeSite* site, std::string_view indent = {}) {
  std::size_t count = 0;
  std::array<TraceEntry, kOutermostKept> outermost = {};
  execution::for_each_active_call(site != nullptr ? &site->frame() : nullptr, site, [&](const TraceEntry& call) {
    if (count < kInnermostKept) {
      sink.write(indent);
      write_call(sink, call);
    } else {
      outermost[count % kOutermostKept] = call;
    }
    ++count;
    return true;
  });
  if (count <= kInnermostKept) return;
  const std::size_t kept = std::min<std::size_t>(count - kInnermostKept, kOutermostKept);
  if (const std::size_t left_out = count - kInnermostKept - kept; left_out != 0) {
    sink.write(indent);
    sink.write("  ... ");
    sink.write_decimal(left_out);
    sink.write(" frames left out\n");
  }
  for (std::size_t i = count - kept; i < count; ++i) {
    sink.write(indent);
    write_call(sink, outermost[i % kOutermostKept]);
  }
}

void write_count(TextSink& sink, std::size_t count, std::string_view noun) {
  sink.write_decimal(count);
  sink.write(" ");
  sink.write(noun);
  if (count != 1) sink.write("s");
}

void write_heap(TextSink& sink, const memory::Heap& heap) {
  sink.write("heap ");
  sink.write(memory::SizeText(heap.counters().used()).view());
  if (heap.limit() == 0) return;
  sink.write(" of ");
  sink.write(memory::SizeText(heap.limit()).view());
}

// --- the details ---

void write_number(TextSink& sink, std::string_view name, std::size_t number) {
  sink.write("  ");
  sink.write(name);
  sink.write(": ");
  sink.write_decimal(number);
  sink.write("\n");
}

void write_text(TextSink& sink, std::string_view name, std::string_view text) {
  sink.write("  ");
  sink.write(name);
  sink.write(": ");
  sink.write(text);
  sink.write("\n");
}

void write_configuration(TextSink& sink, const Runtime& runtime) {
  const RuntimeConfig& config = runtime.config();
  sink.write("Configuration:\n");
  write_number(sink, "workers", runtime.worker_count());
  write_number(sink, "max_heap_size", config.limits.heap.limit);
  write_text(sink, "enable_gc", config.limits.heap.collect_cycles ? "true" : "false");
  write_number(sink, "gc_threshold", config.limits.heap.gc_threshold);
  write_number(sink, "stack_size", config.limits.stack_size);
  write_number(sink, "task_stack_size", config.limits.task_stack_size);
  write_number(sink, "max_call_depth", config.limits.max_call_depth);
  write_text(sink, "enable_panic_handler", config.panic.handle_signals ? "true" : "false");
  write_number(sink, "panic_history_size", config.panic.history_size);
  write_text(sink, "panic_policy", config.panic.policy == panic::Policy::kAbort ? "abort" : "isolate");
  write_text(sink, "crash_report_dir", config.panic.crash_directory);
}

void write_memory(TextSink& sink, const memory::Heap& heap) {
  const memory::HeapCounters counters = heap.counters();
  const memory::CollectorStats collector = heap.collector_stats();
  sink.write("\nMemory:\n");
  write_number(sink, "heap_used", counters.used());
  write_number(sink, "heap_peak", counters.peak_bytes);
  write_number(sink, "heap_limit", heap.limit());
  write_number(sink, "allocations", counters.allocations);
  write_number(sink, "deallocations", counters.deallocations);
  write_number(sink, "collections", collector.collections);
  write_number(sink, "objects_collected", collector.objects_collected);
}

// One instance with its tasks, of which at most [room] are shown and taken off it.
void write_instance(TextSink& sink, const ScriptInstance& instance, std::size_t& room) {
  sink.write("  ");
  sink.write_decimal(instance.setup().pid);
  sink.write(" (");
  sink.write(kind_name(instance.setup().kind));
  sink.write(") ");
  sink.write(instance.setup().script);
  sink.write(", ");
  write_heap(sink, instance.heap());
  sink.write(", ");
  write_count(sink, instance.task_count(), "task");
  sink.write("\n");
  for (const Task* task = instance.first_task(); task != nullptr && room != 0; task = TaskList::next(*task)) {
    const NativeSite* const site = instance.site_of(*task);
    TaskNameBuffer name;
    sink.write("    ");
    sink.write(task->name(name));
    if (site != nullptr && site->position() != nullptr) {
      sink.write(" at ");
      write_position(sink, *site->frame().code->source, *site->position());
    }
    sink.write("\n");
    write_calls(sink, site, "    ");
    --room;
  }
}

}  // namespace

panic::Place ScriptWitness::place() const noexcept {
  const ScriptInstance* const instance = running_instance();
  if (instance == nullptr) return {};
  panic::Place place;
  place.instance = instance->setup().pid;
  place.instance_kind = kind_name(instance->setup().kind);
  place.script = instance->setup().script;
  const Task* const task = instance->running_task();
  if (task == nullptr) return place;
  static thread_local TaskNameBuffer name;
  place.task = task->name(name);
  const NativeSite* const site = instance->site_of(*task);
  if (site == nullptr || site->position() == nullptr) return place;
  place.file = site->frame().code->source->name();
  place.line = site->position()->line;
  place.column = site->position()->column;
  return place;
}

void ScriptWitness::write_stack(TextSink& sink) const noexcept {
  const ScriptInstance* const instance = running_instance();
  const Task* const task = instance != nullptr ? instance->running_task() : nullptr;
  if (task != nullptr) write_calls(sink, instance->site_of(*task));
}

void ScriptWitness::write_status(TextSink& sink) const noexcept {
  const ScriptInstance* const instance = running_instance();
  if (instance != nullptr) {
    write_heap(sink, instance->heap());
    sink.write(", ");
  }
  write_count(sink, runtime_.live_instances(), "instance");
  if (instance == nullptr) return;
  sink.write(", ");
  write_count(sink, instance->task_count(), "task");
}

std::string ScriptWitness::details() const {
  StringSink sink;
  write_configuration(sink, runtime_);
  if (const ScriptInstance* const instance = running_instance()) write_memory(sink, instance->heap());
  if (Worker* const worker = Worker::current()) {
    std::size_t shown = 0;
    worker->for_each_instance([&](const ScriptInstance&) { ++shown; });
    sink.write("\nInstances of this worker, ");
    sink.write_decimal(shown);
    sink.write(" of ");
    sink.write_decimal(runtime_.live_instances());
    sink.write(":\n");
    std::size_t room = kMostTasksShown;
    worker->for_each_instance([&](const ScriptInstance& instance) {
      if (room != 0) write_instance(sink, instance, room);
    });
    if (room == 0) sink.write("  ... further tasks left out\n");
  }
  std::string text = sink.take();
  text.pop_back();
  return text;
}

void ScriptWitness::tell(const panic::PanicInfo& info) const {
  const ScriptInstance* const instance = running_instance();
  const Task* const task = instance != nullptr ? instance->running_task() : nullptr;
  if (task != nullptr && task->runs_panic_hook()) return;
  runtime_.panic_hooks().tell(instance, info);
}

}  // namespace duso::tasks
