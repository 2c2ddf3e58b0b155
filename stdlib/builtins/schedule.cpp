// schedule, unschedule: scripts that run at their time (concurrency.md 8).
#include <string>
#include <utility>

#include "interpreter/values/string.hpp"
#include "runtime/console.hpp"
#include "runtime/host.hpp"
#include "runtime/tasks/job_scheduler.hpp"
#include "runtime/tasks/runtime.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/handles.hpp"
#include "stdlib/builtins/script_loading.hpp"
#include "stdlib/builtins/spawned.hpp"
#include "stdlib/builtins/uuid.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;
using tasks::InstanceKind;
using tasks::InstanceSetup;
using tasks::ScriptInstance;
using tasks::Worker;

namespace {

// Starts the script of a job that is due. What is wrong with it is only now found out.
std::uint64_t launch(Worker& worker, const schedule::Firing& firing) {
  tasks::Runtime& runtime = worker.runtime();
  LoadedProgram loaded = load_program_at(worker, firing.script);
  if (loaded.program == nullptr) {
    runtime.host().console().write_error("schedule: failed to parse " + firing.script + " (job \"" + firing.id +
                                         "\"): " + loaded.error + '\n');
    return 0;
  }
  InstanceSetup setup;
  setup.kind = InstanceKind::kSchedule;
  setup.pid = runtime.next_pid();
  setup.program = std::move(loaded.program);
  setup.script = std::move(loaded.path);
  setup.directory = std::move(loaded.directory);
  setup.context = firing.context;
  setup.limits = runtime.config().limits;
  setup.on_end = [](ScriptInstance& child, tasks::Ending ending) { report_ending(child, ending); };
  const std::uint64_t pid = setup.pid;
  runtime.start(std::move(setup));
  return pid;
}

// The first argument, which has two names.
Value spec_argument(const Call& call) {
  for (const Call::Named& named : call.unknown_named()) {
    if (named.name->view() == "every") return named.value;
  }
  return call.argument(0);
}

Value schedule_job(Call& call) {
  const Value text = spec_argument(call);
  if (!text.is_string() || text.string()->size == 0) return call.raise(schedule::kSpecRequired);
  std::string problem;
  const std::optional<schedule::Spec> spec = schedule::parse_spec(text.string()->view(), problem);
  if (!spec.has_value()) return call.raise(problem);
  if (!call.argument(1).is_string()) return call.requires_argument("a script path argument");
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  FreezeResult context = instance->worker().freezer().freeze(call.argument(2));
  if (!context.ok()) return call.raise(context.problem_text());
  const String* const given = optional_string(call, 3);
  const std::string id = given != nullptr ? std::string(given->view()) : make_uuid();
  instance->worker().runtime().job_scheduler(launch).add(
      id, *spec, resolve_script_path(*instance, call.argument(1).string()->view()), std::move(context.value));
  return call.string(id);
}

Value unschedule(Call& call) {
  if (!call.argument(0).is_string()) return call.requires_argument("an id argument");
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  return Value(instance->worker().runtime().job_scheduler(launch).remove(call.argument(0).string()->view()));
}

const BuiltinSpec kSchedule{
    .name = "schedule",
    .parameters = {{"spec", Type::kString},
                   {"script", Type::kString},
                   {"context", Type::kAny, "nil"},
                   {"id", Type::kString, "nil"}},
    .returns = Type::kString,
    .errors = {"schedule() requires a spec string (e.g. \"30s\", \"06:00 1D\", \"2026-01-15 15:00\")",
               "schedule() spec \"{spec}\" didn't resolve to an interval or a date/time",
               "schedule spec \"{spec}\" {problem}", "invalid {kind} \"{token}\" - {reason}",
               "schedule() requires a script path argument"},
    .summary =
        "Runs the script file `script`, with a copy of `context`, at the times that `spec` says: an interval (`30s`, "
        "`5m`, `1h`, `1D`, `2w`, `1mo`, `1Y`), a time (`06:00`), a date (`2031-01-15`), an offset from now (`+10m`), "
        "or "
        "several of them, such as `06:00 1D`. Returns the id of the job; a job with the same id is replaced. The "
        "interval may also be given as `every`.",
    .example = R"du(print(schedule("1h", "report.du", id = "hourly")) // hourly
print(unschedule("hourly"))                       // true)du",
    .function = schedule_job,
    .takes_other_names = true,
};

const BuiltinSpec kUnschedule{
    .name = "unschedule",
    .parameters = {{"id", Type::kString}},
    .returns = Type::kBoolean,
    .errors = {"unschedule() requires an id argument"},
    .summary = "Strikes the scheduled job `id`; whether there was one. A script it has started goes on.",
    .example = R"du(print(unschedule("no such job")) // false)du",
    .function = unschedule,
};

const BuiltinSpec* const kTable[] = {&kSchedule, &kUnschedule};

}  // namespace

Family schedule_builtins() { return kTable; }

}  // namespace duso::stdlib
