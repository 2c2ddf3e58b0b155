// A child process: started without a shell, its output collected, its end told.
//
// It runs in a process group of its own, so that it can be ended together with whatever it has started. Belongs to the
// thread of its event loop. When the loop ends first, the child goes on alone.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/tasks/event_loop.hpp"

namespace duso {

struct ChildCommand {
  std::string path;                      // absolute
  std::vector<std::string> arguments;    // the program's own name first
  std::vector<std::string> environment;  // NAME=VALUE
  std::string directory;                 // empty: that of this process
  std::string input;                     // for its standard input, which ends then
  std::size_t max_output = 0;            // bytes of each stream that are kept; the rest is read and dropped
};

struct ChildResult {
  int code = 0;  // -1: a signal ended it
  std::string output;
  std::string error;
  bool truncated = false;
};

class ChildProcess {
 public:
  // Somebody who waits for the end. Called once, on the thread of the loop.
  class Listener {
   public:
    virtual void on_child_end(ChildResult result) = 0;

   protected:
    ~Listener() = default;
  };

  // Starts [command]. [listener] must stay until it is told, or abandon() is called. Nothing, with the reason in
  // [problem], if that fails.
  static std::optional<ChildProcess> start(tasks::EventLoop& loop, ChildCommand command, Listener& listener,
                                           std::string& problem);

  // Ends the child's process group, politely at first and by force after two seconds. The listener is told nothing any
  // more.
  void abandon();

 private:
  struct Internals;
  explicit ChildProcess(std::shared_ptr<Internals> internals) : internals_(std::move(internals)) {}

  std::shared_ptr<Internals> internals_;
};

}  // namespace duso
