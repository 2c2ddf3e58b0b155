// Waiting for a file to change: watch.
//
// What counts is a difference between two looks at the disk. When to look is what the system says: it tells when
// something happens where the last look was, and until then nothing is done. Where it does not tell, because nobody
// tells it or because it has no watch left to give, the disk is looked at often enough that a change is noticed within
// a tenth of a second all the same (files-and-modules.md 2.2).
//
// A change is rarely alone: saving a file empties it first. So what was seen to change is looked at until it stays as
// it is, for a short while, and counts as one change.
#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "interpreter/execution/instance.hpp"
#include "runtime/host.hpp"
#include "runtime/tasks/file_events.hpp"
#include "runtime/tasks/script_instance.hpp"
#include "runtime/tasks/tie.hpp"
#include "runtime/tasks/worker.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/files_call.hpp"
#include "stdlib/builtins/handles.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Frame;
using execution::Type;
using tasks::FileEvents;
using tasks::Instant;
using tasks::ScriptInstance;
using tasks::Wake;

namespace {

// In seconds.
constexpr double kUsualTimeout = 30;
constexpr double kLongestTimeout = 1e9;
constexpr double kBetweenEvents = 0.01;    // not one look for each of many
constexpr double kQuiet = 0.03;            // what stays the same for so long has settled
constexpr double kLongestChange = 0.06;    // what takes longer is more than one change
constexpr double kBetweenLooks = 0.05;     // where nobody tells
constexpr double kBetweenTrueLooks = 1.0;  // where the system tells: it can not tell everything (disk_look.hpp)

// The file of the script that runs.
std::string script_of(const Call& call) {
  const Frame* frame = &call.caller();
  while (frame->caller != nullptr) frame = frame->caller;
  return frame->code->source->name();
}

// The place that the script watches under the name [path]; a bare one lies in the script's own directory.
Location watched_place(const Call& call, std::string_view path) {
  const std::string here = path.starts_with(kHerePrefix) ? here_directory(call) : std::string();
  const ScriptInstance* const instance = ScriptInstance::of(call.instance());
  const std::string directory = instance != nullptr ? instance->setup().directory : std::string(".");
  const Bases bases{directory, here};
  return has_wildcard(path) ? duso::locate_pattern(path, bases) : duso::locate(path, bases);
}

Value raise_inaccessible(const Call& call, const std::string& path, const FileError& error) {
  if (error.kind == FileError::Kind::kSandboxed || error.kind == FileError::Kind::kPattern) {
    return call.raise(error.cause());
  }
  return call.raise("watch() cannot access \"" + path + "\": stat " + error.path + ": " + reason_of(error.problem));
}

// The running task, as it waits for a change at one place.
class Watcher final : public FileEvents::Listener, private tasks::Tie {
 public:
  Watcher(const Call& call, ScriptInstance& instance, Instant deadline)
      : call_(call), instance_(instance), task_(instance.current()), deadline_(deadline) {
    task_.tie(*this);
  }
  ~Watcher() override { task_.untie(*this); }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // Looks at [place] until its signature is not [before] any more, and has settled, or the time is over. [look] is what
  // was seen at last. Returns what ended the wait: kReady if there was a change.
  Wake wait_for_change(const Location& place, bool is_pattern, const std::string& before, Result<DiskLook>& look) {
    for (;;) {
      const std::set<std::string> places = look.value().places;
      has_event_ = false;
      const bool is_watched = events_.watch(places) && look.value().is_announced;
      look = files_of(call_).look(place, is_pattern);
      if (!look.ok()) return Wake::kReady;
      if (look.value().signature != before) {
        const Wake wake = settle(place, is_pattern, look);
        if (wake != Wake::kTimeout) return wake;
        if (!look.ok() || look.value().signature != before) return Wake::kReady;
      }
      if (look.value().places != places) continue;  // what is new was not watched yet when it was looked at
      if (tasks::has_passed(deadline_)) return Wake::kTimeout;
      Wake wake = wait(is_watched ? kBetweenTrueLooks : kBetweenLooks, true);
      if (wake == Wake::kReady) wake = wait(kBetweenEvents, false);
      if (wake != Wake::kTimeout) return wake;
    }
  }

 private:
  // Looks on until two looks are the same. Returns kTimeout when that is so, or has taken too long; else what ended it.
  Wake settle(const Location& place, bool is_pattern, Result<DiskLook>& look) {
    const Instant limit = tasks::after(kLongestChange);
    for (std::optional<std::string> last; look.ok() && look.value().signature != last && !tasks::has_passed(limit);) {
      last = look.value().signature;
      if (const Wake wake = wait(kQuiet, false); wake != Wake::kTimeout) return wake;
      look = files_of(call_).look(place, is_pattern);
    }
    return Wake::kTimeout;
  }

  // Waits for [seconds] within the time that is left, or [for_event].
  Wake wait(double seconds, bool for_event) {
    if (for_event && has_event_) return Wake::kReady;
    waits_for_event_ = for_event;
    const Wake wake = instance_.park(call_, {"watch"}, nullptr, std::min(deadline_, tasks::after(seconds)));
    waits_for_event_ = false;
    return wake;
  }

  void on_file_event() override {
    has_event_ = true;
    if (waits_for_event_) instance_.wake(task_);
  }
  void cut() override { events_.stop(); }

  const Call& call_;
  ScriptInstance& instance_;
  tasks::Task& task_;
  const Instant deadline_;
  FileEvents events_{instance_.worker().loop(), *this};
  bool has_event_ = false;  // since the places were last handed to the system
  bool waits_for_event_ = false;
};

Value watch(Call& call) {
  const String* argument = required_string(call, 0, "a path argument");
  if (argument == nullptr) return Value::raise();
  const std::string path(argument->view());
  const Location place = watched_place(call, path);
  if (place.volume == Volume::kEmbedded) {
    return call.raise("watch() cannot watch /EMBED/: embedded filesystem is read-only");
  }
  const double timeout = optional_number(call, 1).value_or(kUsualTimeout);
  ScriptInstance* const instance = required_tasks(call);
  if (instance == nullptr) return Value::raise();
  const Instant deadline = tasks::after(std::min(timeout, kLongestTimeout));
  const bool is_pattern = has_wildcard(path);
  const std::string script = script_of(call);
  WatchList& list = files_of(call).watches();

  Result<DiskLook> look = files_of(call).look(place, is_pattern);
  if (!look.ok()) return raise_inaccessible(call, path, look.error());
  const std::optional<std::string> before = list.last_seen(script, path);
  const bool is_missing = look.value().signature.empty() && !is_pattern;
  if (is_missing && !before) return raise_inaccessible(call, path, FileError::of_system(ENOENT, "stat", place.path));
  if (before == look.value().signature) {
    if (tasks::has_passed(deadline)) return Value(false);
    const Wake wake = Watcher(call, *instance, deadline).wait_for_change(place, is_pattern, *before, look);
    if (wake == Wake::kTimeout) return Value(false);
    if (wake != Wake::kReady) return instance->raise_woken(call, wake);
    if (!look.ok()) return raise_inaccessible(call, path, look.error());
  }
  list.remember(script, path, std::move(look.value().signature));
  return Value(before.has_value());
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
