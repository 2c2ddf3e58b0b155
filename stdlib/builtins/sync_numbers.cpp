// Module `sync`: Atomic and Semaphore.
#include "runtime/tasks/sync/atomic.hpp"
#include "runtime/tasks/sync/semaphore.hpp"
#include "stdlib/builtins/sync_handles.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;
using tasks::sync::Atomic;
using tasks::sync::kLargestCount;
using tasks::sync::Semaphore;

namespace {

constexpr std::int64_t kAnyNumber = -kLargestCount;

// --- Atomic ---

Value number(std::int64_t whole) { return Value(static_cast<double>(whole)); }

Value atomic_add(Call& call, const char* speaker, std::int64_t sign) {
  const std::optional<std::int64_t> delta = whole_number(call, 0, speaker, kAnyNumber, 1);
  if (!delta.has_value()) return Value::raise();
  const std::optional<std::int64_t> sum = bound_object<Atomic>(call).add(sign * *delta);
  return sum.has_value() ? number(*sum) : raise_about<Atomic>(call, "value out of range");
}

Value atomic_set(Call& call) {
  const std::optional<std::int64_t> value = whole_number(call, 0, "Atomic.set", kAnyNumber);
  if (!value.has_value()) return Value::raise();
  bound_object<Atomic>(call).set(*value);
  return Value::nil();
}

Value atomic_compare_and_set(Call& call) {
  const std::optional<std::int64_t> expected = whole_number(call, 0, "Atomic.compare_and_set", kAnyNumber);
  if (!expected.has_value()) return Value::raise();
  const std::optional<std::int64_t> value = whole_number(call, 1, "Atomic.compare_and_set", kAnyNumber);
  if (!value.has_value()) return Value::raise();
  return Value(bound_object<Atomic>(call).compare_and_set(*expected, *value));
}

const BuiltinSpec kAtomicMethods[] = {
    {.name = "add",
     .parameters = {{.name = "delta", .type = Type::kNumber, .fallback = "1"}},
     .returns = Type::kNumber,
     .errors = {"Atomic.add expects a whole number", "Atomic \"{name}\": value out of range"},
     .summary = "Adds `delta` and returns the new value.",
     .example = R"(print(sync.Atomic("hits").add(5)) // 5)",
     .function = [](Call& call) -> Value { return atomic_add(call, "Atomic.add", 1); }},
    {.name = "sub",
     .parameters = {{.name = "delta", .type = Type::kNumber, .fallback = "1"}},
     .returns = Type::kNumber,
     .errors = {"Atomic.sub expects a whole number", "Atomic \"{name}\": value out of range"},
     .summary = "Subtracts `delta` and returns the new value.",
     .example = R"(print(sync.Atomic("left", 3).sub()) // 2)",
     .function = [](Call& call) -> Value { return atomic_add(call, "Atomic.sub", -1); }},
    {.name = "get",
     .returns = Type::kNumber,
     .summary = "The value.",
     .example = R"(print(sync.Atomic("hits", 7).get()) // 7)",
     .function = [](Call& call) -> Value { return number(bound_object<Atomic>(call).get()); }},
    {.name = "set",
     .parameters = {{.name = "value", .type = Type::kNumber}},
     .returns = Type::kNil,
     .errors = {"Atomic.set expects a whole number"},
     .summary = "Replaces the value.",
     .example = R"(print(sync.Atomic("hits").set(3)) // nil)",
     .function = atomic_set},
    {.name = "compare_and_set",
     .parameters = {{.name = "expected", .type = Type::kNumber}, {.name = "new", .type = Type::kNumber}},
     .returns = Type::kBoolean,
     .errors = {"Atomic.compare_and_set expects a whole number"},
     .summary = "Replaces the value by `new` if it is `expected`, and returns whether it was.",
     .example = R"(print(sync.Atomic("turn", 1).compare_and_set(1, 2)) // true)",
     .function = atomic_compare_and_set},
};

Value open_atomic(Call& call) {
  const std::optional<std::int64_t> initial = whole_number(call, 1, "Atomic", kAnyNumber, 0);
  return initial.has_value() ? open_sync_object<Atomic>(call, kAtomicMethods, *initial) : Value::raise();
}

const BuiltinSpec kAtomic{
    .name = "Atomic",
    .parameters = {kSyncName, {.name = "initial", .type = Type::kNumber, .fallback = "0"}},
    .returns = Type::kObject,
    .errors = {"Atomic() requires a string as first argument", "Atomic expects a whole number"},
    .summary = "The process-wide whole number called `name`: `add`, `sub`, `get`, `set`, `compare_and_set`.",
    .example = R"(print(sync.Atomic("hits", 10).add()) // 11)",
    .function = open_atomic,
};

// --- Semaphore ---

Value semaphore_acquire(Call& call) {
  const std::optional<std::int64_t> count = whole_number(call, 0, "Semaphore.acquire", 1, 1);
  if (!count.has_value()) return Value::raise();
  const auto patience = patience_of(call, 1);
  if (!patience.has_value()) return Value::raise();
  return got_in_time(call, bound_object<Semaphore>(call).acquire(*count, *patience));
}

Value semaphore_release(Call& call) {
  const std::optional<std::int64_t> count = whole_number(call, 0, "Semaphore.release", 1, 1);
  if (!count.has_value()) return Value::raise();
  if (bound_object<Semaphore>(call).release(*count, calling_worker(call))) return Value::nil();
  return raise_about<Semaphore>(call, "too many permits");
}

const BuiltinSpec kSemaphoreMethods[] = {
    {.name = "acquire",
     .parameters = {{.name = "n", .type = Type::kNumber, .fallback = "1"}, kSyncTimeout},
     .returns = Type::kBoolean,
     .may_suspend = true,
     .errors = {"Semaphore.acquire expects a whole number of at least 1",
                "acquire() timeout must be a number of seconds"},
     .summary = "Takes `n` permits, waiting for at most `timeout` seconds. False: there were not enough in time.",
     .example = R"(print(sync.Semaphore("slots", 2).acquire(2)) // true)",
     .function = semaphore_acquire},
    {.name = "release",
     .parameters = {{.name = "n", .type = Type::kNumber, .fallback = "1"}},
     .returns = Type::kNil,
     .errors = {"Semaphore.release expects a whole number of at least 1", "Semaphore \"{name}\": too many permits"},
     .summary = "Gives `n` permits back, or adds them.",
     .example = R"(print(sync.Semaphore("slots").release()) // nil)",
     .function = semaphore_release},
    {.name = "available",
     .returns = Type::kNumber,
     .summary = "How many permits there are now.",
     .example = R"(print(sync.Semaphore("slots", 2).available()) // 2)",
     .function = [](Call& call) -> Value { return number(bound_object<Semaphore>(call).available()); }},
};

Value open_semaphore(Call& call) {
  const std::optional<std::int64_t> permits = whole_number(call, 1, "Semaphore", 0, 1);
  return permits.has_value() ? open_sync_object<Semaphore>(call, kSemaphoreMethods, *permits) : Value::raise();
}

const BuiltinSpec kSemaphore{
    .name = "Semaphore",
    .parameters = {kSyncName, {.name = "permits", .type = Type::kNumber, .fallback = "1"}},
    .returns = Type::kObject,
    .errors = {"Semaphore() requires a string as first argument", "Semaphore expects a whole number of at least 0"},
    .summary = "The process-wide semaphore called `name`: `acquire`, `release`, `available`. It begins with `permits`.",
    .example = R"(print(sync.Semaphore("slots", 2).available()) // 2)",
    .function = open_semaphore,
};

const BuiltinSpec* const kTable[] = {&kAtomic, &kSemaphore};

}  // namespace

Family sync_number_kinds() { return kTable; }

}  // namespace duso::stdlib
