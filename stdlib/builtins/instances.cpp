// Script instances: run, spawn, context, kill (concurrency.md 2 to 4).
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/opaque.hpp"
#include "interpreter/values/text_form.hpp"
#include "runtime/console.hpp"
#include "runtime/host.hpp"
#include "runtime/panic/panic.hpp"
#include "runtime/tasks/runtime.hpp"
#include "runtime/tasks/tie.hpp"
#include "runtime/tasks/worker.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/handles.hpp"
#include "stdlib/builtins/limits.hpp"
#include "stdlib/builtins/script_loading.hpp"
#include "stdlib/builtins/spawned.hpp"
#include "stdlib/builtins/task_calls.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::PendingKind;
using execution::Type;
using tasks::Ending;
using tasks::InstanceKind;
using tasks::InstanceSetup;
using tasks::ScriptInstance;
using tasks::Wake;
using tasks::Worker;

namespace {

// --- what run and spawn have in common ---

// Makes a setup of the script argument. False, and an error is pending, if there is no such script.
bool read_script(const Call& call, ScriptInstance& instance, InstanceSetup& setup) {
  const Value script = call.argument(0);
  if (script.is(HeapType::kCode)) {
    setup.program = as_code(script)->payload->program;
    setup.script = setup.program->source().name();
    setup.directory.clear();
    return true;
  }
  LoadedProgram loaded = load_program(instance, script.string()->view());
  if (loaded.program == nullptr) {
    call.raise(std::string(call.spec().name) + ": failed to parse " + std::string(script.string()->view()) + ": " +
               loaded.error);
    return false;
  }
  setup.program = std::move(loaded.program);
  setup.script = std::move(loaded.path);
  setup.directory = std::move(loaded.directory);
  return true;
}

bool read_context(const Call& call, ScriptInstance& instance, InstanceSetup& setup) {
  FreezeResult frozen = instance.worker().freezer().freeze(call.argument(1));
  if (!frozen.ok()) {
    call.raise(frozen.problem_text());
    return false;
  }
  setup.context = std::move(frozen.value);
  return true;
}

// The limits of a child are those of its parent, or what `limits` says: never more.
bool read_limits(const Call& call, const ScriptInstance& instance, InstanceSetup& setup) {
  setup.limits = instance.setup().limits;
  for (const Call::Named& named : call.unknown_named()) {
    if (named.name->view() != "limits" || named.value.is_nil()) continue;
    const std::string error = lower_limits(setup.limits, named.value, call.spec().name);
    if (error.empty()) continue;
    call.raise(error);
    return false;
  }
  return true;
}

// Output can be routed to an array of a datastore (concurrency.md 2.2), and this program has none: who asks for that is
// told so. [index]: where the argument `io` stands.
bool read_routing(const Call& call, std::size_t index) {
  Value io = call.argument(index);
  for (const Call::Named& named : call.unknown_named()) {
    if (named.name->view() == "io") io = named.value;
  }
  if (io.is_nil()) return true;
  const auto has_text = [&](const char* name) {
    if (!io.is_object()) return false;
    const Value* const place = find_property(io.object(), call.instance().engine().names().intern(name));
    return place != nullptr && place->is_string();
  };
  const bool is_complete = has_text("datastore") && has_text("queue");
  call.raise(is_complete ? "io: there is no datastore to route output to" : "io requires datastore and queue names");
  return false;
}

// --- run ---

// A child and the task that waits for it. Only the parent's thread touches it, once the child runs. The call that waits
// does not hold it by itself: its stack may be given up without being unwound.
struct Run final : tasks::Tie {
  Run(ScriptInstance& waiting, std::uint64_t child_pid)
      : parent_worker(waiting.worker()), parent(&waiting), task(waiting.current()), pid(child_pid) {
    task.tie(*this);
  }
  // The task was given up where it waits: its child ends with it.
  void cut() override {
    parent = nullptr;
    if (!has_ended) parent_worker.runtime().kill(pid);
    held_for_call.reset();
  }
  // The call has waited enough. Returns what held this for it.
  std::shared_ptr<Run> give_up() {
    if (std::exchange(parent, nullptr) != nullptr) task.untie(*this);
    return std::move(held_for_call);
  }

  void end(Ending how) {
    has_ended = true;
    ending = std::move(how);
    if (parent != nullptr) parent->wake(task);
  }

