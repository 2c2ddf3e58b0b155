// busy: shows that the program is working.
#include <string_view>

#include "runtime/host.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

Value busy(Call& call) {
  Console& console = call.host().console();
  if (!call.has(0)) {
    console.stop_spinner();
    return Value::nil();
  }
  const String* message = optional_string(call, 0);
  console.start_spinner(message != nullptr ? message->view() : std::string_view());
  return Value::nil();
}

const BuiltinSpec kBusy{
    .name = "busy",
    .parameters = {{"message", Type::kString, "nil"}},
    .returns = Type::kNil,
    .summary =
        "Shows `message` and a spinner on standard error until the next output, input or `busy()`. Where standard "
        "error "
        "is no terminal, only the message is written, on a line of its own.",
    .example = R"(busy("loading")
print("done") // done)",
    .function = busy,
};

constexpr const BuiltinSpec* kBusies[] = {&kBusy};

}  // namespace

Family busy_builtins() { return kBusies; }

}  // namespace duso::stdlib
