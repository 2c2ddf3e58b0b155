#include "cli/signal_queue.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace duso::cli {

SignalQueue::SignalQueue(std::initializer_list<int> numbers) {
  sigset_t taken;
  sigemptyset(&taken);
  for (const int number : numbers) sigaddset(&taken, number);
  descriptor_ = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "cannot wait for signals");
  sigprocmask(SIG_BLOCK, &taken, &before_);
}

SignalQueue::~SignalQueue() {
  close(descriptor_);
  restore();
}

std::optional<signalfd_siginfo> SignalQueue::next() const {
  signalfd_siginfo signal = {};
  if (read(descriptor_, &signal, sizeof signal) != sizeof signal) return std::nullopt;
  return signal;
}

}  // namespace duso::cli
