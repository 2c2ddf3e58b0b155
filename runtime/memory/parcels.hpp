// Parcels: the memory of small heaps.
//
// Most instances hold a few hundred bytes. With a chunk to itself such a heap would cost a page of memory, a mapping
// and an unmapping, which makes every other thread forget its translations. So a heap begins on parcels of 1 KB, cut
// from chunks that the small heaps of a thread share, and gets chunks of its own when it has outgrown a few of them
// (small_blocks.hpp). Ten thousand sleeping instances keep their data in forty chunks.
//
// A parcel has one owner, and the chunk's list says who. Parcels are taken from a chunk that somebody has given one
// back to, if there is such a chunk, so that chunks fill up before new ones are begun; one that is empty goes unless it
// is the last with free parcels.
//
// Belongs to one thread: heaps are given up by the thread that filled them.
#pragma once

#include <array>
#include <cstddef>

#include "runtime/memory/chunk.hpp"

namespace duso::memory {

class SharedChunk final : public Chunk {
 public:
  // A parcel for [heap], with [next] behind it in the heap's list. Throws std::bad_alloc when the system has no memory.
  static std::byte* take_parcel(Heap& heap, std::byte* next);

  // What take_parcel() was told about [parcel].
  static std::byte* next_of(const std::byte* parcel) noexcept { return of(parcel)->parcel_at(parcel).next; }

  // Takes [parcel] back. Everything in it is gone.
  static void give_back(std::byte* parcel) noexcept;

 private:
  friend class OpenChunks;

  static constexpr std::size_t kParcels = kBytes / kParcelBytes;

  SharedChunk() noexcept { share_among(parcels_.data()); }
  static SharedChunk* of(const void* block) noexcept { return static_cast<SharedChunk*>(Chunk::of(block)); }
  Parcel& parcel_at(const std::byte* first) noexcept { return parcels_[place_of(first) / kParcelBytes]; }
  std::byte* pop() noexcept;
  bool is_full() const noexcept { return taken_ == kUsable; }
  bool is_empty() const noexcept { return taken_ == 0; }

  SharedChunk* previous_open_ = nullptr;  // the neighbours among those with free parcels
  SharedChunk* next_open_ = nullptr;
  std::byte* first_free_ = nullptr;  // of those that were given back
  std::size_t taken_ = 0;
  std::size_t untouched_ = kFirst;  // parcels from here on were never taken
  std::array<Parcel, kParcels> parcels_{};

  static const std::size_t kFirst;  // behind the head
  static const std::size_t kUsable;
};

inline constexpr std::size_t SharedChunk::kFirst = (sizeof(SharedChunk) + kParcelBytes - 1) / kParcelBytes;
inline constexpr std::size_t SharedChunk::kUsable = kParcels - kFirst;

}  // namespace duso::memory
