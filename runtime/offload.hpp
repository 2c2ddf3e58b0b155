// Work that may block: reads and writes of a slow disk.
//
// Everything that may keep a thread waiting for the operating system, and is no wait of the event loop's own kind, goes
// through here. On a worker that has something else to do, the work goes to a helper thread and the calling task waits
// for it; where nobody else is waiting for the thread, it is done on the spot, which is faster.
#pragma once

#include <exception>
#include <optional>
#include <type_traits>

namespace duso {

namespace detail {

// Runs [work] with [argument] on a helper thread while other tasks run, and returns true when it has ended. False, and
// nothing was done, if there is nobody to make way for.
bool run_elsewhere(void (*work)(void* argument), void* argument);

}  // namespace detail

// Runs [work] and returns what it returns. [work] may run while other tasks of the calling script run, and on another
// thread: it must touch nothing but plain data that stays where it is until it has ended, and no value of a script.
// What it throws is thrown here.
template <class Work>
std::invoke_result_t<Work&> offload(Work&& work) {
  struct State {
    std::remove_reference_t<Work>& work;
    std::optional<std::invoke_result_t<Work&>> result;
    std::exception_ptr failure;
  } state{work, {}, {}};
  const bool is_done = detail::run_elsewhere(
      [](void* raw) {
        auto& inner = *static_cast<State*>(raw);
        try {
          inner.result.emplace(inner.work());
        } catch (...) {
          inner.failure = std::current_exception();
        }
      },
      &state);
  if (!is_done) return work();
  if (state.failure != nullptr) std::rethrow_exception(state.failure);
  return *std::move(state.result);
}

}  // namespace duso
