// Talking to whoever started the program: print, write, error, debug, input.
//
// A call's text is put together first and handed to the console in one piece, so that tasks printing at the same time
// never mix within a line. When it becomes visible is the console's business.
#include <span>
#include <string>

#include "interpreter/execution/instance.hpp"
#include "interpreter/values/text_form.hpp"
#include "runtime/host.hpp"
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

Value input(Call& call) {
  Console& console = console_of(call);
  if (call.has(0)) console.write(DisplayText(call.argument(0)).view());
  if (!console.reads_input()) {
    console.write("warning: stdin disabled, input() returned ''\n");
    return call.string("");
  }
  const auto line = console.read_line();
  if (line) return call.string(*line);
  // A signal that woke the read asks the script to end, not to go on without input.
  if (console.reading_stopped()) return call.instance().unwind(execution::PendingKind::kStopped, Value::nil());
  return Value::nil();
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
