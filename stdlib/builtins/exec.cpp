// exec: running other programs (concurrency.md 12).
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/text_form.hpp"
#include "runtime/console.hpp"
#include "runtime/host.hpp"
#include "runtime/processes/child_process.hpp"
#include "runtime/processes/exec_permissions.hpp"
#include "runtime/tasks/tie.hpp"
#include "runtime/tasks/worker.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/handles.hpp"

extern char** environ;

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;
using tasks::ScriptInstance;
using tasks::Wake;

namespace {

constexpr std::size_t kDefaultMaxOutput = 1048576;

// Variables that a child gets even if it inherits nothing.
constexpr const char* kPassedOn[] = {"PATH", "HOME", "TMPDIR", "LANG", "TZ"};

struct Request {
  std::string name;  // the command as the script wrote it
  ChildCommand command;
  double timeout = 0;  // seconds; 0: none
};

Value option(const Call& call, const char* name) {
  if (!call.argument(1).is_object()) return Value::nil();
  String* const interned = call.instance().engine().names().intern(name);
  const Value* const place = find_property(call.argument(1).object(), interned);
  return place != nullptr ? *place : Value::nil();
}

// The arguments that the call gives to the program. False: an error is pending.
bool read_arguments(const Call& call, Request& request) {
  const Value arguments = option(call, "args");
  if (arguments.is_nil()) return true;
  if (!arguments.is_array()) {
    call.raise("exec() args must be an array");
    return false;
  }
  std::size_t index = 0;
  for (const Value argument : arguments.array()->elements()) {
    if (!argument.is_string() && !argument.is_number() && !argument.is_boolean()) {
      call.raise("exec() args[" + std::to_string(index) + "] must be a string, number, or boolean");
      return false;
    }
    request.command.arguments.push_back(display_text(argument));
    ++index;
  }
  return true;
}

// Puts NAME=VALUE into the environment, in the place of an older one.
void set_variable(std::vector<std::string>& environment, const std::string& name, const std::string& value) {
  std::erase_if(environment, [&](const std::string& entry) { return entry.starts_with(name + '='); });
  environment.push_back(name + '=' + value);
}

bool read_environment(const Call& call, Request& request) {
  std::vector<std::string>& environment = request.command.environment;
  const Value inherit = option(call, "inherit_env");
  if (inherit.is_boolean() && inherit.is_true()) {
    for (char** variable = environ; *variable != nullptr; ++variable) environment.emplace_back(*variable);
  } else {
    for (const char* name : kPassedOn) {
      if (const char* const value = std::getenv(name)) set_variable(environment, name, value);
    }
  }
  const Value added = option(call, "env");
  if (added.is_nil()) return true;
  if (!added.is_object()) {
    call.raise("exec() env must be an object");
    return false;
  }
  const Object* object = added.object();
  for (std::uint32_t i = 0; i < property_count(object); ++i) {
    set_variable(environment, std::string(property_name(object, i)->view()), display_text(property_value(object, i)));
  }
  return true;
}

void read_other_options(const Call& call, Request& request) {
  const Value directory = option(call, "dir");
  if (directory.is_string()) request.command.directory = directory.string()->view();
  const Value input = option(call, "stdin");
  if (input.is_string()) request.command.input = input.string()->view();
  const Value timeout = option(call, "timeout");
  if (timeout.is_number() && timeout.number() > 0) request.timeout = timeout.number();
  request.command.max_output = kDefaultMaxOutput;
  const Value most = option(call, "max_output");
  if (most.is_number()) {
    constexpr double kLargest = 9007199254740992.0;  // 2^53
    request.command.max_output = static_cast<std::size_t>(std::min(std::max(most.number(), 0.0), kLargest));
  }
}

// The task that waits for its child. When the task is given up, so is the child.
class Waiting final : public ChildProcess::Listener, private tasks::Tie {
 public:
  explicit Waiting(ScriptInstance& instance) : instance_(instance), task_(instance.current()) {}
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    if (child_.has_value()) task_.untie(*this);
  }

