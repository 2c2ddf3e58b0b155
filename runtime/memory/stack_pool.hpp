// First stack segments for the many tasks of one worker.
//
// A script may have a hundred thousand tasks that wait. A stack of its own mapping for each would meet the kernel's
// limit of 65,530 mappings, and a guard page costs one more. So the first segment of a task is cut out of a large slab
// and has no guard page; it is kept small, because a task that calls deeply goes on elsewhere (stack_segments.hpp).
// What a task has written to its stack stays resident for the next one, up to kResidentIdle for all that are idle.
//
// Belongs to one thread.
#pragma once

#include <cstddef>
#include <vector>

namespace duso::memory {

class StackPool {
 public:
  // Bytes of idle segments that stay resident; further ones go back to the system when they become idle.
  static constexpr std::size_t kResidentIdle = std::size_t{64} << 20;

  // [segment_bytes]: the size of every segment, a whole number of pages.
  explicit StackPool(std::size_t segment_bytes) : segment_bytes_(segment_bytes) {}
  // All segments must have been given back.
  ~StackPool();
  StackPool(const StackPool&) = delete;
  StackPool& operator=(const StackPool&) = delete;

  std::size_t segment_bytes() const noexcept { return segment_bytes_; }

  // The lowest address of a segment; null when the system has no memory.
  char* take() noexcept;
  void give_back(char* segment) noexcept;

 private:
  bool map_slab() noexcept;

  const std::size_t segment_bytes_;
  std::vector<char*> slabs_;
  std::vector<char*> resident_;  // idle segments that were used before; the last one is taken first
  std::vector<char*> untouched_;
};

}  // namespace duso::memory
