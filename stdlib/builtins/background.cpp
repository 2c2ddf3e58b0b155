// background: functions and scripts that run beside the program (tasks.md 11).
#include "runtime/tasks/background.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/text_form.hpp"
#include "runtime/module_search.hpp"
#include "runtime/tasks/runtime.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/files_call.hpp"
#include "stdlib/builtins/script_loading.hpp"
#include "stdlib/builtins/spawned.hpp"
#include "stdlib/builtins/sync_handles.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::CallOrigin;
using execution::PendingKind;
using execution::Type;
using tasks::BackgroundJob;
using tasks::Restart;
using tasks::ScriptInstance;
using tasks::TaskStatus;
using tasks::Wake;

namespace {

// --- the handle ---

using HeldJob = std::shared_ptr<BackgroundJob>;

const HostType kJobType{
    .name = "background",
    .drop = [](void* payload) { std::unique_ptr<HeldJob>(static_cast<HeldJob*>(payload)); },
};

BackgroundJob& bound_job(const Call& call) { return *bound_payload<HeldJob>(call); }

// Raises what [job], which has ended, did not end well by.
Value raise_ending(const Call& call, const BackgroundJob& job) {
  ScriptInstance& instance = calling_instance(call);
  const tasks::Ending& ending = job.ending();
  switch (ending.kind) {
    case PendingKind::kError:
      return instance.raise_foreign(instance.worker().freezer().thaw(call.heap(), ending.value), ending.error_text);
    case PendingKind::kPanic:
      return instance.raise_foreign(call.string(ending.panic->error_message()), ending.panic->error_stack());
    default:
      break;
  }
  if (!job.is_cancelled()) return call.raise("killed");
  const std::string reason = job.cancel_reason();
  return call.raise(reason.empty() ? "background cancelled" : "background cancelled: " + reason);
}

// Waits for the end of the job. Nothing, and the call has to return Value::raise(), unless it has ended or the time is
// over.
std::optional<Wake> join(const Call& call) {
  const auto patience = patience_of(call, 0);
  if (!patience.has_value()) return std::nullopt;
  const Wake wake = bound_job(call).wait(*patience);
  if (wake == Wake::kReady || wake == Wake::kTimeout) return wake;
  calling_instance(call).raise_woken(call, wake);
  return std::nullopt;
}

Value handle_get(Call& call) {
  const std::optional<Wake> wake = join(call);
  if (!wake.has_value()) return Value::raise();
  if (*wake == Wake::kTimeout) return call.raise("timeout exceeded");
  const BackgroundJob& job = bound_job(call);
  if (job.status() != TaskStatus::kCompleted) return raise_ending(call, job);
  return calling_worker(call).freezer().thaw(call.heap(), job.ending().value);
}

Value handle_wait(Call& call) {
  const Owned value(handle_get(call));
  return value.get().is_raise() ? Value::raise() : Value::nil();
}

Value handle_join(Call& call) {
  const std::optional<Wake> wake = join(call);
  return wake.has_value() ? Value(*wake == Wake::kReady) : Value::raise();
}

Value handle_error(Call& call) {
  const BackgroundJob& job = bound_job(call);
  const TaskStatus status = job.status();
  if (status != TaskStatus::kFailed && status != TaskStatus::kCancelled) return Value::nil();
  raise_ending(call, job);
  return call.instance().take_error();
}

Value handle_cancel(Call& call) {
  const String* const reason = optional_string(call, 0);
  return Value(bound_job(call).cancel(reason != nullptr ? reason->view() : std::string_view(), calling_worker(call)));
}

const BuiltinSpec kHandleMethods[] = {
    {.name = "get",
     .parameters = {kSyncTimeout},
     .may_suspend = true,
     .errors = {"get() timeout must be a number of seconds", "timeout exceeded", "killed", "background cancelled",
                "background cancelled: {reason}"},
     .summary = "Waits for the end of the job, at most `timeout` seconds, and returns a copy of its value; throws its "
                "error.",
     .example = R"du(save("/STORE/answer.du", "return {find = function() return 42 end}")
print(background({now = true}, "answer", "/STORE/answer.find").get()) // 42)du",
     .function = handle_get},
    {.name = "wait",
     .parameters = {kSyncTimeout},
     .returns = Type::kNil,
     .may_suspend = true,
     .errors = {"wait() timeout must be a number of seconds", "timeout exceeded", "killed", "background cancelled",
                "background cancelled: {reason}"},
     .summary = "Waits for the end of the job, at most `timeout` seconds; throws its error.",
     .example = R"du(save("/STORE/answer.du", "return {find = function() return 42 end}")
print(background({now = true}, "answer", "/STORE/answer.find").wait()) // nil)du",
     .function = handle_wait},
    {.name = "join",
     .parameters = {kSyncTimeout},
     .returns = Type::kBoolean,
     .may_suspend = true,
     .errors = {"join() timeout must be a number of seconds"},
     .summary = "Waits until the job has ended, however it does, for at most `timeout` seconds. False: it has not.",
     .example = R"du(save("/STORE/answer.du", "return {find = function() return 42 end}")
print(background({now = true}, "answer", "/STORE/answer.find").join()) // true)du",
     .function = handle_join},
    {.name = "done",
     .returns = Type::kBoolean,
     .summary = "Whether the job has ended, however it did; not while it waits for a restart.",
     .example = R"du(save("/STORE/idle.du", "sleep(60)")
job = background("idler", "/STORE/idle.du")
print(job.done()) // false
job.cancel()
print(job.done()) // true)du",
     .function = [](Call& call) -> Value { return Value(bound_job(call).status() >= TaskStatus::kCompleted); }},
    {.name = "status",
     .returns = Type::kNumber,
     .summary = "`TASK_PENDING` before the job starts and while it waits for a restart, `TASK_RUNNING`, "
                "`TASK_COMPLETED`, `TASK_FAILED` or `TASK_CANCELLED`.",
     .example = R"du(save("/STORE/idle.du", "sleep(60)")
job = background("idler", "/STORE/idle.du")
print(job.status() == TASK_PENDING) // true
job.cancel())du",
     .function = [](Call& call) -> Value { return Value(static_cast<double>(bound_job(call).status())); }},
    {.name = "error",
     .returns = Type::kError | Type::kNil,
     .summary = "The error of a job that failed or was cancelled, else nil.",
     .example = R"du(save("/STORE/idle.du", "sleep(60)")
job = background("idler", "/STORE/idle.du")
job.cancel("not needed")
print(job.error().message) // background cancelled: not needed)du",
     .function = handle_error},
    {.name = "cancel",
     .parameters = {{.name = "reason", .type = Type::kString, .fallback = "nil"}},
     .returns = Type::kBoolean,
     .summary = "Ends the job for good: its instance as `kill` does, with its cleanups. True if it had not ended yet.",
     .example = R"du(save("/STORE/idle.du", "sleep(60)")
print(background("idler", "/STORE/idle.du").cancel()) // true)du",
     .function = handle_cancel},
};

