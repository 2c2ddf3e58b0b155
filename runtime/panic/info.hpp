// What is known of one panic.
//
// A panic is a fault of the runtime itself, as opposed to an error of a script: a check of ours that failed, a C++
// exception that should not have come this far, a signal that means a wild pointer. This is the record that reports,
// hooks and the history share.
//
// Rules: memory-and-panics.md 6.1, 6.5.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace duso::panic {

enum class Kind : std::uint8_t { kException, kInvariant, kScriptPanic, kPlugin, kSignal, kNativeOverflow };

// The name of [kind] in reports and records: "exception", "script_panic", ...
std::string_view name_of(Kind kind);

// Whether the process can go on after a panic of [kind]: only the instance it happened in ends.
constexpr bool is_recoverable(Kind kind) { return kind < Kind::kSignal; }

struct PanicInfo {
  std::uint64_t id = 0;  // 1, 2, ... over the life of the process
  Kind kind = Kind::kInvariant;
  std::string message;
  std::string file;  // where in the script; empty if not in a script
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string stack;      // the script's call stack, one line a call
  std::string backtrace;  // the native one, one line a frame; empty when not available
  std::uint64_t instance = 0;
  std::string instance_kind;  // "main", "run", ...
  std::string script;
  std::string task;
  double time = 0;         // Unix time
  bool recovered = false;  // somebody who was prepared for it stopped it
  std::uint64_t thread = 0;
  std::string status;   // of the process at that moment: "heap 1.2 MB of 16 MB, 3 instances, 14 tasks"
  std::string details;  // the same in many words; only if there will be a crash file for them

  // "FILE:LINE:COL"; empty if not in a script.
  std::string location() const;
  // The panic as others hear of it, who go on: "panic: MESSAGE".
  std::string error_message() const { return "panic: " + message; }
  // The same as the `stack` of an error has it: with the location in front, and the script's call stack below.
  std::string error_stack() const;
};

}  // namespace duso::panic
