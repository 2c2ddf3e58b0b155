// Module `runtime`: what memory is used for (memory-and-panics.md 7).
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>

#include "interpreter/values/array.hpp"
#include "runtime/memory/leak_finder.hpp"
#include "runtime/memory/process_budget.hpp"
#include "runtime/memory_report.hpp"
#include "stdlib/builtins/module_runtime.hpp"
#include "stdlib/builtins/record.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

// The memory that the process has from the system, in bytes; 0 where the system does not say.
std::size_t resident_bytes() {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen("/proc/self/statm", "re"), std::fclose);
  std::size_t total = 0;
  std::size_t resident = 0;
  if (file == nullptr || std::fscanf(file.get(), "%zu %zu", &total, &resident) != 2) return 0;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// How long the script of [instance] has been running, in seconds.
double age_of(execution::Instance& instance) {
  const tasks::ScriptInstance* const script = tasks::ScriptInstance::of(instance);
  if (script == nullptr) return 0;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count() - script->status()->started;
}

Value totals_record(execution::Instance& instance, const MemoryReport& report) {
  Record record(instance);
  record.set("total_allocations", report.allocations);
  record.set("total_deallocations", report.deallocations);
  record.set("total_bytes_allocated", report.bytes_allocated);
  record.set("total_bytes_deallocated", report.bytes_freed);
  record.set("current_memory", report.bytes_allocated - report.bytes_freed);
  record.set("peak_memory", report.peak_bytes);
  record.set("potential_leaks", report.leaks);
  return record.take();
}

Value types_record(execution::Instance& instance, const MemoryReport& report) {
  Record types(instance);
  for (const MemoryReport::Type& type : report.types) {
    Record record(instance);
    record.set("allocations", type.allocations);
    record.set("deallocations", type.deallocations);
    record.set("total_bytes", type.total_bytes);
    record.set("current", type.live);
    record.set("current_bytes", type.bytes);
    record.set("peak_bytes", type.peak_bytes);
    types.set(type.name.c_str(), record.take());
  }
  return types.take();
}

Value sites_array(execution::Instance& instance, const MemoryReport& report) {
  Owned sites(Value(new_array(instance.heap(), report.sites.size())));
  for (const MemoryReport::Site& site : report.sites) {
    Record record(instance);
    record.set("location", site.location);
    record.set("type", site.type);
    record.set("allocations", site.allocations);
    record.set("live", site.live);
    record.set("bytes", site.bytes);
    push(sites.get().array(), record.take());
  }
  return sites.take();
}

Value profile(Call& call) {
  execution::Instance& instance = call.instance();
  const MemoryReport report = look_at_memory(call.heap());
  Record record(instance);
  record.set("enabled", report.has_sites);
  record.set("duration", age_of(instance));
  record.set("allocations", totals_record(instance, report));
  record.set("types", types_record(instance, report));
  record.set("sites", sites_array(instance, report));
  return record.take();
}

Value check_leaks(Call& call) {
  struct Counter final : memory::ReferenceVisitor {
    std::size_t count = 0;
    void visit(memory::HeapObject*) override { ++count; }
  } leaks;
  memory::find_leaks(call.heap(), leaks);
  return Value(leaks.count > 0);
}

Value leak_report(Call& call) {
  execution::Instance& instance = call.instance();
  const tasks::ScriptInstance* const script = tasks::ScriptInstance::of(instance);
  return call.string(memory_report_text(call.heap(), script != nullptr ? script->setup().script : "",
                                        script != nullptr ? script->setup().pid : 0, age_of(instance)));
}

Value profile_reset(Call& call) {
  call.heap().reset_counters();
  return Value::nil();
}

const BuiltinSpec kFunctions[] = {
    {.name = "memory",
     .returns = Type::kObject,
     .summary =
         "How much memory is used, in bytes: by this script (`heap_used`, `heap_peak`, `heap_limit`, `objects` and how "
         "many were made and freed), by all scripts and stores together (`process_heap_used`, `process_heap_limit`), "
         "by "
         "the process as the system sees it (`rss`), and by the stack of the running task (`stack_used`, "
         "`stack_limit`). A limit of 0 is none.",
     .example = R"(m = require("runtime").memory()
print(m.bytes_allocated - m.bytes_freed == m.heap_used, m.heap_limit) // true 0)",
     .function = [](Call& call) -> Value { return memory_record(call.instance()); }},
    {.name = "profile",
     .returns = Type::kObject,
     .summary = "What memory was and is used for: `allocations` in total, by `types`, and with `-profile-memory` by "
                "`sites` in "
                "the script. `allocations.potential_leaks` is the number of objects that nothing can reach any more. "
                "Walks the "
                "whole heap.",
     .example = R"(a = {n = 1}
print(require("runtime").profile().types.object.current > 0) // true)",
     .function = profile},
    {.name = "check_leaks",
     .returns = Type::kBoolean,
     .summary = "Whether there are objects that nothing can reach any more: dead cycles that were not collected yet. "
                "Walks the whole heap.",
     .example = R"(rt = require("runtime")
rt.gc()
print(rt.check_leaks()) // false)",
     .function = check_leaks},
    {.name = "leak_report",
     .returns = Type::kString,
     .summary = "The report that `-profile-memory` writes at the end, as it would look now.",
     .example = R"(print(contains(require("runtime").leak_report(), "potential leaks")) // true)",
     .function = leak_report},
    {.name = "profile_reset",
     .returns = Type::kNil,
     .summary = "Starts all counts anew, as if what is there now had just been allocated; peaks are what is used now.",
     .example = R"(rt = require("runtime")
rt.profile_reset()
print(rt.memory().deallocations < 100) // true)",
     .function = profile_reset},
};

}  // namespace

Value memory_record(execution::Instance& instance) {
  memory::Heap& heap = instance.heap();
  const memory::HeapCounters counters = heap.counters();
  std::size_t allocations = 0;
  std::size_t deallocations = 0;
  for (std::size_t type = 0; type < memory::kTypeCount; ++type) {
    allocations += heap.type_counters(static_cast<std::uint8_t>(type)).allocated;
    deallocations += heap.type_counters(static_cast<std::uint8_t>(type)).freed;
  }
  const memory::ProcessBudget& budget = memory::ProcessBudget::instance();
  const std::size_t process_used = budget.claimed() - heap.unused_claim();
  const memory::StackSegments& stack = instance.flow().stack;
  const bool is_running = stack.limit() != nullptr;
  Record record(instance);
  record.set("heap_used", counters.used());
  record.set("heap_peak", counters.peak_bytes);
  record.set("heap_limit", heap.limit());
  record.set("objects", allocations - deallocations);
  record.set("allocations", allocations);
  record.set("deallocations", deallocations);
  record.set("bytes_allocated", counters.bytes_allocated);
  record.set("bytes_freed", counters.bytes_freed);
  record.set("process_heap_used", process_used);
  record.set("process_heap_limit", budget.limit());
  record.set("rss", resident_bytes());
  record.set("stack_used", is_running ? stack.used() : 0);
  record.set("stack_limit", stack.limit_bytes());
  return record.take();
}

ModuleFunctions profile_functions() { return kFunctions; }

}  // namespace duso::stdlib
