// Chunks: the memory that small blocks are cut from.
//
// A chunk is 256 KB, aligned to its size. So any small block finds its chunk by masking its own address, and there its
// heap: a reference can be released without naming the heap. Most chunks belong to one heap; those of heaps that are
// still small are shared, parcel by parcel (parcels.hpp). The chunk's head, in front, says whose it is; the rest is
// dealt out in *runs* of 256-byte units, each run holding blocks of one size class and one kind. Runs start small: a
// script that uses thirty classes once touches eight kilobytes, not thirty pages.
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

// Memory for a chunk, aligned and not initialised, from the thread's reserve or from the system. Throws std::bad_alloc
// when the system has none.
void* take_chunk_memory();
// Gives it back, to the reserve or to the system.
void give_back_chunk_memory(void* memory) noexcept;

class Chunk {
 public:
  static constexpr std::size_t kBytes = std::size_t{256} * 1024;
  static constexpr std::size_t kUnitBytes = 256;
  static constexpr std::size_t kParcelBytes = 1024;  // the smallest part of a chunk that has an owner of its own
  static constexpr std::size_t kUnits = kBytes / kUnitBytes;

  // A chunk for [heap] with all runs still to be cut. Throws std::bad_alloc when the system has no memory.
  static Chunk* take(Heap& heap);

  // Gives [chunk] back. Everything in it is gone.
  static void give_back(Chunk* chunk) noexcept;

  // The chunk that holds [block].
  static Chunk* of(const void* block) noexcept {
    return reinterpret_cast<Chunk*>(reinterpret_cast<std::uintptr_t>(block) & ~std::uintptr_t{kBytes - 1});
  }

  // The heap that [block] belongs to, which lies in this chunk.
  Heap& heap_of(const void* block) const noexcept {
    return heap_ != nullptr ? *heap_ : *owners_[place_of(block) / kParcelBytes].heap;
  }

  // What runs can be cut from, in a chunk with one owner.
  std::byte* begin() noexcept { return bytes() + kHeadBytes; }
  std::byte* end() noexcept { return bytes() + kBytes; }

  // Notes that the [units] units at [first] are a run for blocks of [size_class] and [kind].
  void label_run(const std::byte* first, std::size_t units, BlockKind kind, std::uint8_t size_class) noexcept;

  // Calls [visit] (std::byte* first, std::size_t bytes, BlockKind kind, std::uint8_t size_class) for every run from
  // [first] to [end].
  template <class Visit>
  void for_each_run(std::byte* first, const std::byte* end, const Visit& visit) {
    std::size_t unit = unit_of(first);
    const std::size_t last = unit_of(end);
    while (unit < last && labels_[unit] != kFree) {
      std::size_t next = unit + 1;
      while (next < last && labels_[next] == kContinued) ++next;
      visit(bytes() + unit * kUnitBytes, (next - unit) * kUnitBytes,
            (labels_[unit] & kBufferBit) != 0 ? BlockKind::kBuffer : BlockKind::kObject,
            static_cast<std::uint8_t>(labels_[unit] & ~kBufferBit));
      unit = next;
    }
  }

  // The number that the profiler gave to [block], 0 if none. Setting one makes the list of numbers first, and is given
  // up without memory for it.
  std::uint32_t site(const void* block) const noexcept {
    return sites_ != nullptr ? sites_[place_of(block) / kSmallestBlock] : 0;
  }
  void set_site(const void* block, std::uint32_t site) noexcept;

  // The list that the chunk is in: its heap's.
  Chunk* next() const noexcept { return next_; }
  void set_next(Chunk* next) noexcept { next_ = next; }

 protected:
  // Who has a parcel of a shared chunk, and what comes after it: in its heap's list, or in the list of the free ones.
  struct Parcel {
    Heap* heap = nullptr;
    std::byte* next = nullptr;
  };

  // A chunk that several heaps share, when it is told whose its parcels are: [owners], by place.
  Chunk() noexcept = default;
  ~Chunk() = default;
  void share_among(const Parcel* owners) noexcept { owners_ = owners; }

  std::byte* bytes() noexcept { return reinterpret_cast<std::byte*>(this); }
  std::size_t place_of(const void* block) const noexcept {
    return static_cast<std::size_t>(static_cast<const std::byte*>(block) - reinterpret_cast<const std::byte*>(this));
  }
  // No run begins in the parcel at [first] any more.
  void clear_labels(const std::byte* first) noexcept;

 private:
  // What a unit's label says: the size class of the run that starts there, that the run before goes on, or that no run
  // starts there nor behind it.
  static constexpr std::uint8_t kFree = 0;
  static constexpr std::uint8_t kContinued = 0x7F;
  static constexpr std::uint8_t kBufferBit = 0x80;
  static constexpr std::size_t kSmallestBlock = block_size_of(1);
  static_assert(kSizeClassCount <= kContinued);

  explicit Chunk(Heap& heap) noexcept : heap_(&heap) {}
  std::size_t unit_of(const std::byte* place) const noexcept { return place_of(place) / kUnitBytes; }

  Heap* heap_ = nullptr;            // null: it is shared
  const Parcel* owners_ = nullptr;  // by parcel, of a shared one
  Chunk* next_ = nullptr;
  std::unique_ptr<std::uint32_t[]> sites_;  // by place; null unless a heap is profiled
  std::array<std::uint8_t, kUnits> labels_{};

  static const std::size_t kHeadBytes;
};

inline constexpr std::size_t Chunk::kHeadBytes = (sizeof(Chunk) + kUnitBytes - 1) / kUnitBytes * kUnitBytes;

}  // namespace duso::memory
