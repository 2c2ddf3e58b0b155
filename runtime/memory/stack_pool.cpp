#include "runtime/memory/stack_pool.hpp"

#include <new>

#include <sys/mman.h>

#include "runtime/memory/sanitizers.hpp"

#if DUSO_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#endif

namespace duso::memory {

namespace {

constexpr std::size_t kSegmentsPerSlab = 64;

}  // namespace

StackPool::~StackPool() {
  for (char* slab : slabs_) munmap(slab, kSegmentsPerSlab * segment_bytes_);
}

char* StackPool::take() noexcept {
  std::vector<char*>& idle = resident_.empty() ? untouched_ : resident_;
  if (idle.empty() && !map_slab()) return nullptr;
  char* const segment = idle.back();
  idle.pop_back();
  return segment;
}

void StackPool::give_back(char* segment) noexcept {
#if DUSO_ADDRESS_SANITIZER
  __asan_unpoison_memory_region(segment, segment_bytes_);
#endif
  if (resident_.size() < kResidentIdle / segment_bytes_) {
    resident_.push_back(segment);
    return;
  }
  madvise(segment, segment_bytes_, MADV_DONTNEED);
  untouched_.push_back(segment);
}

// Room for every segment is reserved in both lists here, so that giving one back never allocates.
bool StackPool::map_slab() noexcept {
  const std::size_t bytes = kSegmentsPerSlab * segment_bytes_;
  try {
    const std::size_t segments = (slabs_.size() + 1) * kSegmentsPerSlab;
    if (slabs_.capacity() == slabs_.size()) slabs_.reserve(2 * slabs_.size() + 1);
    if (untouched_.capacity() < segments) {
      untouched_.reserve(2 * segments);
      resident_.reserve(2 * segments);
    }
  } catch (const std::bad_alloc&) {
    return false;
  }
  constexpr int kMapping = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, kMapping, -1, 0);
  if (memory == MAP_FAILED) return false;
  slabs_.push_back(static_cast<char*>(memory));
  for (std::size_t i = 0; i < kSegmentsPerSlab; ++i) untouched_.push_back(slabs_.back() + i * segment_bytes_);
  return true;
}

}  // namespace duso::memory
