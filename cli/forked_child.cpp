#include "cli/forked_child.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include <sys/prctl.h>
#include <sys/wait.h>

namespace duso::cli {

std::string ProcessEnd::describe() const {
  if (signal == 0) return "with status " + std::to_string(status);
  return "by signal " + std::to_string(signal) + " (" + strsignal(signal) + ')';
}

pid_t start_child(const std::function<int()>& work) {
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) throw std::system_error(errno, std::generic_category(), "cannot start a process");
  if (pid > 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) std::_Exit(128 + SIGTERM);  // it has gone before that took effect
  std::_Exit(work());  // an exception passes on, and ends the copy as it would have ended the original
}

std::optional<EndedChild> next_ended_child(bool waits) {
  int status = 0;
  pid_t pid = 0;
  do {
    pid = waitpid(-1, &status, waits ? 0 : WNOHANG);
  } while (pid < 0 && errno == EINTR);
  if (pid <= 0) return std::nullopt;
  const bool by_signal = WIFSIGNALED(status);
  return EndedChild{pid, {.status = by_signal ? 0 : WEXITSTATUS(status), .signal = by_signal ? WTERMSIG(status) : 0}};
}

}  // namespace duso::cli
