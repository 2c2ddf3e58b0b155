#include "runtime/termination.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>

#include "runtime/console.hpp"
#include "runtime/tasks/runtime.hpp"

namespace duso {

namespace {

// What the handler works on. It does nothing but atomic stores, writes to event descriptors and _exit, which a signal
// handler may do.
std::atomic<tasks::Runtime*> running_runtime{nullptr};
std::atomic<Console*> running_console{nullptr};
std::atomic<bool> asked_before{false};
std::atomic<bool> interrupt_breaks_off{false};
static_assert(std::atomic<tasks::Runtime*>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

pthread_t main_thread;

void on_signal(int number) {
  // The system may pick any thread; only the main one may look at what it runs.
  if (pthread_equal(pthread_self(), main_thread) == 0) {
    pthread_kill(main_thread, number);
    return;
  }
  if (number == SIGINT && interrupt_breaks_off && !asked_before) {
    if (tasks::Runtime* runtime = running_runtime) runtime->request_break_from_signal();
    return;
  }
  if (asked_before.exchange(true)) _exit(128 + number);
  if (Console* console = running_console) console->stop_reading();
  if (tasks::Runtime* runtime = running_runtime) runtime->request_end_from_signal();
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;  // without SA_RESTART: a read that waits must return
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, nullptr);
}

}  // namespace

TerminationSignals::TerminationSignals(tasks::Runtime& runtime, Console& console, OnInterrupt on_interrupt) {
  asked_before = false;
  interrupt_breaks_off = on_interrupt == OnInterrupt::kBreakOff;
  main_thread = pthread_self();
  running_runtime = &runtime;
  running_console = &console;
  handle(SIGINT, on_signal);
  handle(SIGTERM, on_signal);
}

TerminationSignals::~TerminationSignals() {
  handle(SIGINT, SIG_DFL);
  handle(SIGTERM, SIG_DFL);
  running_runtime = nullptr;
  running_console = nullptr;
}

}  // namespace duso
