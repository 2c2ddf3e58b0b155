// Cutting new runs, the part of small blocks that happens once in hundreds of allocations.
#include "runtime/memory/small_blocks.hpp"

#include <algorithm>
#include <new>

namespace duso::memory {

namespace {

constexpr std::size_t kLongestRun = 64;  // units

}  // namespace

SmallBlocks::~SmallBlocks() {
  while (chunks_ != nullptr) {
    Chunk* chunk = chunks_;
    chunks_ = chunk->next();
    Chunk::give_back(chunk);
  }
  while (parcels_ != nullptr) {
    std::byte* parcel = parcels_;
    parcels_ = SharedChunk::next_of(parcel);
    SharedChunk::give_back(parcel);
  }
}

void* SmallBlocks::take(Heap& heap, BlockKind kind, std::uint8_t size_class) {
  if (list_of(kind, size_class) == nullptr) refill(heap, kind, size_class);
  return pop(kind, size_class);
}

// Makes room for a run of [units]. A large block has no place in a parcel, and ends the time of the small heap.
void SmallBlocks::find_room(Heap& heap, std::size_t units) {
  const bool is_small = chunks_ == nullptr && parcel_count_ < kMostParcels;
  if (is_small && units * Chunk::kUnitBytes <= Chunk::kParcelBytes) {
    parcels_ = SharedChunk::take_parcel(heap, parcels_);
    ++parcel_count_;
    room_ = parcels_;
    room_end_ = parcels_ + Chunk::kParcelBytes;
    return;
  }
  Chunk* chunk = Chunk::take(heap);
  chunk->set_next(chunks_);
  chunks_ = chunk;
  room_ = chunk->begin();
  room_end_ = chunk->end();
}

// Cuts the next run of a class. What is left at the end of a chunk is used up by a shorter run if one block fits in.
void SmallBlocks::refill(Heap& heap, BlockKind kind, std::uint8_t size_class) {
  const std::size_t size = block_size_of(size_class);
  const std::size_t shortest = (size + Chunk::kUnitBytes - 1) / Chunk::kUnitBytes;
  if (free_units() < shortest) find_room(heap, shortest);
  std::uint8_t& last_units = last_run_units_[index_of(kind, size_class)];
  const std::size_t wanted = std::clamp<std::size_t>(std::size_t{last_units} * 2, shortest, kLongestRun);
  const std::size_t units = std::min(wanted, free_units());
  last_units = static_cast<std::uint8_t>(wanted);

  std::byte* const run = room_;
  room_ += units * Chunk::kUnitBytes;
  Chunk::of(run)->label_run(run, units, kind, size_class);
  FreeBlock* list = nullptr;
  for (std::size_t offset = units * Chunk::kUnitBytes / size * size; offset != 0;) {
    offset -= size;
    list = new (run + offset) FreeBlock{list};
  }
  list_of(kind, size_class) = list;
}

}  // namespace duso::memory
