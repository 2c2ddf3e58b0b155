// Chunks: the memory that small blocks are cut from.
//
// A chunk is 256 KB, aligned to its size, and belongs to one heap. So any small block finds its heap by masking its own
// address, and a reference can be released without naming the heap. The chunk's head, in front, says whose it is; the
// rest is dealt out in *runs* of 1 KB units, each run holding blocks of one size class and one kind. Runs start small:
// a script that uses thirty classes once touches thirty kilobytes, not thirty pages.
//
// Chunks come straight from the system, but each thread keeps a few that its last heaps gave up. An instance that lives
// for a microsecond must not pay for a mapping and for page faults, and instances never change threads, so no lock is
// needed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "runtime/memory/size_classes.hpp"

namespace duso::memory {

class Heap;

// Objects and raw buffers live in separate runs: whatever stands in a run of objects begins with a header, which is
// what makes it possible to find all live objects without keeping a list of them.
enum class BlockKind : std::uint8_t { kObject, kBuffer };

class Chunk {
 public:
  static constexpr std::size_t kBytes = std::size_t{256} * 1024;
  static constexpr std::size_t kUnitBytes = 1024;
  static constexpr std::size_t kUnits = kBytes / kUnitBytes;

  // A chunk for [heap] with all runs still to be cut. Throws std::bad_alloc when the system has no memory.
  static Chunk* take(Heap& heap);

  // Gives [chunk] back, to this thread's reserve or to the system. Everything in it is gone.
  static void give_back(Chunk* chunk) noexcept;

  // The chunk that holds [block].
  static Chunk* of(const void* block) noexcept {
    return reinterpret_cast<Chunk*>(reinterpret_cast<std::uintptr_t>(block) & ~std::uintptr_t{kBytes - 1});
  }

  Heap& heap() const noexcept { return *heap_; }

  // The units that no run has taken yet.
  std::size_t free_units() const noexcept { return kUnits - used_units_; }

  // Cuts a run of [units] (at most free_units()) for blocks of [size_class] and [kind]; returns its first byte.
  std::byte* cut_run(std::size_t units, BlockKind kind, std::uint8_t size_class) noexcept;

  // Calls [visit] (std::byte* first, std::size_t bytes, BlockKind kind, std::uint8_t size_class) for every run.
  template <class Visit>
  void for_each_run(const Visit& visit) {
    for (std::size_t unit = kHeadUnits; unit < used_units_;) {
      std::size_t end = unit + 1;
      while (end < used_units_ && labels_[end] == kContinued) ++end;
      visit(unit_address(unit), (end - unit) * kUnitBytes,
            (labels_[unit] & kBufferBit) != 0 ? BlockKind::kBuffer : BlockKind::kObject,
            static_cast<std::uint8_t>(labels_[unit] & ~kBufferBit));
      unit = end;
    }
  }

  // The number that the profiler gave to [block], 0 if none. Setting one makes the list of numbers first, and is given
  // up without memory for it.
  std::uint32_t site(const void* block) const noexcept { return sites_ != nullptr ? sites_[place_of(block)] : 0; }
  void set_site(const void* block, std::uint32_t site) noexcept;

  // The heap's list of its chunks.
  Chunk* next() const noexcept { return next_; }
  void set_next(Chunk* next) noexcept { next_ = next; }

 private:
  static constexpr std::size_t kHeadUnits = 1;
  // What a unit's label says: the size class of the run that starts there, or that the run before goes on.
  static constexpr std::uint8_t kContinued = 0;
  static constexpr std::uint8_t kBufferBit = 0x80;
  static constexpr std::size_t kSmallestBlock = block_size_of(1);
  static_assert(kSizeClassCount <= kBufferBit);

  explicit Chunk(Heap& heap) noexcept : heap_(&heap) {}
  std::size_t place_of(const void* block) const noexcept {
    return static_cast<std::size_t>(static_cast<const std::byte*>(block) - reinterpret_cast<const std::byte*>(this)) /
           kSmallestBlock;
  }
  std::byte* unit_address(std::size_t unit) noexcept { return reinterpret_cast<std::byte*>(this) + unit * kUnitBytes; }

  Heap* heap_;
  Chunk* next_ = nullptr;
  std::size_t used_units_ = kHeadUnits;
  std::array<std::uint8_t, kUnits> labels_;
  std::unique_ptr<std::uint32_t[]> sites_;  // by place; null unless the heap is profiled
};
static_assert(sizeof(Chunk) <= Chunk::kUnitBytes);

}  // namespace duso::memory
