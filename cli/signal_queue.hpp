// Signals as something to read, next to everything else that is waited for.
//
// The signals that matter to a process which looks after another one are not handled but taken from a queue: so each
// is seen at one place, and none interrupts anything.
#pragma once

#include <csignal>
#include <initializer_list>
#include <optional>

#include <sys/signalfd.h>

namespace duso::cli {

class SignalQueue {
 public:
  // Takes the signals [numbers] of this process. Throws std::system_error when the system gives no queue.
  explicit SignalQueue(std::initializer_list<int> numbers);
  SignalQueue(const SignalQueue&) = delete;
  SignalQueue& operator=(const SignalQueue&) = delete;
  ~SignalQueue();

  // For a child, which handles its signals itself.
  void restore() const { sigprocmask(SIG_SETMASK, &before_, nullptr); }

  // The next signal; nothing if none is waiting.
  std::optional<signalfd_siginfo> next() const;

  // To wait for the next one with.
  int descriptor() const { return descriptor_; }

 private:
  sigset_t before_;
  int descriptor_;
};

}  // namespace duso::cli
