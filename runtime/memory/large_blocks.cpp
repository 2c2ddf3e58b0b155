// Large blocks are malloc's; the list they stand in lets the heap give back those that nobody freed.
#include "runtime/memory/large_blocks.hpp"

#include <cstdlib>
#include <new>

namespace duso::memory {

LargeBlocks::~LargeBlocks() {
  while (ends_.next != &ends_) give_back(static_cast<Prefix*>(ends_.next) + 1);
}

void* LargeBlocks::take(Heap& heap, BlockKind kind, std::size_t bytes) {
  if (bytes > kLargestRequest) throw std::bad_alloc();
  void* memory = std::malloc(sizeof(Prefix) + bytes);
  if (memory == nullptr) throw std::bad_alloc();
  auto* prefix = new (memory) Prefix{{&ends_, ends_.next}, bytes, &heap, kind, 0};
  prefix->next->previous = prefix;
  ends_.next = prefix;
  return prefix + 1;
}

void LargeBlocks::give_back(void* block) noexcept {
  Prefix* prefix = prefix_of(block);
  prefix->previous->next = prefix->next;
  prefix->next->previous = prefix->previous;
  std::free(prefix);
}

}  // namespace duso::memory