// --- what a job runs ---

// A handler as a script writes it: "module.function", "file.du:function", "file.du".
struct Handler {
  std::string_view file;
  std::string_view function;  // empty: the whole script
  bool is_module;
};

std::optional<Handler> parse_handler(std::string_view text) {
  constexpr std::string_view kExtension = ".du";
  if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    const Handler handler{text.substr(0, colon), text.substr(colon + 1), false};
    return handler.file.empty() || handler.function.empty() ? std::nullopt : std::optional(handler);
  }
  if (text.ends_with(kExtension)) return Handler{text, {}, false};
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) return std::nullopt;
  return Handler{text.substr(0, dot), text.substr(dot + 1), true};
}

// Calls what the program exports as [function], with the arguments that are in the context.
Value call_export(ScriptInstance& instance, const CallOrigin& origin, Value exports, const std::string& function) {
  execution::Engine& engine = instance.engine();
  const Value* const found =
      exports.is_object() ? find_property(exports.object(), engine.names().intern(function)) : nullptr;
  if (found == nullptr || !found->is_callable()) {
    return instance.raise_unlocated(instance.setup().script + " exports no function \"" + function + '"');
  }
  const Owned held = Owned::share(*found);
  const Owned context(instance.worker().freezer().thaw(instance.heap(), instance.setup().context));
  const Object* const given = context.get().object();
  const Array* const positional = property_value(given, 1).array();
  const Object* const by_name = property_value(given, 2).object();
  std::vector<Call::Named> named;
  for (std::uint32_t i = 0; i < property_count(by_name); ++i) {
    named.push_back({engine.names().intern(property_name(by_name, i)->view()), property_value(by_name, i)});
  }
  return execution::call_in_flow(origin, held.get(), positional->elements(), named);
}

