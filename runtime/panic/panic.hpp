// Panics: what happens when the runtime finds itself at fault.
//
// A recoverable panic is a C++ exception, `Panic`, that unwinds to the boundary of whoever is prepared for it, usually
// of the script instance, which ends. Before it is thrown it is recorded: where the script was and where the native
// code was, while both can still be told. It is reported (`report`) by the one that stops it for good, and not at all
// if the script protected itself.
//
// Fatal panics are signals; they do not come here but are reported on the spot (signals.hpp).
//
// Everything works without a PanicHandler too, as in a program that embeds the interpreter or a test: with the usual
// history, reports on standard error, no signals and no native backtraces.
//
// Rules: memory-and-panics.md 6.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/panic/history.hpp"
#include "runtime/panic/info.hpp"
#include "runtime/panic/witness.hpp"

namespace duso::panic {

// The exit code of a process that ends by a panic.
inline constexpr int kExitCode = 70;

enum class Policy : std::uint8_t {
  kIsolate,  // only the instance ends
  kAbort,    // the process ends, whatever the kind
};

struct Config {
  bool handle_signals = true;  // and take native backtraces
  Policy policy = Policy::kIsolate;
  std::size_t history_size = History::kUsualSize;
  std::string crash_directory;                        // reports are also written to files here; empty: they are not
  const Witness* witness = nullptr;                   // must outlive the handler
  std::function<void(std::string_view)> write_error;  // where reports go; none: standard error
};

// Puts a configuration in force, and the signal handlers with it, as long as it exists. One at a time per process; made
// and ended by the same thread, which it gives an alternate stack. Other threads need a SignalStack of their own.
class PanicHandler {
 public:
  explicit PanicHandler(Config config);
  ~PanicHandler();
  PanicHandler(const PanicHandler&) = delete;
  PanicHandler& operator=(const PanicHandler&) = delete;

 private:
  struct Signals;
  std::unique_ptr<Signals> signals_;
};

// A recoverable panic on its way.
class Panic : public std::exception {
 public:
  explicit Panic(PanicInfo info) : info_(std::make_shared<const PanicInfo>(std::move(info))) {}
  const PanicInfo& info() const { return *info_; }
  const char* what() const noexcept override { return info_->message.c_str(); }

 private:
  std::shared_ptr<const PanicInfo> info_;  // exceptions are copied, and copying must not fail
};

// Records a panic of [kind] (recoverable) that happened here and calls the hook. For a foreign exception that reached a
// boundary of ours: the boundary notes it and goes on as if it had caught a Panic. Under Policy::kAbort the process
// ends instead.
PanicInfo note(Kind kind, std::string_view message);

// What the C++ exception being handled is as a panic: the one that it carries, or a new one of kind exception, noted
// here. Call from a catch block.
PanicInfo note_exception();

// Records a panic like note(), and throws it as a Panic.
[[noreturn]] void raise(Kind kind, std::string_view message);

// A panic of kind invariant unless [condition] holds. [message] says what should have been so.
inline void check(bool condition, std::string_view message) {
  if (!condition) [[unlikely]]
    raise(Kind::kInvariant, message);
}

// A panic that a script or the host asked for.
[[noreturn]] void script_panic(std::string_view message);

// Writes the report of [info], and the crash file if there is a directory for it.
void report(const PanicInfo& info);

// Notes that the panic [id] was stopped by somebody who was prepared for it.
void mark_recovered(std::uint64_t id);

// How many panics there were since the process started.
std::uint64_t panic_count();
// The kept ones, oldest first, and the newest one.
std::vector<PanicInfo> panic_history();
std::optional<PanicInfo> last_panic();
// Forgets them and returns how many there were.
std::size_t clear_panic_history();

// Installs the process's hook, which is called with every recoverable panic, on its thread, before it unwinds; an empty
// function removes it. A panic inside a hook is recorded and calls no hook.
void set_panic_hook(std::function<void(const PanicInfo&)> hook);
// Removes the hook and returns it.
std::function<void(const PanicInfo&)> take_panic_hook();
// Installs what is called with the number of a fatal signal after its report; null removes it. It may do what a signal
// handler may.
void set_signal_hook(void (*hook)(int));

}  // namespace duso::panic
