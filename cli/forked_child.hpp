// A part of the work in a process of its own.
//
// Where something may crash, end the process or be ended, and its caller must not, the command makes a copy of itself
// for it. The copy goes on with everything that is known already, so nothing has to be put into arguments and read
// again; it shares no memory with the original, and the system cleans up after it.
//
// Copying is safe as long as this process has one thread: before any script ran and any runtime was made.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <sys/types.h>

namespace duso::cli {

// How a process ended: with a status, or by a signal.
struct ProcessEnd {
  int status = 0;
  int signal = 0;  // 0: it was none

  // "with status 1", "by signal 11 (Segmentation fault)".
  std::string describe() const;
  // What a shell shows for it.
  int shell_status() const { return signal != 0 ? 128 + signal : status; }
};

// Starts a copy of this process that runs [work], which has to flush what it writes, and ends with the status that it
// returns. If this process goes first, the copy is asked to end (SIGTERM). Returns its id. Throws std::system_error
// when the system gives none.
pid_t start_child(const std::function<int()>& work);

struct EndedChild {
  pid_t pid;
  ProcessEnd end;
};

// The next child that has ended. [waits]: for one to do so; else there may be none yet. Nothing also if there is no
// child at all.
std::optional<EndedChild> next_ended_child(bool waits);

}  // namespace duso::cli
