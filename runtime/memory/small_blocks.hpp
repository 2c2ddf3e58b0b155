// The small blocks of one heap: a free list per size class and kind.
//
// Taking a block pops the list, giving it back pushes it: the block freed last, still in the cache, is used first. A
// list that runs dry is refilled with a whole run, threaded through its blocks in one go. Each run of a class is twice
// as long as the one before, up to 16 KB, so rare sizes stay cheap and frequent ones seldom come back for more. Runs
// are cut from parcels of shared chunks while the heap is small, and from chunks of its own from then on.
//
// A free block's link lies where an object has its header. A user-space address is below 2^48, so the byte that holds
// an object's size class reads 0 in a free block, and no live small object has size class 0. That one byte tells them
// apart.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "runtime/memory/chunk.hpp"
#include "runtime/memory/heap_object.hpp"
#include "runtime/memory/parcels.hpp"
#include "runtime/memory/size_classes.hpp"

namespace duso::memory {

class SmallBlocks {
 public:
  SmallBlocks() = default;
  ~SmallBlocks();
  SmallBlocks(const SmallBlocks&) = delete;
  SmallBlocks& operator=(const SmallBlocks&) = delete;

  // A free block of [size_class] and [kind], or null when the list is empty.
  void* pop(BlockKind kind, std::size_t size_class) noexcept {
    FreeBlock*& list = list_of(kind, size_class);
    FreeBlock* block = list;
    if (block != nullptr) [[likely]]
      list = block->next;
    return block;
  }

  // Takes [block] back, which pop() or take() gave out for the same [kind] and [size_class].
  void push(BlockKind kind, std::size_t size_class, void* block) noexcept {
    FreeBlock*& list = list_of(kind, size_class);
    list = new (block) FreeBlock{list};
  }

  // As pop(), but cuts a new run for [heap] when the list is empty. Throws std::bad_alloc when the system has no
  // memory.
  void* take(Heap& heap, BlockKind kind, std::uint8_t size_class);

  // Calls [visit] (HeapObject*) for every block of the object kind that is not free. [visit] may free the object it is
  // given.
  template <class Visit>
  void for_each_object(const Visit& visit) {
    const auto visit_run = [&](std::byte* first, std::size_t bytes, BlockKind kind, std::uint8_t size_class) {
      if (kind != BlockKind::kObject) return;
      const std::size_t size = block_size_of(size_class);
      for (std::size_t offset = 0; offset + size <= bytes; offset += size) {
        auto* object = reinterpret_cast<HeapObject*>(first + offset);
        if (object->size_class != 0) visit(object);
      }
    };
    for (Chunk* chunk = chunks_; chunk != nullptr; chunk = chunk->next()) {
      chunk->for_each_run(chunk->begin(), chunk->end(), visit_run);
    }
    for (std::byte* parcel = parcels_; parcel != nullptr; parcel = SharedChunk::next_of(parcel)) {
      Chunk::of(parcel)->for_each_run(parcel, parcel + Chunk::kParcelBytes, visit_run);
    }
  }

 private:
  struct FreeBlock {
    FreeBlock* next;
  };
  static_assert(sizeof(FreeBlock) == sizeof(HeapObject));
  static_assert(std::endian::native == std::endian::little && offsetof(HeapObject, size_class) == 6,
                "the upper two bytes of a link must lie over the size class");

  static std::size_t index_of(BlockKind kind, std::size_t size_class) {
    return kind == BlockKind::kObject ? size_class : kSizeClassCount + size_class;
  }
  FreeBlock*& list_of(BlockKind kind, std::size_t size_class) { return lists_[index_of(kind, size_class)]; }
  void refill(Heap& heap, BlockKind kind, std::uint8_t size_class);
  void find_room(Heap& heap, std::size_t units);
  std::size_t free_units() const { return static_cast<std::size_t>(room_end_ - room_) / Chunk::kUnitBytes; }

  static constexpr std::uint8_t kMostParcels = 8;

  std::array<FreeBlock*, 2 * kSizeClassCount> lists_{};
  std::array<std::uint8_t, 2 * kSizeClassCount> last_run_units_{};
  std::uint8_t parcel_count_ = 0;
  std::byte* parcels_ = nullptr;  // the newest first
  Chunk* chunks_ = nullptr;       // the newest first
  std::byte* room_ = nullptr;     // what is left of the newest of them, to cut runs from
  std::byte* room_end_ = nullptr;
};

}  // namespace duso::memory
