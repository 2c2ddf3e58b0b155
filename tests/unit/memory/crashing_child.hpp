// For tests of what must end the process: it is a child that dies.
#pragma once

#include <unistd.h>

#include <csignal>
#include <cstdio>

#include <sys/wait.h>

namespace duso::memory::test {

// Runs [crash] in a child process; returns the signal that ended it, 0 if it lived.
template <class Crash>
int signal_of(const Crash& crash) {
  const pid_t child = fork();
  if (child == 0) {
    // Neither the test framework nor a sanitizer shall report what is meant to happen.
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS}) std::signal(signal, SIG_DFL);
    if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(1);
    crash();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace duso::memory::test
