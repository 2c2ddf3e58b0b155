// Where chunks come from: aligned mappings, and the few that each thread keeps.
#include "runtime/memory/chunk.hpp"

#include <cstring>
#include <new>

#include <sys/mman.h>

namespace duso::memory {

namespace {

constexpr int kAccess = PROT_READ | PROT_WRITE;
constexpr int kMapping = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

void* map(std::size_t bytes) {
  void* memory = mmap(nullptr, bytes, kAccess, kMapping, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return memory;
}

bool is_aligned(const void* memory) { return Chunk::of(memory) == memory; }

// The kernel usually puts a mapping right below the one before, so once the first is aligned a plain mapping of the
// right size is aligned as well. Where it is not, twice the size holds an aligned chunk, and the rest is cut off.
void* map_chunk() {
  void* memory = map(Chunk::kBytes);
  if (is_aligned(memory)) return memory;
  munmap(memory, Chunk::kBytes);
  auto* wide = static_cast<std::byte*>(map(2 * Chunk::kBytes));
  auto* aligned = reinterpret_cast<std::byte*>(Chunk::of(wide + Chunk::kBytes - 1));
  const auto front = static_cast<std::size_t>(aligned - wide);
  if (front > 0) munmap(wide, front);
  if (front < Chunk::kBytes) munmap(aligned + Chunk::kBytes, Chunk::kBytes - front);
  return aligned;
}

// The chunks that a thread keeps for its next heaps. A chunk in the reserve is raw memory whose first word links to the
// next.
class Reserve {
 public:
  Reserve() = default;
  Reserve(const Reserve&) = delete;
  Reserve& operator=(const Reserve&) = delete;
  ~Reserve() {
    while (first_ != nullptr) munmap(pop(), Chunk::kBytes);
  }

  void* pop() noexcept {
    Link* chunk = first_;
    if (chunk != nullptr) {
      first_ = chunk->next;
      --size_;
    }
    return chunk;
  }

  void push(void* memory) noexcept {
    // Unmapping can fail when it would split one mapping into two and the system allows no more of them.
    if (size_ >= kKept && munmap(memory, Chunk::kBytes) == 0) return;
    first_ = new (memory) Link{first_};
    ++size_;
  }

 private:
  // 4 MB a thread: the chunks of the few instances that run at the same time and end before the next ones start.
  static constexpr std::size_t kKept = 16;
  struct Link {
    Link* next;
  };
  Link* first_ = nullptr;
  std::size_t size_ = 0;
};

thread_local Reserve reserve;

}  // namespace

void* take_chunk_memory() {
  void* const kept = reserve.pop();
  return kept != nullptr ? kept : map_chunk();
}

void give_back_chunk_memory(void* memory) noexcept { reserve.push(memory); }

Chunk* Chunk::take(Heap& heap) { return new (take_chunk_memory()) Chunk(heap); }

void Chunk::give_back(Chunk* chunk) noexcept {
  chunk->~Chunk();
  give_back_chunk_memory(chunk);
}

void Chunk::set_site(const void* block, std::uint32_t site) noexcept {
  if (sites_ == nullptr) {
    sites_.reset(new (std::nothrow) std::uint32_t[kBytes / kSmallestBlock]());
    if (sites_ == nullptr) return;
  }
  sites_[place_of(block) / kSmallestBlock] = site;
}

void Chunk::label_run(const std::byte* first, std::size_t units, BlockKind kind, std::uint8_t size_class) noexcept {
  std::uint8_t* const labels = labels_.data() + unit_of(first);
  labels[0] = static_cast<std::uint8_t>(size_class | (kind == BlockKind::kBuffer ? kBufferBit : 0));
  std::memset(labels + 1, kContinued, units - 1);
}

void Chunk::clear_labels(const std::byte* first) noexcept {
  std::memset(labels_.data() + unit_of(first), kFree, kParcelBytes / kUnitBytes);
}

}  // namespace duso::memory
