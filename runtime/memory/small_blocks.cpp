// Cutting new runs, the part of small blocks that happens once in hundreds of allocations.
#include "runtime/memory/small_blocks.hpp"

#include <algorithm>
#include <new>

namespace duso::memory {

namespace {

constexpr std::size_t kLongestRun = 16;  // units

}  // namespace

SmallBlocks::~SmallBlocks() {
  while (chunks_ != nullptr) {
    Chunk* chunk = chunks_;
    chunks_ = chunk->next();
    Chunk::give_back(chunk);
  }
}

void* SmallBlocks::take(Heap& heap, BlockKind kind, std::uint8_t size_class) {
  if (list_of(kind, size_class) == nullptr) refill(heap, kind, size_class);
  return pop(kind, size_class);
}

// Cuts the next run of a class. What is left at the end of a chunk is used up by a shorter run if one block fits in.
void SmallBlocks::refill(Heap& heap, BlockKind kind, std::uint8_t size_class) {
  const std::size_t size = block_size_of(size_class);
  const std::size_t shortest = (size + Chunk::kUnitBytes - 1) / Chunk::kUnitBytes;
  if (chunks_ == nullptr || chunks_->free_units() < shortest) {
    Chunk* chunk = Chunk::take(heap);
    chunk->set_next(chunks_);
    chunks_ = chunk;
  }
  std::uint8_t& last_units = last_run_units_[index_of(kind, size_class)];
  const std::size_t wanted = std::clamp<std::size_t>(std::size_t{last_units} * 2, shortest, kLongestRun);
  const std::size_t units = std::min(wanted, chunks_->free_units());
  last_units = static_cast<std::uint8_t>(wanted);

  std::byte* const run = chunks_->cut_run(units, kind, size_class);
  FreeBlock* list = nullptr;
  for (std::size_t offset = units * Chunk::kUnitBytes / size * size; offset != 0;) {
    offset -= size;
    list = new (run + offset) FreeBlock{list};
  }
  list_of(kind, size_class) = list;
}

}  // namespace duso::memory
