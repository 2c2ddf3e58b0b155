// Work that may block, reads and writes of a slow disk, and letting time pass between two looks at it.
//
// Everything that may keep a thread waiting for the operating system, and is no wait of the event loop's own kind, goes
// through here. So there is one place that decides where it runs.
#pragma once

#include <chrono>
#include <thread>
#include <type_traits>

namespace duso {

// Runs [work] and returns what it returns. [work] may run while other tasks of the calling script run, and on another
// thread: it must touch nothing but plain data that stays where it is until it has ended, and no value of a script. It
// must not throw anything but std::bad_alloc.
template <class Work>
std::invoke_result_t<Work&> offload(Work&& work) {
  return work();
}

// Returns after [time], or a little earlier or later. Other tasks may run meanwhile.
inline void pause_for(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

}  // namespace duso
