// The descriptors of one instance: those that its scripts made, and those that its tasks wait for (tasks.md 8).
//
// A script may use the descriptors that its process inherited and the pipes that it made itself. Everything else that
// the process has open - files, sockets, the insides of event loops - is not its business, and bears the mark that it
// is closed in child processes; so such a descriptor does not exist for a script. The pipes of an instance close with
// it.
//
// A wait is a watch on the worker's event loop that lies on the waiting task's stack. Closing a descriptor ends the
// waits for it.
#pragma once

#include <string>
#include <unordered_set>

#include "interpreter/execution/builtin.hpp"
#include "runtime/tasks/event_loop.hpp"
#include "runtime/tasks/timer_queue.hpp"

namespace duso::tasks {

class ScriptInstance;
enum class Wake : std::uint8_t;

class DescriptorTable {
 public:
  explicit DescriptorTable(ScriptInstance& instance) : instance_(instance) {}
  // Closes what the instance made; nobody may be waiting any more.
  ~DescriptorTable();
  DescriptorTable(const DescriptorTable&) = delete;
  DescriptorTable& operator=(const DescriptorTable&) = delete;

  struct Pipe {
    int read_end = -1;
    int write_end = -1;
  };
  // A new pipe that blocks nobody. Returns 0, or the errno of the failure.
  int make_pipe(Pipe& pipe);
  // Whether the instance made [descriptor].
  bool owns(int descriptor) const { return own_.contains(descriptor); }
  // Whether [descriptor] exists for the scripts of the instance.
  bool knows(int descriptor) const;
  // Closes [descriptor], which must exist; whoever waits for it is told.
  void close(int descriptor);

  // How a wait went.
  struct WaitResult {
    Wake wake;
    bool was_closed = false;
    std::string problem;  // what was wrong with the descriptor
  };
  // Makes the running task wait until [descriptor], which must exist, is ready or broken, or [deadline] comes.
  WaitResult wait(const execution::Call& call, int descriptor, Direction direction, Instant deadline);
  // Ends the watches of tasks that are given up.
  void give_up_waits();

 private:
  class Wait;

  ScriptInstance& instance_;
  std::unordered_set<int> own_;
  Wait* waits_ = nullptr;  // under way
};

}  // namespace duso::tasks