  Worker& parent_worker;
  ScriptInstance* parent;
  tasks::Task& task;
  const std::uint64_t pid;  // of the child
  std::shared_ptr<Run> held_for_call;
  bool has_ended = false;
  Ending ending;
};

class RunEnded final : public tasks::Message {
 public:
  RunEnded(std::shared_ptr<Run> run, Ending ending) : run_(std::move(run)), ending_(std::move(ending)) {}
  void deliver(Worker&) override { run_->end(std::move(ending_)); }

 private:
  std::shared_ptr<Run> run_;
  Ending ending_;
};

// What run() gives or throws for the way in which its child has ended.
Value value_of(Call& call, ScriptInstance& instance, const Ending& ending) {
  switch (ending.kind) {
    case PendingKind::kExit:
      return instance.worker().freezer().thaw(call.heap(), ending.value);
    case PendingKind::kError:
      return instance.raise_foreign(instance.worker().freezer().thaw(call.heap(), ending.value), ending.error_text);
    case PendingKind::kStopped:
      return call.raise("killed");
    case PendingKind::kPanic:
      return instance.raise_foreign(call.string(ending.panic->error_message()), ending.panic->error_stack());
    case PendingKind::kNone:
    case PendingKind::kShutdown:
      break;
  }
  return Value::nil();
}

Value run(Call& call) {
  const Value script = call.argument(0);
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  if (script.is_callable()) {
    return new_task_handle(call, instance->start_task(bound_call(call, 0), {}));
  }
  if (script.is_nil() && !call.has(0)) return call.requires_argument("script path argument");
  if (!script.is_string() && !script.is(HeapType::kCode)) {
    return call.raise("run() script arg must be a string path or code value");
  }
  InstanceSetup setup;
  setup.kind = InstanceKind::kRun;
  if (!read_routing(call, 3) || !read_limits(call, *instance, setup) || !read_script(call, *instance, setup) ||
      !read_context(call, *instance, setup)) {
    return Value::raise();
  }
  const Value timeout = call.argument(2);
  const bool has_timeout = timeout.is_number() && timeout.number() > 0;
  tasks::Runtime& runtime = instance->worker().runtime();
  setup.pid = runtime.next_pid();
  const std::uint64_t pid = setup.pid;
  auto made = std::make_shared<Run>(*instance, pid);
  setup.on_end = [run = made](ScriptInstance& child, Ending ending) {
    if (&child.worker() == &run->parent_worker) {
      run->end(std::move(ending));
    } else {
      run->parent_worker.post(std::make_unique<RunEnded>(run, std::move(ending)));
    }
  };
  Run& waiting = *made;
  waiting.held_for_call = std::move(made);
  if (has_timeout) runtime.need_watchdog();
  runtime.start(std::move(setup), &instance->worker());
  const tasks::Instant deadline = has_timeout ? tasks::after(timeout.number()) : tasks::kNever;
  const Wake wake = instance->park(call, {"run"}, nullptr, deadline);
  const std::shared_ptr<Run> run = waiting.give_up();
  if (run->has_ended) return value_of(call, *instance, run->ending);
  runtime.kill(pid);
  return instance->raise_woken(call, wake);
}

// --- spawn ---

Value spawn(Call& call) {
  const Value script = call.argument(0);
  if (!call.has(0)) return call.requires_argument("script path argument");
  if (!script.is_string() && !script.is(HeapType::kCode)) {
    return call.raise("spawn() arg must be a string path or code value");
  }
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  InstanceSetup setup;
  setup.kind = InstanceKind::kSpawn;
  if (!read_routing(call, 2) || !read_limits(call, *instance, setup) || !read_script(call, *instance, setup) ||
      !read_context(call, *instance, setup)) {
    return Value::raise();
  }
  tasks::Runtime& runtime = instance->worker().runtime();
  setup.pid = runtime.next_pid();
  const auto pid = static_cast<double>(setup.pid);
  setup.on_end = [](ScriptInstance& child, Ending ending) { report_ending(child, ending); };
  runtime.start(std::move(setup));
  return Value(pid);
}

// --- context, kill ---

Value context(Call& call) {
  ScriptInstance* const instance = ScriptInstance::of(call.instance());
  if (instance == nullptr) return Value::nil();
  return instance->worker().freezer().thaw(call.heap(), instance->setup().context);
}

Value kill(Call& call) {
  if (!call.has(0)) return call.requires_argument("a pid argument");
  const Value pid = call.argument(0);
  if (!pid.is_number()) return call.raise(std::string("kill() pid must be a number, got ") + type_name(pid));
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const double number = std::trunc(pid.number());
  const bool can_be_one = number >= 1 && number < 9e15;
  const auto wanted = can_be_one ? static_cast<std::uint64_t>(number) : 0;
  tasks::Runtime& runtime = instance->worker().runtime();
  if (!can_be_one || !(runtime.kill(wanted) || runtime.background().cancel_waiting(wanted, instance->worker()))) {
    return call.raise("kill() no process with PID " + display_text(Value(number)));
  }
  return Value(true);
}

// --- parallel ---

// Branches that run; each holds a reference to its task. They never outlive the call.
class Branches {
 public:
  Branches(Call& call, ScriptInstance& instance) : call_(call), instance_(instance) {}
  Branches(const Branches&) = delete;
  Branches& operator=(const Branches&) = delete;
  ~Branches() {
    for (tasks::Task* task : tasks_) task->release();
  }

