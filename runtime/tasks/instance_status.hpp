// What all threads may know of a script instance: its entry in `runtime.instances()`.
//
// An instance belongs to one thread. So that others can list it without asking that thread, the worker writes down how
// it is after every pass; readers see the last such moment.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>

namespace duso::tasks {

enum class InstanceState : std::uint8_t { kReady, kRunning, kWaiting };

struct InstanceStatus {
  const std::uint64_t pid;
  const char* const kind;  // as scripts see it
  const std::string script;
  const double started;  // Unix time

  std::atomic<InstanceState> state{InstanceState::kReady};
  std::atomic<std::size_t> heap_used{0};  // bytes
  std::atomic<std::size_t> tasks{0};      // unfinished ones
};

// Of all instances of a process, in the order of their start.
using InstanceList = std::list<std::shared_ptr<const InstanceStatus>>;

}  // namespace duso::tasks
