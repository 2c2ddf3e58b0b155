// Module `sync`: WaitGroup and Event.
#include "runtime/tasks/sync/condition.hpp"
#include "stdlib/builtins/sync_handles.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;
using tasks::sync::Event;
using tasks::sync::kLargestCount;
using tasks::sync::WaitGroup;

namespace {

// Waits for the condition of this handle.
template <class Object>
Value wait(Call& call) {
  const auto patience = patience_of(call, 0);
  return patience.has_value() ? got_in_time(call, bound_object<Object>(call).wait(*patience)) : Value::raise();
}

// --- WaitGroup ---

Value change_count(Call& call, std::int64_t delta) {
  switch (bound_object<WaitGroup>(call).add(delta, calling_worker(call))) {
    case WaitGroup::Change::kNegative:
      return raise_about<WaitGroup>(call, "negative counter");
    case WaitGroup::Change::kTooLarge:
      return raise_about<WaitGroup>(call, "counter out of range");
    case WaitGroup::Change::kDone:
      break;
  }
  return Value::nil();
}

Value wait_group_add(Call& call) {
  const std::optional<std::int64_t> delta = whole_number(call, 0, "WaitGroup.add", -kLargestCount, 1);
  return delta.has_value() ? change_count(call, *delta) : Value::raise();
}

const BuiltinSpec kWaitGroupMethods[] = {
    {.name = "add",
     .parameters = {{.name = "delta", .type = Type::kNumber, .fallback = "1"}},
     .returns = Type::kNil,
     .errors = {"WaitGroup.add expects a whole number", "WaitGroup \"{name}\": negative counter",
                "WaitGroup \"{name}\": counter out of range"},
     .summary = "Adds `delta` to the counter: so many more to wait for.",
     .example = R"(print(sync.WaitGroup("jobs").add(2)) // nil)",
     .function = wait_group_add},
    {.name = "done",
     .returns = Type::kNil,
     .errors = {"WaitGroup \"{name}\": negative counter"},
     .summary = "Subtracts 1 from the counter: one less to wait for.",
     .example = R"(sync.WaitGroup("jobs").add()
print(sync.WaitGroup("jobs").done()) // nil)",
     .function = [](Call& call) -> Value { return change_count(call, -1); }},
    {.name = "wait",
     .parameters = {kSyncTimeout},
     .returns = Type::kBoolean,
     .may_suspend = true,
     .errors = {"wait() timeout must be a number of seconds"},
     .summary = "Waits until the counter is zero, for at most `timeout` seconds. False: it was not in time.",
     .example = R"(print(sync.WaitGroup("jobs").wait()) // true)",
     .function = wait<WaitGroup>},
    {.name = "count",
     .returns = Type::kNumber,
     .summary = "The counter.",
     .example = R"(print(sync.WaitGroup("jobs").count()) // 0)",
     .function = [](Call& call) -> Value { return Value(static_cast<double>(bound_object<WaitGroup>(call).count())); }},
};

const BuiltinSpec kWaitGroup{
    .name = "WaitGroup",
    .parameters = {kSyncName},
    .returns = Type::kObject,
    .errors = {"WaitGroup() requires a string as first argument"},
    .summary = "The process-wide counter of unfinished work called `name`: `add`, `done`, `wait`, `count`.",
    .example = R"(print(sync.WaitGroup("jobs").count()) // 0)",
    .function = [](Call& call) -> Value { return open_sync_object<WaitGroup>(call, kWaitGroupMethods); },
};

// --- Event ---

Value event_set(Call& call) {
  bound_object<Event>(call).set(calling_worker(call));
  return Value::nil();
}

Value event_clear(Call& call) {
  bound_object<Event>(call).clear();
  return Value::nil();
}

const BuiltinSpec kEventMethods[] = {
    {.name = "set",
     .returns = Type::kNil,
     .summary = "Sets the event: whoever waits for it goes on, and who comes later need not wait.",
     .example = R"(print(sync.Event("ready").set()) // nil)",
     .function = event_set},
    {.name = "clear",
     .returns = Type::kNil,
     .summary = "Takes the event back: who comes from now on waits for the next `set`.",
     .example = R"(print(sync.Event("ready").clear()) // nil)",
     .function = event_clear},
    {.name = "is_set",
     .returns = Type::kBoolean,
     .summary = "Whether the event is set.",
     .example = R"(print(sync.Event("ready").is_set()) // false)",
     .function = [](Call& call) -> Value { return Value(bound_object<Event>(call).is_set()); }},
    {.name = "wait",
     .parameters = {kSyncTimeout},
     .returns = Type::kBoolean,
     .may_suspend = true,
     .errors = {"wait() timeout must be a number of seconds"},
     .summary = "Waits until the event is set, for at most `timeout` seconds. False: it was not in time.",
     .example = R"(print(sync.Event("ready").wait(0)) // false)",
     .function = wait<Event>},
};

const BuiltinSpec kEvent{
    .name = "Event",
    .parameters = {kSyncName},
    .returns = Type::kObject,
    .errors = {"Event() requires a string as first argument"},
    .summary = "The process-wide event called `name`: `set`, `clear`, `is_set`, `wait`.",
    .example = R"(print(sync.Event("ready").is_set()) // false)",
    .function = [](Call& call) -> Value { return open_sync_object<Event>(call, kEventMethods); },
};

const BuiltinSpec* const kTable[] = {&kWaitGroup, &kEvent};

}  // namespace

Family sync_condition_kinds() { return kTable; }

}  // namespace duso::stdlib
