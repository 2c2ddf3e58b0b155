// wait_readable, wait_writable, and the pipes of module `tasks` (tasks.md 8).
#include "runtime/tasks/descriptors.hpp"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <string>
#include <vector>

#include "interpreter/values/text_form.hpp"
#include "runtime/host.hpp"
#include "runtime/tasks/event_loop.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/task_calls.hpp"
#include "stdlib/builtins/task_module.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Parameter;
using execution::Type;
using tasks::DescriptorTable;
using tasks::Direction;
using tasks::ScriptInstance;
using tasks::Wake;

namespace {

constexpr std::size_t kLargestRead = std::size_t{1} << 20;  // bytes of one read

std::string prefix(const Call& call) { return std::string(call.spec().name) + ": "; }

// The descriptor that the first argument names; nothing, and an error is pending, if there is no such one.
std::optional<int> required_descriptor(const Call& call, const DescriptorTable& table) {
  const std::optional<double> number = required_number(call, 0);
  if (!number.has_value()) return std::nullopt;
  const bool may_be_one = *number >= 0 && *number <= INT_MAX && *number == std::trunc(*number);
  const int descriptor = may_be_one ? static_cast<int>(*number) : -1;
  if (may_be_one && table.owns(descriptor)) return descriptor;
  if (call.host().files().is_sandboxed()) {  // where a script has no descriptors but those that it made
    call.raise(prefix(call) + "descriptor access is disabled");
    return std::nullopt;
  }
  if (may_be_one && table.knows(descriptor)) return descriptor;
  call.raise(prefix(call) + "bad file descriptor " + display_text(Value(*number)));
  return std::nullopt;
}

// Whether reading or writing would not wait: it is possible, or an error. Regular files are always ready.
bool is_ready(int descriptor, Direction direction) {
  pollfd wanted{descriptor, static_cast<short>(direction == Direction::kRead ? POLLIN : POLLOUT), 0};
  while (true) {
    const int count = ::poll(&wanted, 1, 0);
    if (count >= 0 || errno != EINTR) return count != 0;
  }
}

Value wait_until_ready(Call& call, Direction direction) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  DescriptorTable& table = instance->descriptors();
  const std::optional<int> descriptor = required_descriptor(call, table);
  if (!descriptor.has_value()) return Value::raise();
  const std::optional<tasks::Instant> deadline = deadline_of(call, call.argument(1));
  if (!deadline.has_value()) return Value::raise();
  if (is_ready(*descriptor, direction)) return Value(true);
  if (tasks::has_passed(*deadline)) return Value(false);
  const DescriptorTable::WaitResult result = table.wait(call, *descriptor, direction, *deadline);
  if (!result.problem.empty()) return call.raise(result.problem);
  if (result.was_closed) return call.raise("descriptor closed");
  if (result.wake == Wake::kReady || result.wake == Wake::kTimeout) return Value(result.wake == Wake::kReady);
  return instance->raise_woken(call, result.wake);
}

// --- pipes ---

Value make_pipe(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  DescriptorTable::Pipe made;
  if (const int error = instance->descriptors().make_pipe(made)) {
    return call.raise(prefix(call) + tasks::error_words(error));
  }
  Owned pipe(Value(new_object(call.heap(), instance->engine().shapes())));
  NameTable& names = instance->engine().names();
  set_property(call.heap(), pipe.get().object(), names.intern("read_fd"), Value(static_cast<double>(made.read_end)));
  set_property(call.heap(), pipe.get().object(), names.intern("write_fd"), Value(static_cast<double>(made.write_end)));
  return pipe.take();
}

Value fd_read(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const std::optional<int> descriptor = required_descriptor(call, instance->descriptors());
  if (!descriptor.has_value()) return Value::raise();
  std::size_t most = 65536;
  if (call.has(1)) {
    const std::optional<std::size_t> wanted = whole_number(call.argument(1));
    if (!wanted.has_value() || *wanted == 0) return call.raise("fd_read() max must be a whole number of at least 1");
    most = std::min(*wanted, kLargestRead);
  }
  // An inherited descriptor may be one that would make the whole worker wait.
  if (!is_ready(*descriptor, Direction::kRead)) return call.string("");
  std::vector<char> buffer(most);
  const ssize_t count = ::read(*descriptor, buffer.data(), most);
  if (count == 0) return Value::nil();
  if (count > 0) return call.string({buffer.data(), static_cast<std::size_t>(count)});
  if (errno == EAGAIN || errno == EINTR) return call.string("");
  return call.raise(prefix(call) + tasks::error_words(errno));
}

