// rt.panic, rt.protect and their relatives: panics in the hands of scripts (memory-and-panics.md 6).
//
// What a panic is, and what becomes of an instance that has one, is decided in runtime/. This is its face: records as
// objects, the result of a protected call, and the script's own hook.
#include "stdlib/builtins/panic_functions.hpp"

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include "interpreter/execution/calls.hpp"
#include "interpreter/execution/engine.hpp"
#include "interpreter/values/function.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/opaque.hpp"
#include "interpreter/values/text_form.hpp"
#include "runtime/console.hpp"
#include "runtime/host.hpp"
#include "runtime/panic/panic.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/handles.hpp"
#include "stdlib/builtins/task_calls.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::PendingKind;
using execution::Type;
using panic::PanicInfo;
using tasks::ScriptInstance;

namespace {

// Raises "runtime.NAME: [message]".
Value raise_here(const Call& call, const std::string& message) {
  return call.raise("runtime." + std::string(call.spec().name) + ": " + message);
}

// --- records ---

// A new object that is filled property by property.
class ObjectBuilder {
 public:
  explicit ObjectBuilder(const Call& call)
      : call_(call), object_(Value(new_object(call.heap(), call.instance().engine().shapes()))) {}

  // Takes over [owned].
  void set(const char* name, Value owned) {
    set_property(call_.heap(), object_.get().object(), call_.instance().engine().names().intern(name), owned);
  }
  void set(const char* name, std::string_view text) { set(name, call_.string(text)); }
  void set(const char* name, std::uint64_t number) { set(name, Value(static_cast<double>(number))); }
  Value take() { return object_.take(); }