// Fills in what the handler text at [index] means. False, and an error is pending, if there is no such thing.
bool read_handler(const Call& call, ScriptInstance& instance, std::size_t index, tasks::InstanceSetup& setup) {
  const String* const text = optional_string(call, index);
  const std::optional<Handler> handler = text != nullptr ? parse_handler(text->view()) : std::nullopt;
  if (!handler.has_value()) {
    call.raise("background() expects a handler: \"module.function\", \"file.du:function\" or \"file.du\"");
    return false;
  }
  std::string path;
  if (handler->is_module) {
    const ModuleSearch search = find_module(files_of(call), handler->file, here_directory(call));
    if (search.found) path = search.found->path;
  } else {
    path = resolve_script_path(instance, handler->file);
  }
  LoadedProgram loaded;
  if (!path.empty()) loaded = load_program_at(instance.worker(), path);
  if (!loaded.exists) {
    call.raise("background: cannot find \"" + std::string(text->view()) + '"');
    return false;
  }
  if (loaded.program == nullptr) {
    call.raise("background: failed to parse " + loaded.path + ": " + loaded.error);
    return false;
  }
  setup.program = std::move(loaded.program);
  setup.script = std::move(loaded.path);
  setup.directory = std::move(loaded.directory);
  if (handler->function.empty()) return true;
  setup.entry = [function = std::string(handler->function)](ScriptInstance& running, const CallOrigin& origin,
                                                            Value exports) {
    return call_export(running, origin, exports, function);
  };
  return true;
}

// A copy of [value] that may leave the instance. Nothing, and an error is pending, if there is none.
std::optional<FrozenValue> freeze_argument(const Call& call, Value value, const std::string& place) {
  FreezeResult frozen = calling_worker(call).freezer().freeze(value, FunctionRule::kRefuse);
  if (frozen.ok()) return std::move(frozen.value);
  const bool is_about_it = frozen.problem == FreezeProblem::kFunction;
  call.raise("background: argument " + place + (is_about_it ? " " : ": ") + std::string(frozen.problem_text()));
  return std::nullopt;
}

// Fills in the context: {name, args, kwargs}. [first]: where the arguments of the handler begin.
bool read_arguments(const Call& call, std::size_t first, std::string_view name, tasks::InstanceSetup& setup) {
  std::vector<FrozenValue> positional;
  for (std::size_t i = first; i < call.count(); ++i) {
    std::optional<FrozenValue> frozen = freeze_argument(call, call.argument(i), std::to_string(i - first + 1));
    if (!frozen.has_value()) return false;
    positional.push_back(std::move(*frozen));
  }
  std::vector<FrozenValue::Property> named;
  for (const Call::Named& argument : call.unknown_named()) {
    const std::string place = '"' + std::string(argument.name->view()) + '"';
    std::optional<FrozenValue> frozen = freeze_argument(call, argument.value, place);
    if (!frozen.has_value()) return false;
    named.push_back({argument.name->view(), std::move(*frozen)});
  }
  const FrozenValue::Property context[] = {
      {"name", FrozenValue(name)}, {"args", FrozenValue::array(positional)}, {"kwargs", FrozenValue::object(named)}};
  setup.context = FrozenValue::object(context);
  return true;
}

// --- background ---