Value fd_write(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const std::optional<int> descriptor = required_descriptor(call, instance->descriptors());
  if (!descriptor.has_value()) return Value::raise();
  const String* data = required_string(call, 1);
  if (data == nullptr) return Value::raise();
  if (!is_ready(*descriptor, Direction::kWrite)) return Value(0.0);
  // As much as any pipe takes at once when it takes anything, unless writing is known not to wait.
  const std::size_t most = instance->descriptors().owns(*descriptor) ? data->size : PIPE_BUF;
  const ssize_t count = ::write(*descriptor, data->data(), std::min<std::size_t>(data->size, most));
  if (count >= 0) return Value(static_cast<double>(count));
  if (errno == EAGAIN || errno == EINTR) return Value(0.0);
  return call.raise(prefix(call) + tasks::error_words(errno));
}

Value fd_close(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const std::optional<int> descriptor = required_descriptor(call, instance->descriptors());
  if (!descriptor.has_value()) return Value::raise();
  // Whatever was opened next would take its number, and receive what the script prints.
  if (*descriptor <= STDERR_FILENO) return call.raise("fd_close: standard streams stay open");
  instance->descriptors().close(*descriptor);
  return Value::nil();
}

// --- the tables ---

const Parameter kDescriptor{.name = "fd", .type = Type::kNumber};
const Parameter kTimeout{.name = "timeout", .type = Type::kNumber, .fallback = "nil"};

const BuiltinSpec kWaitReadable{
    .name = "wait_readable",
    .parameters = {kDescriptor, kTimeout},
    .returns = Type::kBoolean,
    .may_suspend = true,
    .errors = {"wait_readable() requires a number as first argument",
               "wait_readable() timeout must be a number of seconds", "wait_readable: bad file descriptor {fd}",
               "wait_readable: descriptor access is disabled", "descriptor {fd} is already being waited on",
               "descriptor closed"},
    .summary =
        "Waits until something can be read from the descriptor `fd`, or it is at its end, or broken; false when "
        "`timeout` seconds have passed before that.",
    .example = R"(t = require("tasks")
p = t.pipe()
print(wait_readable(p.read_fd, 0.01)) // false)",
    .function = [](Call& call) -> Value { return wait_until_ready(call, Direction::kRead); },
};

const BuiltinSpec kWaitWritable{
    .name = "wait_writable",
    .parameters = {kDescriptor, kTimeout},
    .returns = Type::kBoolean,
    .may_suspend = true,
    .errors = {"wait_writable() requires a number as first argument",
               "wait_writable() timeout must be a number of seconds", "wait_writable: bad file descriptor {fd}",
               "wait_writable: descriptor access is disabled", "descriptor {fd} is already being waited on",
               "descriptor closed"},
    .summary =
        "Waits until something can be written to the descriptor `fd`, or it is broken; false when `timeout` seconds "
        "have passed before that.",
    .example = R"(t = require("tasks")
p = t.pipe()
print(wait_writable(p.write_fd)) // true)",
    .function = [](Call& call) -> Value { return wait_until_ready(call, Direction::kWrite); },
};

const BuiltinSpec kFunctions[] = {
    {.name = "pipe",
     .returns = Type::kObject,
     .summary = "A new pipe: `{read_fd, write_fd}`. Both ends close with the script.",
     .example = "print(keys(require(\"tasks\").pipe())) // [\"read_fd\", \"write_fd\"]",
     .function = make_pipe,
     .crosses_instances = true},
    {.name = "fd_read",
     .parameters = {kDescriptor, {.name = "max", .type = Type::kNumber, .fallback = "65536"}},
     .returns = Type::kString | Type::kNil,
     .summary = "Reads at most `max` bytes without waiting: text, empty if there is nothing now, nil at the end.",
     .example =
         "t = require(\"tasks\")\np = t.pipe()\nt.fd_write(p.write_fd, \"hi\")\nprint(t.fd_read(p.read_fd)) // hi",
     .function = fd_read,
     .crosses_instances = true},
    {.name = "fd_write",
     .parameters = {kDescriptor, {.name = "data", .type = Type::kString}},
     .returns = Type::kNumber,
     .summary = "Writes as much of `data` as is possible without waiting, and returns how many bytes that was.",
     .example = "t = require(\"tasks\")\nprint(t.fd_write(t.pipe().write_fd, \"hi\")) // 2",
     .function = fd_write,
     .crosses_instances = true},
    {.name = "fd_close",
     .parameters = {kDescriptor},
     .returns = Type::kNil,
     .summary = "Closes a descriptor. Tasks that wait for it get the error `descriptor closed`.",
     .example = "t = require(\"tasks\")\nprint(t.fd_close(t.pipe().read_fd)) // nil",
     .function = fd_close,
     .crosses_instances = true},
};

const BuiltinSpec* const kTable[] = {&kWaitReadable, &kWaitWritable};

}  // namespace

Family descriptor_builtins() { return kTable; }

ModuleFunctions descriptor_functions() { return kFunctions; }

}  // namespace duso::stdlib
