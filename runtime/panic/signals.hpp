// Fatal signals: SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT.
//
// They mean that memory can not be trusted any more. There is no way back into the program: the handler tells what can
// be told with calls that are safe in such a place, then lets the signal do what it would have done. Locks may be held
// and the heap may be broken, so it allocates nothing, locks nothing and writes to file descriptors.
//
// The handler runs on an alternate stack, since one of the reasons for SIGSEGV is that the stack is full: a guard page
// below it was touched, right where the stack pointer is. That is a panic of its own kind.
//
// Rules: memory-and-panics.md 6.2, 6.3.
#pragma once

#include <signal.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "runtime/panic/witness.hpp"

namespace duso::panic {

// An alternate stack for the signal handlers of the thread that makes it, which must also end it.
class SignalStack {
 public:
  // Throws std::bad_alloc when the system has no memory for it.
  SignalStack();
  ~SignalStack();
  SignalStack(SignalStack&& other) = delete;
  SignalStack& operator=(SignalStack&& other) = delete;

 private:
  void* mapping_;
  stack_t previous_ = {};
};

// The handlers, as long as it exists; one at a time per process.
class FatalSignals {
 public:
  // Reports go to standard error and to a file in [crash_directory], unless it is empty.
  FatalSignals(const std::string& crash_directory, const Witness* witness);
  ~FatalSignals();
  FatalSignals(const FatalSignals&) = delete;
  FatalSignals& operator=(const FatalSignals&) = delete;

 private:
  static constexpr std::size_t kCount = 5;
  std::array<struct sigaction, kCount> previous_;
};

// The number of the next panic, from 1; signals draw from it as well.
std::uint64_t next_panic_id();

}  // namespace duso::panic
