#include "runtime/termination.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>

#include "interpreter/execution/instance.hpp"
#include "runtime/console.hpp"

namespace duso {

namespace {

// What the handler works on. It does nothing but atomic stores and _exit, which a signal handler may do.
std::atomic<execution::Instance*> running_instance{nullptr};
std::atomic<Console*> running_console{nullptr};
std::atomic<bool> asked_before{false};
static_assert(std::atomic<execution::Instance*>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

void on_signal(int number) {
  if (asked_before.exchange(true)) _exit(128 + number);
  if (Console* console = running_console) console->stop_reading();
  if (execution::Instance* instance = running_instance) instance->stop();
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;  // without SA_RESTART: a read that waits must return
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, nullptr);
}

}  // namespace

TerminationSignals::TerminationSignals(execution::Instance& instance, Console& console) {
  asked_before = false;
  running_instance = &instance;
  running_console = &console;
  handle(SIGINT, on_signal);
  handle(SIGTERM, on_signal);
}

TerminationSignals::~TerminationSignals() {
  handle(SIGINT, SIG_DFL);
  handle(SIGTERM, SIG_DFL);
  running_instance = nullptr;
  running_console = nullptr;
}

}  // namespace duso
