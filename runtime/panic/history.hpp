// The latest panics of the process.
//
// Bounded, because what goes wrong once may go wrong a thousand times a second. Any thread may ask and add.
//
// Rules: memory-and-panics.md 6.5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/panic/info.hpp"

namespace duso::panic {

class History {
 public:
  static constexpr std::size_t kUsualSize = 10;
  static constexpr std::size_t kLargestSize = 1000;

  // How many records are kept, at most kLargestSize; 0: none. The oldest go first.
  void resize(std::size_t size);

  // Keeps [info], and drops the oldest record if there is no room.
  void keep(const PanicInfo& info);
  // Notes that the panic [id], if it is still kept, was stopped by somebody who was prepared for it.
  void mark_recovered(std::uint64_t id);

  // All that are kept, oldest first.
  std::vector<PanicInfo> all() const;
  std::optional<PanicInfo> last() const;
  // Forgets all; returns how many there were.
  std::size_t clear();

 private:
  void drop_oldest();

  mutable std::mutex mutex_;
  std::size_t size_ = kUsualSize;
  std::deque<PanicInfo> kept_;
};

}  // namespace duso::panic
