// SIGINT and SIGTERM: asking a running program to end.
//
// The first signal stops the script at its next safe point, past its catch blocks, and wakes it when it waits for
// input; the process then ends in the ordinary way with status 0 (cli.md 2). Whoever sends a second one does not want
// to wait: the process ends at once with 128 + the signal's number.
#pragma once

namespace duso {

class Console;

namespace execution {
class Instance;
}

// Handles both signals for [instance] as long as it exists. One at a time per process.
class TerminationSignals {
 public:
  TerminationSignals(execution::Instance& instance, Console& console);
  ~TerminationSignals();
  TerminationSignals(const TerminationSignals&) = delete;
  TerminationSignals& operator=(const TerminationSignals&) = delete;
};

}  // namespace duso
