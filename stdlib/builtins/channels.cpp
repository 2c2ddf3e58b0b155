// channel, select: values from one task to another (tasks.md 7).
#include <deque>
#include <memory>
#include <vector>

#include "runtime/tasks/channel.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/task_calls.hpp"
#include "stdlib/builtins/task_module.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;
using tasks::Channel;
using tasks::ScriptInstance;
using tasks::Task;
using tasks::Wake;

namespace {

const HostType kChannelType{
    .name = "channel",
    .drop = [](void* payload) { const std::unique_ptr<Channel> last(static_cast<Channel*>(payload)); },
    .trace = [](void* payload, memory::ReferenceVisitor& visitor) { static_cast<Channel*>(payload)->trace(visitor); },
};

Channel& channel_of(const Call& call) { return bound_payload<Channel>(call); }

// --- methods ---

Value send(Call& call) {
  const std::optional<tasks::Instant> deadline = deadline_of(call, call.argument(1));
  if (!deadline.has_value()) return Value::raise();
  return channel_of(call).send(call, call.argument(0), *deadline) ? Value::nil() : Value::raise();
}

Value receive(Call& call) {
  const std::optional<tasks::Instant> deadline = deadline_of(call, call.argument(0));
  return deadline.has_value() ? channel_of(call).receive(call, *deadline).value : Value::raise();
}

Value close(Call& call) {
  channel_of(call).close();
  return Value::nil();
}

Value drain(Call& call) {
  Channel& channel = channel_of(call);
  Owned values(Value(new_array(call.heap())));
  while (true) {
    const Channel::Received received = channel.receive(call, tasks::kNever);
    if (!received.is_there) return values.take();
    if (received.value.is_raise()) return received.value;
    push(values.get().array(), received.value);
  }
}

const execution::Parameter kTimeout{.name = "timeout", .type = Type::kNumber, .fallback = "nil"};

const BuiltinSpec kMethods[] = {
    {.name = "send",
     .parameters = {{.name = "value"}, kTimeout},
     .returns = Type::kNil,
     .may_suspend = true,
     .summary =
         "Sends `value`, waiting while the channel is full, at most `timeout` seconds. Throws `channel is closed` or "
         "`timeout exceeded`.",
     .example = "ch = channel(1)\nch.send(5)\nprint(ch.recv()) // 5",
     .function = send},
    {.name = "recv",
     .parameters = {kTimeout},
     .may_suspend = true,
     .summary =
         "The next value, waiting for it at most `timeout` seconds; nil when the channel is closed and empty, or the "
         "time is over.",
     .example = "print(channel().recv(0)) // nil",
     .function = receive},
    {.name = "try_send",
     .parameters = {{.name = "value"}},
     .returns = Type::kBoolean,
     .summary = "Sends `value` if that is possible without waiting, and says whether it was.",
     .example = "print(channel(1).try_send(5), channel().try_send(5)) // true false",
     .function = [](Call& call) -> Value { return Value(channel_of(call).try_send(call.argument(0))); }},
    {.name = "try_recv",
     .summary = "The next value, or nil when there is none now.",
     .example = "print(channel().try_recv()) // nil",
     .function = [](Call& call) -> Value { return channel_of(call).try_receive().value_or(Value::nil()); }},
    {.name = "close",
     .returns = Type::kNil,
     .summary = "Ends sending. Values in the channel can still be received; who waits for more goes on.",
     .example = "ch = channel()\nch.close()\nprint(ch.closed()) // true",
     .function = close},
    {.name = "closed",
     .returns = Type::kBoolean,
     .summary = "Whether the channel was closed.",
     .example = "print(channel().closed()) // false",
     .function = [](Call& call) -> Value { return Value(channel_of(call).is_closed()); }},
    {.name = "len",
     .returns = Type::kNumber,
     .summary = "How many values lie in the channel.",
     .example = "print(channel(3).len()) // 0",
     .function = [](Call& call) -> Value { return Value(static_cast<double>(channel_of(call).size())); }},
    {.name = "drain",
     .returns = Type::kArray,
     .may_suspend = true,
     .summary = "Receives until the channel is closed and empty, and returns the values.",
     .example = "ch = channel(2)\nch.send(1)\nch.send(2)\nch.close()\nprint(ch.drain()) // [1, 2]",
     .function = drain},
};

Value channel(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const std::optional<std::size_t> capacity = call.argument(0).is_nil() ? 0 : whole_number(call.argument(0));
  if (!capacity.has_value()) return call.raise("channel() capacity must be a whole number of at least 0");
  auto made = std::make_unique<Channel>(*instance, *capacity);
  return new_handle(call, kChannelType, made.release(), {{"capacity", Value(static_cast<double>(*capacity))}},
                    kMethods);
}

// --- select ---

// One thing that select() waits for.
struct Choice {
  Owned held;  // its host object
  Channel* channel = nullptr;
  Task* task = nullptr;

