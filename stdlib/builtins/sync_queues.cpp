// Module `sync`: Queue.
#include "runtime/freezer.hpp"
#include "runtime/tasks/sync/queue.hpp"
#include "runtime/tasks/worker.hpp"
#include "stdlib/builtins/sync_handles.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;
using tasks::Wake;
using tasks::sync::Patience;
using tasks::sync::Queue;

namespace {

// A copy of the first argument, to be put. Empty, and an error is pending, if it can not be copied.
Queue::Parcel parcel_of(const Call& call) {
  Queue::Parcel parcel;
  FreezeResult frozen = calling_worker(call).freezer().freeze(call.argument(0));
  if (frozen.ok()) {
    parcel.push_back({std::move(frozen.value)});
  } else {
    call.raise(frozen.problem_text());
  }
  return parcel;
}

// The script value of what came in [parcel]. If there is no memory for it, the item goes back.
Value unpack(Call& call, Queue::Parcel& parcel) {
  try {
    return calling_worker(call).freezer().thaw(call.heap(), parcel.front().value);
  } catch (...) {
    bound_object<Queue>(call).give_back(parcel, calling_worker(call));
    throw;
  }
}

Value raise_missed(const Call& call, const Queue::Outcome& outcome) {
  return outcome.is_closed ? call.raise("queue is closed") : calling_instance(call).raise_woken(call, outcome.wake);
}

Value put(Call& call) {
  const auto patience = patience_of(call, 1);
  if (!patience.has_value()) return Value::raise();
  Queue::Parcel parcel = parcel_of(call);
  if (parcel.empty()) return Value::raise();
  const Queue::Outcome outcome = bound_object<Queue>(call).put(parcel, *patience);
  return outcome.wake == Wake::kReady && !outcome.is_closed ? Value::nil() : raise_missed(call, outcome);
}

Value get(Call& call) {
  const auto patience = patience_of(call, 0);
  if (!patience.has_value()) return Value::raise();
  Queue::Parcel parcel;
  const Queue::Outcome outcome = bound_object<Queue>(call).get(parcel, *patience);
  return parcel.empty() ? raise_missed(call, outcome) : unpack(call, parcel);
}

Value try_put(Call& call) {
  Queue::Parcel parcel = parcel_of(call);
  if (parcel.empty()) return Value::raise();
  const Queue::Outcome outcome = bound_object<Queue>(call).put(parcel, no_patience(call));
  return Value(outcome.wake == Wake::kReady && !outcome.is_closed);
}

Value try_get(Call& call) {
  Queue::Parcel parcel;
  bound_object<Queue>(call).get(parcel, no_patience(call));
  return parcel.empty() ? Value::nil() : unpack(call, parcel);
}

Value close(Call& call) {
  bound_object<Queue>(call).close(calling_worker(call));
  return Value::nil();
}

const BuiltinSpec kQueueMethods[] = {
    {.name = "put",
     .parameters = {{.name = "item"}, kSyncTimeout},
     .returns = Type::kNil,
     .may_suspend = true,
     .errors = {"queue is closed", "timeout exceeded", "cannot copy a cyclic value",
                "put() timeout must be a number of seconds"},
     .summary = "Appends a copy of `item`. Waits while the queue is full, for at most `timeout` seconds, then throws "
                "`timeout exceeded`; throws `queue is closed`.",
     .example = R"(print(sync.Queue("jobs").put({id = 1})) // nil)",
     .function = put},
    {.name = "get",
     .parameters = {kSyncTimeout},
     .may_suspend = true,
     .errors = {"queue is closed", "timeout exceeded", "get() timeout must be a number of seconds"},
     .summary = "Takes the first item. Waits while there is none, for at most `timeout` seconds, then throws "
                "`timeout exceeded`; throws `queue is closed` when no more will come.",
     .example = R"(sync.Queue("jobs").put("first")
print(sync.Queue("jobs").get()) // first)",
     .function = get},
    {.name = "try_put",
     .parameters = {{.name = "item"}},
     .returns = Type::kBoolean,
     .errors = {"cannot copy a cyclic value"},
     .summary = "Appends a copy of `item` if that can be done at once, and returns whether it was.",
     .example = R"(print(sync.Queue("jobs").try_put(1)) // true)",
     .function = try_put},
    {.name = "try_get",
     .summary = "Takes the first item; nil if there is none.",
     .example = R"(print(sync.Queue("jobs").try_get()) // nil)",
     .function = try_get},
    {.name = "size",
     .returns = Type::kNumber,
     .summary = "How many items there are.",
     .example = R"(print(sync.Queue("jobs").size()) // 0)",
     .function = [](Call& call) -> Value { return Value(static_cast<double>(bound_object<Queue>(call).size())); }},
    {.name = "close",
     .returns = Type::kNil,
     .summary = "No more items are accepted; those that are there can still be taken. Whoever waits gets an error.",
     .example = R"(print(sync.Queue("jobs").close()) // nil)",
     .function = close},
    {.name = "closed",
     .returns = Type::kBoolean,
     .summary = "Whether the queue was closed.",
     .example = R"(print(sync.Queue("jobs").closed()) // false)",
     .function = [](Call& call) -> Value { return Value(bound_object<Queue>(call).is_closed()); }},
};

Value open_queue(Call& call) {
  const std::optional<std::int64_t> size = whole_number(call, 1, "Queue", 0, 0);
  if (!size.has_value()) return Value::raise();
  return open_sync_object<Queue>(call, kQueueMethods, static_cast<std::size_t>(*size));
}

const BuiltinSpec kQueue{
    .name = "Queue",
    .parameters = {kSyncName, {.name = "maxsize", .type = Type::kNumber, .fallback = "0"}},
    .returns = Type::kObject,
    .errors = {"Queue() requires a string as first argument", "Queue expects a whole number of at least 0"},
    .summary =
        "The process-wide queue called `name`, with room for `maxsize` items, or any number of them: `put`, "
        "`get`, `try_put`, `try_get`, `size`, `close`, `closed`.",
    .example = R"(print(sync.Queue("jobs", maxsize = 100).size()) // 0)",
    .function = open_queue,
};

const BuiltinSpec* const kTable[] = {&kQueue};

}  // namespace

Family sync_queue_kinds() { return kTable; }

}  // namespace duso::stdlib
