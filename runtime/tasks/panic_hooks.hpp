// Which instances want to hear of panics elsewhere.
//
// A panic is told on the thread it happened on, the hook of a script runs on the thread of its instance: in between is
// a message to that instance's worker. Instances come and go meanwhile, so a message names its hook by a number that is
// never given twice.
//
// Rules: memory-and-panics.md 6.5.
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "runtime/panic/info.hpp"

namespace duso::tasks {

class ScriptInstance;
class Worker;

class PanicHooks {
 public:
  // [instance] is to hear of panics until remove() is called for it. Returns the number of its hook. On its worker's
  // thread, like remove().
  std::uint64_t add(const ScriptInstance& instance);
  void remove(const ScriptInstance& instance);

  // Sends word of [info] to all but the instance it happened in, [origin], which may be null. From any thread.
  void tell(const ScriptInstance* origin, const panic::PanicInfo& info);

 private:
  struct Entry {
    const ScriptInstance* instance;
    Worker* worker;
    std::uint64_t number;
  };

  std::mutex mutex_;
  std::vector<Entry> entries_;
  std::uint64_t last_number_ = 0;
};

}  // namespace duso::tasks