  // What there is now, owned; nothing if there is nothing yet. [handle]: as the script gave it.
  std::optional<Value> take(Value handle) const {
    if (task != nullptr) return task->is_finished() ? std::optional(retain(handle)) : std::nullopt;
    if (const std::optional<Value> value = channel->try_receive()) return value;
    return channel->is_closed() ? std::optional(Value::nil()) : std::nullopt;
  }
  tasks::WaitList& list() const { return task != nullptr ? task->completion() : channel->receivers(); }
};

// What [handles] stand for. Empty, and an error is pending, if one of them is no channel and no task.
std::optional<std::vector<Choice>> read_choices(const Call& call, std::span<const Value> handles) {
  std::vector<Choice> choices;
  for (const Value handle : handles) {
    Choice choice;
    Value host = host_of_handle(handle, kChannelType);
    if (host.is_nil()) host = host_of_handle(handle, kTaskType);
    choice.channel = static_cast<Channel*>(host_payload(host, kChannelType));
    choice.task = static_cast<Task*>(host_payload(host, kTaskType));
    if (host.is_nil()) {
      call.raise("select() expects an array of channels and task handles");
      return std::nullopt;
    }
    choice.held = Owned::share(host);
    choices.push_back(std::move(choice));
  }
  return choices;
}

// Waits for one of [choices] to have something. Which one, and sets [value] (owned); nothing if the wait was ended by
// [wake], or has to be looked at again.
std::optional<std::size_t> wait_for_one(Call& call, ScriptInstance& instance, std::span<const Choice> choices,
                                        Value handles, tasks::Instant deadline, Wake& wake, Value& value) {
  std::deque<tasks::Waiter> waiters;  // they stay where they are made
  for (const Choice& choice : choices) {
    tasks::Waiter& waiter = waiters.emplace_back(instance.current());
    if (waiters.size() > 1) waiters[waiters.size() - 2].next_of_task = &waiter;
    choice.list().add(waiter);
  }
  wake = instance.park(call, {"select", true}, waiters.empty() ? nullptr : &waiters.front(), deadline);
  for (std::size_t i = 0; i < waiters.size(); ++i) {
    if (!waiters[i].served) continue;
    value = choices[i].task != nullptr ? retain(handles.array()->items[i]) : waiters[i].value;
    return i;
  }
  return std::nullopt;
}

Value select(Call& call) {
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  if (!call.argument(0).is_array()) return call.raise("select() expects an array of channels and task handles");
  const std::optional<tasks::Instant> deadline = deadline_of(call, call.argument(1));
  if (!deadline.has_value()) return Value::raise();
  // The script may change its array while this waits.
  const std::span<const Value> given = call.argument(0).array()->elements();
  const Owned handles(Value(new_array_copy(call.heap(), given.data(), given.size())));
  const std::optional<std::vector<Choice>> choices = read_choices(call, handles.get().array()->elements());
  if (!choices.has_value()) return Value::raise();

  // Made beforehand: once a value was taken out of a channel nothing may go wrong any more.
  Owned result(Value(new_object(call.heap(), instance->engine().shapes())));
  set_property(call.heap(), result.get().object(), instance->engine().names().intern("index"), Value::nil());
  set_property(call.heap(), result.get().object(), instance->engine().names().intern("value"), Value::nil());
  const auto chosen = [&](std::size_t index, Value value) {
    set_slot(result.get().object(), 0, Value(static_cast<double>(index)));
    set_slot(result.get().object(), 1, value);
    return result.take();
  };
  while (true) {
    for (std::size_t i = 0; i < choices->size(); ++i) {
      const std::optional<Value> value = (*choices)[i].take(handles.get().array()->items[i]);
      if (value.has_value()) return chosen(i, *value);
    }
    if (tasks::has_passed(*deadline)) return Value::nil();
    Wake wake = Wake::kReady;
    Value value;
    const std::optional<std::size_t> index =
        wait_for_one(call, *instance, *choices, handles.get(), *deadline, wake, value);
    if (index.has_value()) return chosen(*index, value);
    if (wake == Wake::kTimeout) return Value::nil();
    if (wake != Wake::kReady) return instance->raise_woken(call, wake);
    // Woken without anything: a channel was closed.
  }
}

// --- the tables ---

const BuiltinSpec kChannel{
    .name = "channel",
    .parameters = {{.name = "capacity", .type = Type::kNumber, .fallback = "0"}},
    .returns = Type::kObject,
    .errors = {"channel() capacity must be a whole number of at least 0"},
    .summary =
        "A new channel, through which tasks of this script hand values to each other. `send` waits while `capacity` "
        "values lie in it, `recv` while there is none; with capacity 0 sender and receiver meet. Further methods: "
        "`try_send`, `try_recv`, `close`, `closed`, `len`, `drain`.",
    .example = R"(ch = channel()
task(function() ch.send("hello") end)
print(ch.recv()) // hello)",
    .function = channel,
};

const BuiltinSpec kFunctions[] = {
    {.name = "select",
     .parameters = {{.name = "choices", .type = Type::kArray}, kTimeout},
     .returns = Type::kObject | Type::kNil,
     .may_suspend = true,
     .summary =
         "Waits for the first of several channels and task handles that has something: `{index, value}`. The value of "
         "a closed channel is nil, that of a task its handle. Nil after `timeout` seconds.",
     .example = R"(ch = channel(1)
ch.send("x")
print(require("tasks").select([channel(), ch])) // {index=1, value="x"})",
     .function = select,
     .crosses_instances = true},
};

const BuiltinSpec* const kTable[] = {&kChannel};

}  // namespace

Family channel_builtins() { return kTable; }

ModuleFunctions channel_functions() { return kFunctions; }

}  // namespace duso::stdlib