  void start(Value function) {
    tasks::BoundCall branch = bound_call(call_, call_.count());
    branch.function = Owned::share(function);
    branch.origin.caller = &call_.caller();  // which waits for the branch
    tasks::TaskOptions options;
    options.is_branch = true;
    tasks_.push_back(&instance_.start_task(std::move(branch), std::move(options)));
  }

  // False, and unwinding has begun, if the caller was cancelled meanwhile: then so were the branches.
  bool wait() {
    for (tasks::Task* task : tasks_) {
      const std::optional<Wake> wake = wait_for(call_, *task, tasks::kNever, "parallel");
      if (wake == Wake::kReady) continue;
      for (tasks::Task* other : tasks_) instance_.cancel(*other, {}, true);
      instance_.mask();
      for (tasks::Task* other : tasks_) wait_for(call_, *other, tasks::kNever, "parallel");
      instance_.unmask();
      if (wake.has_value()) instance_.raise_woken(call_, *wake);
      return false;
    }
    return true;
  }

  // What the branch at [index] gave: its value, or its error as a value. Owned by the caller.
  Value result(std::size_t index) {
    tasks::Task& task = *tasks_[index];
    return task.status() == tasks::TaskStatus::kCompleted ? retain(task.result()) : task_error(call_, task);
  }

