// For tests of what ends a process, or writes to its standard error: it is a child's.
#pragma once

#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

#include <sys/wait.h>

namespace duso::test {

struct Ended {
  std::string text;  // of standard error
  int status = -1;   // the exit status; -1 if a signal ended it
  int signal = 0;
};

// Runs [body] in a child process.
template <class Body>
Ended child_of(const Body& body) {
  std::array<int, 2> ends;
  if (pipe(ends.data()) != 0) return {};
  const pid_t child = fork();
  if (child == 0) {
    // Neither the test framework nor a sanitizer shall report what is meant to happen.
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE}) std::signal(signal, SIG_DFL);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    alarm(60);
    body();
    _exit(0);
  }
  close(ends[1]);
  Ended ended;
  std::array<char, 4096> buffer;
  for (ssize_t count; (count = read(ends[0], buffer.data(), buffer.size())) > 0;) {
    ended.text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status)) ended.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
  return ended;
}

}  // namespace duso::test
