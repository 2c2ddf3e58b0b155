// Talking to whoever started the program: print, write, error, debug, input.
//
// A call's text is put together first and handed to the console in one piece, so that tasks printing at the same time
// never mix within a line. When it becomes visible is the console's business.
#include <span>
#include <string>

#include "interpreter/execution/instance.hpp"
#include "interpreter/values/text_form.hpp"
#include "runtime/host.hpp"
#include "runtime/tasks/job.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/copying.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

// Appends the display forms of [values] to [text], a space between two.
void append_values(std::string& text, std::span<const Value> values) {
  bool is_first = true;
  for (const Value value : values) {
    if (!is_first) text += ' ';
    append_display(text, value);
    is_first = false;
  }
}

Console& console_of(const Call& call) { return call.host().console(); }

const BuiltinSpec kPrint{
    .name = "print",
    .rest = "values",
    .returns = Type::kNil,
    .summary = "Writes the values to standard output, separated by spaces and followed by a newline.",
    .example = R"(print("total:", 3, [1, "a"], {k = nil}) // total: 3 [1, "a"] {k=nil})",
    .function = [](Call& call) -> Value {
      std::string text;
      append_values(text, call.arguments());
      text += '\n';
      console_of(call).write(text);
      return Value::nil();
    },
    .snapshot = copy_objects,
};

const BuiltinSpec kWrite{
    .name = "write",
    .rest = "values",
    .returns = Type::kNil,
    .summary = "Writes the values to standard output, separated by spaces, without a newline at the end.",
    .example = R"(write("no ")
write("break", 1)
print() // no break 1)",
    .function = [](Call& call) -> Value {
      std::string text;
      append_values(text, call.arguments());
      console_of(call).write(text);
      return Value::nil();
    },
    .snapshot = copy_objects,
};

const BuiltinSpec kError{
    .name = "error",
    .rest = "values",
    .returns = Type::kNil,
    .summary =
        "Writes the values to standard error, separated by spaces and followed by a newline. The script goes on; to "
        "raise an error, use `throw`.",
    .example = R"(error("cannot open", "notes.txt")
print("going on") // going on)",
    .function = [](Call& call) -> Value {
      std::string text;
      append_values(text, call.arguments());
      text += '\n';
      console_of(call).write_error(text);
      return Value::nil();
    },
    .snapshot = copy_objects,
};

const BuiltinSpec kDebug{
    .name = "debug",
    .rest = "values",
    .returns = Type::kNil,
    .summary = "Like `print`, with `[DEBUG]` in front of the line.",
    .example = R"(debug("x is", 5) // [DEBUG] x is 5)",
    .function = [](Call& call) -> Value {
      std::string text = "[DEBUG] ";
      append_values(text, call.arguments());
      text += '\n';
      console_of(call).write(text);
      return Value::nil();
    },
    .snapshot = copy_objects,
};

// The next line, read on a helper thread while other tasks run. Nothing, and the call must return Value::raise(), if
// the wait was ended by something else; else the line, or nothing inside at the end of the input.
std::optional<std::optional<std::string>> wait_for_line(Call& call, tasks::ScriptInstance& instance) {
  using Line = std::optional<std::string>;
  Console& console = console_of(call);
  tasks::Wake wake = tasks::Wake::kReady;
  std::optional<Line> line = tasks::run_job<Line>(
      call, instance, {"input"}, [&console] { return console.read_line(); },
      [&console](const Line& unused) {
        if (unused.has_value()) console.unread_line(*unused);
      },
      wake);
  if (!line.has_value()) instance.raise_woken(call, wake);
  return line;
}

Value input(Call& call) {
  Console& console = console_of(call);
  if (call.has(0)) console.write(DisplayText(call.argument(0)).view());
  if (!console.reads_input()) {
    console.write("warning: stdin disabled, input() returned ''\n");
    return call.string("");
  }
  tasks::ScriptInstance* const instance = tasks::ScriptInstance::of(call.instance());
  if (instance == nullptr || console.has_line()) {
    const std::optional<std::string> line = console.read_line();
    return line.has_value() ? call.string(*line) : Value::nil();
  }
  console.flush();
  const auto line = wait_for_line(call, *instance);
  if (!line.has_value()) return Value::raise();
  // A signal ends the reading before it ends anything else.
  if (!line->has_value() && console.reading_stopped()) return instance->raise_woken(call, tasks::Wake::kInterrupted);
  return line->has_value() ? call.string(**line) : Value::nil();
}

const BuiltinSpec kInput{
    .name = "input",
    .parameters = {{"prompt", Type::kAny, "\"\""}},
    .returns = Type::kString | Type::kNil,
    .may_suspend = true,
    .summary =
        "Reads one line from standard input and returns it without its line end; nil when there is no more. `prompt` "
        "is "
        "shown first, without a newline.",
    .example = R"(name = input("name? ")
print(name == nil ? "nobody" : name) // name? nobody)",
    .function = input,
};

constexpr const BuiltinSpec* kConsole[] = {&kPrint, &kWrite, &kError, &kDebug, &kInput};

}  // namespace

Family console_builtins() { return kConsole; }

}  // namespace duso::stdlib
