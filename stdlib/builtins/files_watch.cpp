// Waiting for a file to change: watch.
//
// The state of what is watched is looked at again and again, often enough that a change is noticed within a tenth of a
// second. That works on every file system; what a notification of the operating system could add is only that there is
// less to look at.
#include <algorithm>
#include <string>

#include "interpreter/execution/instance.hpp"
#include "runtime/host.hpp"
#include "runtime/tasks/script_instance.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/files_call.hpp"
#include "stdlib/builtins/handles.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Frame;
using execution::Type;

namespace {

constexpr double kBetweenLooks = 0.05;  // seconds
constexpr double kUsualTimeout = 30;    // seconds
constexpr double kLongestTimeout = 1e9;

// The file of the script that runs.
std::string script_of(const Call& call) {
  const Frame* frame = &call.caller();
  while (frame->caller != nullptr) frame = frame->caller;
  return frame->code->source->name();
}

// The place that the script watches under the name [path]; a bare one lies in the script's own directory.
Location watched_place(const Call& call, std::string_view path) {
  const std::string here = path.starts_with(kHerePrefix) ? here_directory(call) : std::string();
  const tasks::ScriptInstance* const instance = tasks::ScriptInstance::of(call.instance());
  const std::string directory = instance != nullptr ? instance->setup().directory : std::string(".");
  const Bases bases{directory, here};
  return has_wildcard(path) ? duso::locate_pattern(path, bases) : duso::locate(path, bases);
}

// The signature of [place]; "" stands for a file that was there at an earlier look.
Result<std::string> look_at(const Call& call, const Location& place, const std::string& path) {
  Files& files = files_of(call);
  Result<std::string> signature = files.signature(place, has_wildcard(path));
  const bool is_gone = !signature.ok() && signature.error().kind == FileError::Kind::kNotFound;
  if (is_gone && files.watches().knows(script_of(call), path)) return std::string();
  return signature;
}

Value raise_inaccessible(const Call& call, const std::string& path, const FileError& error) {
  if (error.kind == FileError::Kind::kSandboxed || error.kind == FileError::Kind::kPattern) {
    return call.raise(error.cause());
  }
  return call.raise("watch() cannot access \"" + path + "\": stat " + error.path + ": " + reason_of(error.problem));
}

Value watch(Call& call) {
  const String* argument = required_string(call, 0, "a path argument");
  if (argument == nullptr) return Value::raise();
  const std::string path(argument->view());
  const Location place = watched_place(call, path);
  if (place.volume == Volume::kEmbedded) {
    return call.raise("watch() cannot watch /EMBED/: embedded filesystem is read-only");
  }
  const double timeout = optional_number(call, 1).value_or(kUsualTimeout);
  tasks::ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const tasks::Instant deadline = tasks::after(std::min(timeout, kLongestTimeout));
  for (;;) {
    const Result<std::string> signature = look_at(call, place, path);
    if (!signature.ok()) return raise_inaccessible(call, path, signature.error());
    switch (files_of(call).watches().look(script_of(call), path, signature.value())) {
      case WatchList::Change::kChanged:
        return Value(true);
      case WatchList::Change::kFirstLook:
        return Value(false);
      case WatchList::Change::kSame:
        break;
    }
    if (tasks::now() >= deadline) return Value(false);
    const tasks::Wake wake = instance->park(call, {"watch"}, nullptr, std::min(deadline, tasks::after(kBetweenLooks)));
    if (wake != tasks::Wake::kTimeout) return instance->raise_woken(call, wake);
  }
}

const BuiltinSpec kWatch{
    .name = "watch",
    .parameters = {{"path", Type::kString}, {"timeout", Type::kNumber, "30"}},
    .returns = Type::kBoolean,
    .may_suspend = true,
    .errors = {"watch() requires a path argument", "watch() cannot watch /EMBED/: embedded filesystem is read-only",
               "watch() cannot access \"{path}\": stat {file}: {reason}", "** (recursive wildcard) is not supported",
               "invalid pattern: syntax error in pattern", "filesystem access disabled by -no-files"},
    .summary =
        "Waits until the file at `path` changes, something below the directory `path`, or something that the wildcard "
        "`path` matches, and returns true; false if nothing did within `timeout` seconds. What counts is the "
        "difference to the last call with the same path; the first one only takes a look and returns false.",
    .example = R"(print(watch("*.no-such-file", 0), watch("*.no-such-file", 0)) // false false)",
    .function = watch,
};

constexpr const BuiltinSpec* kWatching[] = {&kWatch};

}  // namespace

Family watch_builtins() { return kWatching; }

}  // namespace duso::stdlib