 private:
  const Call& call_;
  Owned object_;
};

std::string_view without_last_newline(std::string_view lines) {
  return lines.ends_with('\n') ? lines.substr(0, lines.size() - 1) : lines;
}

// The record of [info] as scripts see it (6.5); owned.
Value new_record(const Call& call, const PanicInfo& info) {
  ObjectBuilder record(call);
  record.set("id", info.id);
  record.set("kind", panic::name_of(info.kind));
  record.set("message", info.message);
  if (info.file.empty()) {
    for (const char* name : {"location", "file", "line", "column"}) record.set(name, Value::nil());
  } else {
    record.set("location", info.location());
    record.set("file", info.file);
    record.set("line", std::uint64_t{info.line});
    record.set("column", std::uint64_t{info.column});
  }
  record.set("stack", without_last_newline(info.stack));
  record.set("backtrace", without_last_newline(info.backtrace));
  record.set("instance", info.instance);
  record.set("script", info.script);
  record.set("task", info.task);
  record.set("time", Value(info.time));
  record.set("recovered", Value(info.recovered));
  record.set("thread", info.thread);
  return record.take();
}

Value panics(Call& call) {
  const std::vector<PanicInfo> history = panic::panic_history();
  Owned records(Value(new_array(call.heap(), history.size())));
  for (const PanicInfo& info : history) push(records.get().array(), new_record(call, info));
  return records.take();
}

Value last_panic(Call& call) {
  const std::optional<PanicInfo> info = panic::last_panic();
  return info.has_value() ? new_record(call, *info) : Value::nil();
}

Value clear_panics(Call&) { return Value(static_cast<double>(panic::clear_panic_history())); }

// The pending error of a function that [call] has called, as a catch block around it would get it; owned.
Value error_of_callback(const Call& call) {
  call.instance().locate(call.caller(), call.site() != nullptr ? call.site()->position : syntax::Position{});
  return call.instance().take_error();
}

// --- hooks ---

// Calls [hook] with the record of [info]. Its error is printed and no more. Value::raise() if it does not just return
// or throw: it is cancelled, ends the script, or panics.
Value call_hook(Call& call, ScriptInstance& instance, Value hook, const PanicInfo& info) {
  const Owned held = Owned::share(hook);
  const Owned record(new_record(call, info));
  tasks::Task& task = instance.current();
  const bool outer = task.runs_panic_hook();
  task.set_runs_panic_hook(true);
  const Value argument = record.get();
  const Value result = call.call(held.get(), {&argument, 1});
  task.set_runs_panic_hook(outer);
  release(result);
  if (!result.is_raise()) return Value::nil();
  if (instance.pending().kind != PendingKind::kError) return Value::raise();
  const Owned error(error_of_callback(call));
  const std::string text =
      error.get().is(HeapType::kError) ? stack_text(as_error(error.get())) : display_text(error.get());
  call.host().console().write_error("panic hook: error: " + text + '\n');
  return Value::nil();
}

// The function that the script gave to on_panic, borrowed; nil if there is none.
Value hook_of(const ScriptInstance& instance) {
  const Value hook = instance.panic_hook();
  return hook.is_nil() ? hook : static_cast<const HostFunction*>(hook.heap_object())->bound;
}

// What runs as a task when a panic has happened in another instance.
Value run_hook_task(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const std::shared_ptr<const PanicInfo> info = instance->next_untold_panic();
  return info != nullptr ? call_hook(call, *instance, hook_of(*instance), *info) : Value::nil();
}

const BuiltinSpec kHookTask{
    .name = "panic hook",
    .summary = "Tells the script's hook of a panic in another instance.",
    .example = "",
    .function = run_hook_task,
};

Value on_panic(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const Value hook = call.argument(0);
  if (!hook.is_nil() && !hook.is_callable()) {
    return raise_here(call, std::string("expected a function or nil, got ") + type_name(hook));
  }
  const Value previous = retain(hook_of(*instance));
  tasks::BoundCall hook_task;
  if (!hook.is_nil()) {
    hook_task.origin = origin_of(call);
    hook_task.function = Owned(Value::other(new_host_function(call.heap(), &kHookTask, retain(hook))));
  }
  instance->set_panic_hook(std::move(hook_task));
  return previous;
}

// --- raising and stopping ---

Value raise_panic(Call& call) { panic::script_panic(DisplayText(call.argument(0)).view()); }

// What protect() returns for the panic that is pending.
Value stop_panic(Call& call, ScriptInstance& instance) {
  PanicInfo info = *instance.take_panic();
  panic::mark_recovered(info.id);
  info.recovered = true;
  const Value hook = hook_of(instance);
  if (!hook.is_nil() && !instance.current().runs_panic_hook() && call_hook(call, instance, hook, info).is_raise()) {
    return Value::raise();
  }
  ObjectBuilder result(call);
  result.set("ok", Value(false));
  instance.raise_foreign(call.string(info.error_message()), info.error_stack());
  result.set("error", instance.take_error());
  result.set("panic", new_record(call, info));
  return result.take();
}

Value protect(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const Value function = call.argument(0);
  if (!function.is_callable()) return raise_here(call, std::string("expected a function, got ") + type_name(function));
  const Value value =
      execution::call_from_native(call.caller(), function, call.arguments().subspan(1), call.unknown_named());
  if (value.is_raise() && instance->pending().kind == PendingKind::kPanic) return stop_panic(call, *instance);
  if (value.is_raise() && instance->pending().kind != PendingKind::kError) return Value::raise();
  const bool ok = !value.is_raise();
  Owned outcome(ok ? value : error_of_callback(call));
  ObjectBuilder result(call);
  result.set("ok", Value(ok));
  result.set(ok ? "value" : "error", outcome.take());
  return result.take();
}

// --- faults on purpose ---

volatile std::uintptr_t no_place = 16;
volatile int no_depth = -1;

// Calls itself until the native stack is full.
[[gnu::noinline]] int go_deeper(int depth) {
  volatile char frame[512];
  frame[depth % 512] = static_cast<char>(depth);
  if (depth == no_depth) return 0;
  return go_deeper(depth + 1) + frame[depth % 7];
}

Value test_fault(Call& call) {
  if (call.host().command_line().flag("test-faults") == nullptr) {
    return raise_here(call, "start duso with -test-faults");
  }
  const std::string kind(DisplayText(call.argument(0)).view());
  if (kind == "exception") throw std::runtime_error("test fault");
  if (kind == "check") panic::check(false, "test fault");
  if (kind == "segv") *reinterpret_cast<volatile int*>(no_place) = 1;
  if (kind == "abort") std::abort();
  if (kind == "native_overflow") return Value(static_cast<double>(go_deeper(0)));
  if (kind == "bad_alloc") throw std::bad_alloc();
  if (kind == "allocation") {
    const Value number = call.argument(1);
    const bool can_be_one = number.is_number() && number.number() >= 1 && number.number() <= 1e9;
    if (!can_be_one) return raise_here(call, "number must be from 1 to 1e9");
    call.heap().fail_allocation(static_cast<std::size_t>(number.number()));
    return Value::nil();
  }
  return raise_here(call, "unknown kind \"" + kind + "\"");
}

// --- the table ---

const BuiltinSpec kPanic{
    .name = "panic",
    .parameters = {{"message", Type::kAny, "nil"}},
    .returns = Type::kNone,
    .summary =
        "Ends the script as a fault of the runtime does: no `catch` stops it, only `protect`. `message` is turned into "
        "text as `print` does.",
    .example = R"(rt = require("runtime")
print(rt.protect(rt.panic, "no way on").error.message) // panic: no way on)",
    .function = raise_panic,
};

const BuiltinSpec kProtect{
    .name = "protect",
    .parameters = {{.name = "fn", .type = Type::kFunction, .positional_only = true}},
    .rest = {{"args"}},
    .returns = Type::kObject,
    .may_suspend = true,
    .errors = {"runtime.protect: expected a function, got {type}"},
    .summary =
        "Calls `fn` with the further arguments and returns what came of it: `{ok = true, value}`, or `{ok = false, "
        "error}` if it threw, with the record of the panic as `panic` if it panicked.",
    .example = R"(rt = require("runtime")
print(rt.protect(max, 2, 3).value)            // 3
print(rt.protect(throw, "no").error.message) // no)",
    .function = protect,
};

const BuiltinSpec kPanics{
    .name = "panics",
    .returns = Type::kArray,
    .summary =
        "The latest panics of the process, oldest first, as records: `id kind message location file line column stack "
        "backtrace instance script task time recovered thread`.",
    .example = R"(rt = require("runtime")
print(len(rt.panics())) // 0)",
    .function = panics,
};

const BuiltinSpec kLastPanic{
    .name = "last_panic",
    .returns = Type::kObject | Type::kNil,
    .summary = "The record of the newest panic that is kept, or nil.",
    .example = R"(rt = require("runtime")
rt.protect(rt.panic, "no")
print(rt.last_panic().kind) // script_panic)",
    .function = last_panic,
};

const BuiltinSpec kClearPanics{
    .name = "clear_panics",
    .returns = Type::kNumber,
    .summary = "Forgets the records of all panics and returns how many there were.",
    .example = R"(rt = require("runtime")
print(rt.clear_panics()) // 0)",
    .function = clear_panics,
};

const BuiltinSpec kOnPanic{
    .name = "on_panic",
    .parameters = {{.name = "fn", .type = Type::kFunction | Type::kNil}},
    .returns = Type::kFunction | Type::kNil,
    .errors = {"runtime.on_panic: expected a function or nil, got {type}"},
    .summary =
        "Makes `fn` this script's hook, which is called with the record of every panic that `protect` stops here, and "
        "of every panic of another script, the latter as a task; nil removes it. Returns the previous hook.",
    .example = R"(rt = require("runtime")
rt.on_panic(function(p) print("hook:", p.message) end)
rt.protect(rt.panic, "no") // hook: no)",
    .function = on_panic,
};

const BuiltinSpec kTestFault{
    .name = "test_fault",
    .parameters = {{"kind", Type::kString}, {"number", Type::kNumber, "1"}},
    .returns = Type::kNone,
    .errors = {"runtime.test_fault: start duso with -test-faults", R"(runtime.test_fault: unknown kind "{kind}")",
               "runtime.test_fault: number must be from 1 to 1e9"},
    .summary =
        "Makes the runtime fail, to test what happens then: `exception`, `check`, `segv`, `abort`, `native_overflow` "
        "or `bad_alloc` do so at once, `allocation` lets the script's allocation that comes as the `number`-th from "
        "now find no memory. Only if duso was started with `-test-faults`.",
    .example = R"(rt = require("runtime")
print(rt.protect(rt.test_fault, "segv").error.message) // runtime.test_fault: start duso with -test-faults)",
    .function = test_fault,
};

const BuiltinSpec* const kTable[] = {&kPanic, &kProtect, &kPanics, &kLastPanic, &kClearPanics, &kOnPanic, &kTestFault};

}  // namespace

Family panic_functions() { return kTable; }

}  // namespace duso::stdlib
