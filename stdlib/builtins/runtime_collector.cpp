// Module `runtime`: the cycle collector (memory-and-panics.md 3).
#include "stdlib/builtins/module_runtime.hpp"
#include "stdlib/builtins/record.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

Value collector_statistics(execution::Instance& instance) {
  const memory::CollectorStats stats = instance.heap().collector_stats();
  Record record(instance);
  record.set("enabled", instance.config().heap.collect_cycles);
  record.set("collections", stats.collections);
  record.set("cycles_detected", stats.cycles_detected);
  record.set("objects_collected", stats.objects_collected);
  record.set("bytes_collected", stats.bytes_collected);
  record.set("total_time", stats.total_seconds);
  record.set("last_time", stats.last_seconds);
  record.set("last_collection", stats.collections != 0 ? Value(stats.last_collection) : Value::nil());
  record.set("threshold", stats.effective_threshold);
  record.set("candidates", stats.candidates);
  return record.take();
}

const BuiltinSpec kFunctions[] = {
    {.name = "gc",
     .returns = Type::kNumber,
     .summary = "Collects dead cycles now, even if automatic collections are off. Returns how many objects were freed.",
     .example = R"(rt = require("runtime")
a = {}
a.me = a
a = nil
print(rt.gc()) // 1)",
     .function = [](Call& call) -> Value { return Value(static_cast<double>(call.heap().collect())); }},
    {.name = "should_collect",
     .returns = Type::kBoolean,
     .summary = "Whether the next array, object or function that is made would start a collection, were they on.",
     .example = R"(print(require("runtime").should_collect()) // false)",
     .function = [](Call& call) -> Value { return Value(call.heap().should_collect()); }},
    {.name = "gc_stats",
     .returns = Type::kObject,
     .summary =
         "What the cycle collector did so far: `enabled`, `collections`, `cycles_detected`, `objects_collected`, "
         "`bytes_collected`, `total_time` and `last_time` in seconds, `last_collection` as a Unix time or nil, "
         "and `threshold` and `candidates` as they are now.",
     .example = R"(rt = require("runtime")
rt.gc()
print(rt.gc_stats().collections) // 1)",
     .function = [](Call& call) -> Value { return collector_statistics(call.instance()); }},
};

}  // namespace

Value collector_record(execution::Instance& instance) {
  return instance.config().heap.collect_cycles ? collector_statistics(instance) : Value::nil();
}

ModuleFunctions collector_functions() { return kFunctions; }

}  // namespace duso::stdlib