// Reads the options object at the front. False, and an error is pending, if there is one that does not exist or has a
// wrong type.
bool read_options(const Call& call, const Object* object, tasks::BackgroundSpec& spec, bool& starts_now) {
  for (std::uint32_t i = 0; i < property_count(object); ++i) {
    const std::string_view name = property_name(object, i)->view();
    const Value value = property_value(object, i);
    const auto wrong = [&](const char* what) {
      call.raise("background() option \"" + std::string(name) + "\" must be " + what);
      return false;
    };
    if (name == "now") {
      if (!value.is_boolean()) return wrong("true or false");
      starts_now = value.is_true();
    } else if (name == "delay") {
      if (!value.is_number() || !(value.number() >= 0)) return wrong("a number of seconds");
      spec.delay = value.number();
    } else if (name == "restart") {
      const std::string_view when = value.is_string() ? value.string()->view() : std::string_view();
      if (when != "never" && when != "on_error" && when != "always") {
        return wrong(R"("never", "on_error" or "always")");
      }
      spec.restart = when == "always" ? Restart::kAlways : when == "never" ? Restart::kNo : Restart::kOnError;
    } else {
      call.raise("background() unknown option \"" + std::string(name) + '"');
      return false;
    }
  }
  return true;
}

Value background(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  tasks::BackgroundSpec spec;
  bool starts_now = false;
  std::size_t at = 0;
  if (call.argument(0).is_object()) {
    at = 1;
    if (!read_options(call, call.argument(0).object(), spec, starts_now)) return Value::raise();
  }
  const String* const name = optional_string(call, at);
  if (name == nullptr || name->size == 0) return call.raise("background() expects a name");
  spec.name = name->view();
  spec.setup.limits = instance->setup().limits;
  if (!read_handler(call, *instance, at + 1, spec.setup) || !read_arguments(call, at + 2, spec.name, spec.setup)) {
    return Value::raise();
  }
  HeldJob job = instance->worker().runtime().background().add(std::move(spec), starts_now, report_ending);
  if (job == nullptr) return call.raise("background: \"" + std::string(name->view()) + "\" is already registered");
  const auto pid = static_cast<double>(job->pid());
  const Value text = call.string(name->view());
  return new_handle(call, kJobType, std::make_unique<HeldJob>(std::move(job)).release(),
                    {{"id", Value(pid)}, {"name", text}}, kHandleMethods);
}

const BuiltinSpec kBackground{
    .name = "background",
    .parameters = {{.name = "name", .type = Type::kString | Type::kObject, .positional_only = true},
                   {.name = "handler", .type = Type::kString, .positional_only = true}},
    .rest = "args",
    .returns = Type::kObject,
    .errors = {"background() expects a name",
               "background() expects a handler: \"module.function\", \"file.du:function\" or \"file.du\"",
               "background: cannot find \"{handler}\"", "background: failed to parse {script}: {problem}",
               "background: argument {argument} contains a function", "background: argument {argument}: {problem}",
               "background: \"{name}\" is already registered", "background() option \"{option}\" must be {type}",
               "background() unknown option \"{option}\""},
    .summary =
        "Registers a job that runs beside the program in an instance of its own: a function that a module or a script "
        "exports (`\"module.function\"`, `\"file.du:function\"`), called with copies of the further arguments, or a "
        "whole script (`\"file.du\"`), whose `context()` is `{name, args, kwargs}`. It starts when the main script "
        "has run to its end, or when a server starts, and the process stays alive until it has ended. An object in "
        "front gives options: `{now = true}` starts it at once; `{restart = \"on_error\"}` or `\"always\"` starts it "
        "again, after `delay` seconds (1) and twice as long each further time, up to a minute. Returns a handle with "
        "`id` (its pid), `name` and the methods `get`, `wait`, `join`, `done`, `status`, `error`, `cancel`.",
    .example = R"du(save("/STORE/jobs.du", "return {add = function(a, b) return a + b end}")
job = background({now = true}, "adder", "/STORE/jobs.du:add", 40, b = 2)
print(job.get()) // 42)du",
    .function = background,
};

const BuiltinSpec* const kTable[] = {&kBackground};

}  // namespace

Family background_builtins() { return kTable; }

}  // namespace duso::stdlib