  void wait_for(ChildProcess child) {
    child_ = std::move(child);
    task_.tie(*this);
  }
  void on_child_end(ChildResult result) override {
    result_ = std::move(result);
    instance_.wake(task_);
  }
  void abandon_child() { child_->abandon(); }
  const std::optional<ChildResult>& result() const { return result_; }

 private:
  void cut() override {
    abandon_child();
    child_.reset();
  }

  ScriptInstance& instance_;
  tasks::Task& task_;
  std::optional<ChildProcess> child_;
  std::optional<ChildResult> result_;
};

Value result_object(const Call& call, const ChildResult& result) {
  execution::Instance& instance = call.instance();
  Owned object(Value(new_object(call.heap(), instance.engine().shapes())));
  const auto set = [&](const char* name, Value owned) {
    set_property(call.heap(), object.get().object(), instance.engine().names().intern(name), owned);
  };
  set("ok", Value(result.code == 0));
  set("code", Value(static_cast<double>(result.code)));
  set("stdout", call.string(result.output));
  set("stderr", call.string(result.error));
  set("truncated", Value(result.truncated));
  return object.take();
}

Value run_child(Call& call, ScriptInstance& instance, Request request) {
  Waiting waiting(instance);
  const tasks::Instant deadline = request.timeout > 0 ? tasks::after(request.timeout) : tasks::kNever;
  std::string problem;
  std::optional<ChildProcess> child =
      ChildProcess::start(instance.worker().loop(), std::move(request.command), waiting, problem);
  if (!child.has_value()) return call.raise("exec() could not start " + request.name + ": " + problem);
  waiting.wait_for(*std::move(child));
  const Wake wake = instance.park(call, {"exec"}, nullptr, deadline);
  if (waiting.result().has_value()) return result_object(call, *waiting.result());
  waiting.abandon_child();
  return wake == Wake::kTimeout ? call.raise("exec() timed out: " + request.name) : instance.raise_woken(call, wake);
}

Value exec(Call& call) {
  if (!call.has(0)) return call.requires_argument("a command");
  Request request;
  request.name = display_text(call.argument(0));
  if (!read_arguments(call, request)) return Value::raise();
  const ExecPermissions::Answer answer = call.host().exec_permissions().ask(request.name, request.command.arguments);
  if (answer.path.empty()) return call.raise(answer.refusal);
  if (!read_environment(call, request)) return Value::raise();
  read_other_options(call, request);
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();

  std::string line = "exec: " + answer.path;
  for (const std::string& argument : request.command.arguments) line += ' ' + argument;
  call.host().console().write_error(line + '\n');
  request.command.path = answer.path;
  request.command.arguments.insert(request.command.arguments.begin(), request.name);
  return run_child(call, *instance, std::move(request));
}

const BuiltinSpec kExec{
    .name = "exec",
    .parameters = {{"command", Type::kString}, {"options", Type::kObject, "nil"}},
    .returns = Type::kObject,
    .may_suspend = true,
    .errors = {"exec() requires a command", "exec() args must be an array",
               "exec() args[{index}] must be a string, number, or boolean", "exec() env must be an object",
               "exec: {command} not permitted; start duso with -allow-exec \"{command}\"",
               "exec() could not start {command}: {reason}", "exec() timed out: {command}"},
    .summary =
        "Runs a program without a shell and waits for its end. Only what `-allow-exec` lists may be run. Options: "
        "`args` (an array), `env` (an object), `inherit_env` (false), `dir`, `timeout` (seconds), `max_output` (bytes "
        "per stream, 1048576), `stdin` (a string). The result is `{ok, code, stdout, stderr, truncated}`; a code that "
        "is not 0 is no error.",
    .example = R"du(try
  exec("ls")
catch (e)
  print(e.message)
end
// exec: ls not permitted; start duso with -allow-exec "ls")du",
    .function = exec,
};

const BuiltinSpec* const kTable[] = {&kExec};

}  // namespace

Family exec_builtins() { return kTable; }

}  // namespace duso::stdlib
