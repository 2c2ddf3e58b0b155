// The script as a process among others: env, sys, exit, shutdown.
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>

#include "interpreter/execution/instance.hpp"
#include "interpreter/execution/interpreter.hpp"
#include "interpreter/values/array.hpp"
#include "runtime/host.hpp"
#include "runtime/version.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::PendingKind;
using execution::Precedence;
using execution::Type;

namespace {

Value env(Call& call) {
  const Value name = call.argument(0);
  if (!name.is_string()) return call.requires_argument("a variable name argument");
  const char* value = std::getenv(std::string(name.string()->view()).c_str());
  return call.string(value != nullptr ? value : "");
}

const BuiltinSpec kEnv{
    .name = "env",
    .parameters = {{.name = "varname", .type = Type::kString, .given_twice = Precedence::kPositional}},
    .returns = Type::kString,
    .errors = {"env() requires a variable name argument"},
    .summary = "The value of the environment variable `varname`; an empty string if it is not set.",
    .example = R"(print(env("NO_SUCH_VARIABLE") == "", type(env("PATH"))) // true string)",
    .function = env,
};

// --- sys ---

Value argument_list(const Call& call) {
  const auto& arguments = call.host().command_line().arguments();
  Owned result(Value(new_array(call.heap(), arguments.size())));
  for (const std::string& argument : arguments) push(result.get().array(), call.string(argument));
  return result.take();
}

// -config is an object literal, with or without its braces; what does not evaluate as one is text after all.
Value config_value(const Call& call, const std::string& text) {
  if (text.empty()) return Value::nil();
  const Value evaluated = execution::evaluate_config(call.instance(), text);
  return evaluated.is_unset() ? call.string(text) : evaluated;
}

// The value of the flag called [name], without its dash.
Value flag_value(const Call& call, std::string_view name) {
  const CommandLine& command_line = call.host().command_line();
  if (name == "subcommand" && !command_line.command().empty()) return call.string(command_line.command());
  if (name == "debug" && command_line.command() == "debug") return Value(true);
  const CommandLine::Flag* flag = command_line.flag(name);
  if (flag == nullptr) return Value::nil();
  if (!flag->text) return Value(true);
  if (name == "config") return config_value(call, *flag->text);
  const auto number = flag->number();
  return number ? Value(*number) : call.string(*flag->text);
}

Value sys(Call& call) {
  const Value argument = call.argument(0);
  if (!argument.is_string()) return call.requires_argument("a string key");
  const std::string_view key = argument.string()->view();
  if (key == "version") return call.string(runtime::kVersion);
  if (key == "args") return argument_list(call);
  return key.starts_with('-') ? flag_value(call, key.substr(1)) : Value::nil();
}

const BuiltinSpec kSys{
    .name = "sys",
    .parameters = {{.name = "key", .type = Type::kString, .given_twice = Precedence::kPositional}},
    .errors = {"sys() requires a string key"},
    .summary =
        "What the program was started with: `version` is the version of duso, `args` an array of all arguments as they "
        "were "
        "typed, `-NAME` the value of that flag (a number if it reads as one, true if it has none), `-config` the "
        "object "
        "given there. Nil for anything else.",
    .example = R"(print(type(sys("version")), type(sys("args"))) // string array
print(sys("-no-such-flag"))                    // nil)",
    .function = sys,
};

// --- endings ---

const BuiltinSpec kExit{
    .name = "exit",
    .parameters = {{"value", Type::kAny, "nil"}},
    .returns = Type::kNone,
    .summary =
        "Ends the script at once; no `catch` stops it. `value` is the result for whoever started the script with "
        "`run`. It is "
        "not the exit status of the process: that is what `shutdown` is for.",
    .example = R"(print("one") // one
exit()
print("never printed"))",
    .function = [](Call& call) -> Value {
      return call.instance().unwind(PendingKind::kExit, retain(call.argument(0)));
    },
};

Value shutdown(Call& call) {
  Value code(0.0);
  if (call.has(0)) {
    code = call.argument(0);
    if (!code.is_number()) return call.raise("shutdown() exit code must be a number");
    const double number = code.number();
    if (!(number >= 0 && number <= 255) || number != std::trunc(number)) {
      return call.raise("shutdown() exit code must be a whole number from 0 to 255");
    }
  }
  return call.instance().unwind(PendingKind::kShutdown, code);
}

const BuiltinSpec kShutdown{
    .name = "shutdown",
    .parameters = {{"code", Type::kNumber, "0"}},
    .returns = Type::kNone,
    .errors = {"shutdown() exit code must be a number", "shutdown() exit code must be a whole number from 0 to 255"},
    .summary =
        "Ends the whole process in good order - servers finish what they are doing, datastores are saved - with the "
        "exit status "
        "`code`, a whole number from 0 to 255. The calling script ends at once; no `catch` stops it.",
    .example = R"(print("done") // done
shutdown(0))",
    .function = shutdown,
};

constexpr const BuiltinSpec* kSystem[] = {&kEnv, &kSys, &kExit, &kShutdown};

}  // namespace

Family system_builtins() { return kSystem; }

}  // namespace duso::stdlib
