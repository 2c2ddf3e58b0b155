#include "runtime/panic/panic.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>

#include "runtime/panic/backtrace.hpp"
#include "runtime/panic/report.hpp"
#include "runtime/panic/signals.hpp"

namespace duso::panic {

namespace {

// The configuration while there is no PanicHandler.
Config without_handler() {
  Config config;
  config.handle_signals = false;
  return config;
}

// What is in force. Guarded by [mutex], save the history, which has its own.
struct State {
  std::mutex publishing;  // held while a panic gets its id and others hear of it: so they do in the order of the ids
  std::mutex mutex;
  Config config = without_handler();
  std::function<void(const PanicInfo&)> hook;
  History history;
};

State& state() {
  static State in_force;
  return in_force;
}

Config config_in_force() {
  const std::lock_guard lock(state().mutex);
  return state().config;
}

thread_local bool hook_is_running = false;

void write_error(const Config& config, std::string_view text) {
  if (config.write_error) return config.write_error(text);
  DescriptorSink(STDERR_FILENO).write(text);
}

void run_hook(const Config& config, const PanicInfo& info) {
  std::function<void(const PanicInfo&)> hook;
  {
    const std::lock_guard lock(state().mutex);
    hook = state().hook;
  }
  if (!hook || hook_is_running) return;
  hook_is_running = true;
  try {
    hook(info);
  } catch (const std::exception& fault) {
    write_error(config, "panic hook: error: " + std::string(fault.what()) + "\n");
  }
  hook_is_running = false;
}

void add_place(const Witness& witness, PanicInfo& info) {
  const Place place = witness.place();
  info.file = place.file;
  info.line = place.line;
  info.column = place.column;
  info.instance = place.instance;
  info.instance_kind = place.instance_kind;
  info.script = place.script;
  info.task = place.task;
  StringSink stack;
  witness.write_stack(stack);
  info.stack = stack.take();
  StringSink status;
  witness.write_status(status);
  info.status = status.take();
}

void publish(const Witness* witness, PanicInfo& info) {
  const std::lock_guard lock(state().publishing);
  info.id = next_panic_id();
  state().history.keep(info);
  if (witness != nullptr) witness->tell(info);
}

// Records a panic that the caller of the code at [origin] ran into.
PanicInfo record(Kind kind, std::string_view message, const void* origin) {
  const Config config = config_in_force();
  PanicInfo info;
  info.kind = kind;
  info.message = message;
  info.time = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  info.thread = static_cast<std::uint64_t>(gettid());
  if (config.witness != nullptr) add_place(*config.witness, info);
  if (config.handle_signals) {
    StringSink frames;
    Backtrace::capture_from(origin).write(frames, Demangling::kFull);
    info.backtrace = frames.take();
  }
  if (config.witness != nullptr && !config.crash_directory.empty()) info.details = config.witness->details();
  publish(config.witness, info);
  run_hook(config, info);
  if (config.policy == Policy::kAbort) {
    report(info);
    std::_Exit(kExitCode);
  }
  return info;
}

}  // namespace

struct PanicHandler::Signals {
  Signals(const std::string& crash_directory, const Witness* witness) : handlers(crash_directory, witness) {}
  SignalStack stack;
  FatalSignals handlers;
};

PanicHandler::PanicHandler(Config config) {
  if (config.handle_signals) signals_ = std::make_unique<Signals>(config.crash_directory, config.witness);
  state().history.resize(config.history_size);
  const std::lock_guard lock(state().mutex);
  state().config = std::move(config);
}

PanicHandler::~PanicHandler() {
  const std::lock_guard lock(state().mutex);
  state().config = without_handler();
}

[[gnu::noinline]] PanicInfo note(Kind kind, std::string_view message) {
  return record(kind, message, __builtin_return_address(0));
}

[[gnu::noinline]] PanicInfo note_exception() {
  const void* const origin = __builtin_return_address(0);
  try {
    throw;
  } catch (const Panic& panic) {
    return panic.info();
  } catch (const std::exception& fault) {
    return record(Kind::kException, fault.what(), origin);
  } catch (...) {
    return record(Kind::kException, "exception of unknown type", origin);
  }
}

[[gnu::noinline]] void raise(Kind kind, std::string_view message) {
  throw Panic(record(kind, message, __builtin_return_address(0)));
}

[[gnu::noinline]] void script_panic(std::string_view message) {
  throw Panic(record(Kind::kScriptPanic, message, __builtin_return_address(0)));
}

void report(const PanicInfo& info) {
  const Config config = config_in_force();
  const std::string text = report_text(info);
  write_error(config, text);
  if (config.crash_directory.empty()) return;
  const std::string problem =
      write_crash_file(config.crash_directory, info.id, crash_file_text(text, info.details, panic_history()));
  if (!problem.empty()) write_error(config, "panic: " + problem + "\n");
}

void mark_recovered(std::uint64_t id) { state().history.mark_recovered(id); }

std::vector<PanicInfo> panic_history() { return state().history.all(); }
std::optional<PanicInfo> last_panic() { return state().history.last(); }
std::size_t clear_panic_history() { return state().history.clear(); }

void set_panic_hook(std::function<void(const PanicInfo&)> hook) {
  const std::lock_guard lock(state().mutex);
  state().hook = std::move(hook);
}

std::function<void(const PanicInfo&)> take_panic_hook() {
  const std::lock_guard lock(state().mutex);
  return std::exchange(state().hook, nullptr);
}

}  // namespace duso::panic