 private:
  Call& call_;
  ScriptInstance& instance_;
  std::vector<tasks::Task*> tasks_;
};

Value parallel_array(Call& call, ScriptInstance& instance, std::span<const Value> functions) {
  const std::size_t count = functions.size();
  Branches branches(call, instance);
  for (const Value function : functions) branches.start(function);
  if (!branches.wait()) return Value::raise();
  Owned results(Value(new_array(call.heap(), count)));
  for (std::size_t i = 0; i < count; ++i) push(results.get().array(), branches.result(i));
  return results.take();
}

Value parallel_object(Call& call, ScriptInstance& instance, Object* functions) {
  // A branch may change the object; what runs under which name was decided before.
  const Owned names(Value(shallow_copy(call.heap(), functions)));
  const Object* object = names.get().object();
  Branches branches(call, instance);
  for (std::uint32_t i = 0; i < property_count(object); ++i) branches.start(property_value(object, i));
  if (!branches.wait()) return Value::raise();
  Owned results(Value(new_object(call.heap(), instance.engine().shapes())));
  for (std::uint32_t i = 0; i < property_count(object); ++i) {
    set_property(call.heap(), results.get().object(), property_name(object, i), branches.result(i));
  }
  return results.take();
}

Value parallel(Call& call) {
  if (call.count() == 0) return call.requires_argument("an array, object, or functions as arguments");
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const Value first = call.argument(0);
  if (call.count() == 1 && first.is_array()) {
    const Owned functions(Value(new_array_copy(call.heap(), first.array()->items, first.array()->size)));
    return parallel_array(call, *instance, functions.get().array()->elements());
  }
  if (call.count() == 1 && first.is_object()) return parallel_object(call, *instance, first.object());
  return parallel_array(call, *instance, call.arguments());
}

// --- the table ---

const BuiltinSpec kRun{
    .name = "run",
    .parameters = {{"script", Type::kString | Type::kCode | Type::kFunction},
                   {"context", Type::kAny, "nil"},
                   {"timeout", Type::kNumber, "nil"}},
    .rest = "args",
    .may_suspend = true,
    .errors = {"io requires datastore and queue names", "io: there is no datastore to route output to",
               "run() requires script path argument", "run() script arg must be a string path or code value",
               "run: failed to parse {script}: {problem}", "run: {problem}", "timeout exceeded", "killed"},
    .summary =
        "Runs a script - a path, or a code value of `parse` - as an instance of its own, with a copy of `context`, and "
        "waits for it. Returns a copy of what it gave to `exit`, and throws what it did not catch. After `timeout` "
        "seconds the script is ended and `timeout exceeded` thrown. `limits = {...}` lowers its limits. A function is "
        "run as a task instead, see `task`.",
    .example = R"du(print(run(parse("exit(context().n * 2)"), {n = 21})) // 42)du",
    .function = run,
    .takes_other_names = true,
};

const BuiltinSpec kSpawn{
    .name = "spawn",
    .parameters = {{"script", Type::kString | Type::kCode}, {"context", Type::kAny, "nil"}},
    .returns = Type::kNumber,
    .errors = {"io requires datastore and queue names", "io: there is no datastore to route output to",
               "spawn() requires script path argument", "spawn() arg must be a string path or code value",
               "spawn: failed to parse {script}: {problem}", "spawn: {problem}"},
    .summary =
        "Starts a script - a path, or a code value of `parse` - as an instance of its own, with a copy of `context`, "
        "and "
        "returns its pid at once. `limits = {...}` lowers its limits.",
    .example = R"du(print(type(spawn(parse("x = context()"), 5))) // number)du",
    .function = spawn,
    .takes_other_names = true,
};

const BuiltinSpec kContext{
    .name = "context",
    .returns = Type::kAny,
    .summary = "A fresh copy of what the script was started with; nil in the main script.",
    .example = R"(print(context()) // nil)",
    .function = context,
};

const BuiltinSpec kKill{
    .name = "kill",
    .parameters = {{"pid", Type::kNumber}},
    .returns = Type::kBoolean,
    .errors = {"kill() requires a pid argument", "kill() pid must be a number, got {type}",
               "kill() no process with PID {pid}"},
    .summary =
        "Ends the script instance `pid`, wherever it is; no `catch` stops that. True if it was still there, otherwise "
        "an error.",
    .example = R"du(print(kill(spawn(parse("sleep(60)")))) // true)du",
    .function = kill,
};

const BuiltinSpec kParallel{
    .name = "parallel",
    .rest = {{"functions", Type::kFunction | Type::kArray | Type::kObject, 1}},
    .returns = Type::kArray | Type::kObject,
    .may_suspend = true,
    .errors = {"parallel() requires an array, object, or functions as arguments"},
    .summary =
        "Runs functions as branches of the same script and returns their results in order: of an array or the "
        "positional arguments an array, of an object an object with the same keys. A branch that throws gives an error "
        "value. Branches see outer variables but do not change them.",
    .example = R"(print(parallel([function() return 1 end, function() return 2 end])) // [1, 2])",
    .function = parallel,
};

const BuiltinSpec* const kTable[] = {&kRun, &kSpawn, &kContext, &kKill, &kParallel};

}  // namespace

void report_ending(const ScriptInstance& child, const Ending& ending, std::string_view name) {
  std::string text = ending.error_text;
  if (ending.kind == PendingKind::kPanic) {
    panic::report(*ending.panic);
    return;
  }
  if (ending.kind == PendingKind::kStopped) {
    text = "killed";
  } else if (ending.kind != PendingKind::kError) {
    return;
  } else if (child.worker().runtime().is_ending() && text.ends_with(": interrupted")) {
    return;
  }
  const InstanceSetup& setup = child.setup();
  std::string line = std::string(tasks::kind_name(setup.kind)) + ": error in ";
  line += name.empty() ? std::string_view(setup.script) : name;
  child.worker().runtime().host().console().write_error(line + ": " + text + '\n');
}

Family instance_builtins() { return kTable; }

}  // namespace duso::stdlib
