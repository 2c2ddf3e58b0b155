// SIGINT and SIGTERM: asking a running program to end.
//
// The first signal asks the runtime for an orderly end, and wakes a script that waits for input; the process then ends
// with status 0 (concurrency.md 10, 11). Whoever sends a second one does not want
// to wait: the process ends at once with 128 + the signal's number.
//
// At a prompt SIGINT means something else: the user wants to be rid of what the script is doing, but not of the script.
#pragma once

namespace duso {

class Console;

namespace tasks {
class Runtime;
}

// What SIGINT asks for.
enum class OnInterrupt : unsigned char {
  kEnd,       // the end of the process, as SIGTERM does
  kBreakOff,  // that the main script gives up what it attempts
};

// Handles both signals for [runtime] as long as it exists. One at a time per process, made on the runtime's main
// thread.
class TerminationSignals {
 public:
  TerminationSignals(tasks::Runtime& runtime, Console& console, OnInterrupt on_interrupt = OnInterrupt::kEnd);
  ~TerminationSignals();
  TerminationSignals(const TerminationSignals&) = delete;
  TerminationSignals& operator=(const TerminationSignals&) = delete;
};

}  // namespace duso
