// The large blocks of one heap: each an allocation of its own.
//
// A prefix in front of the block links it into the heap's list, so that the heap can give all of them back when it
// goes, and says how large it is and whose. In builds with the address sanitizer every block of a heap is of this kind,
// whatever its size: then the sanitizer sees each use after free and each overrun, which it could not inside a chunk.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/memory/chunk.hpp"
#include "runtime/memory/heap_object.hpp"

namespace duso::memory {

class LargeBlocks {
 public:
  LargeBlocks() noexcept { ends_.next = ends_.previous = &ends_; }
  ~LargeBlocks();
  LargeBlocks(const LargeBlocks&) = delete;
  LargeBlocks& operator=(const LargeBlocks&) = delete;

  // The bytes that a block for a request of [bytes] has. A size that can not exist stays as it is, and fails in take().
  static std::size_t rounded(std::size_t bytes) noexcept {
    return bytes > kLargestRequest ? bytes : (bytes + kGranularity - 1) / kGranularity * kGranularity;
  }

  // A block of [bytes], a rounded size, for [heap]. Throws std::bad_alloc when the system has no memory.
  void* take(Heap& heap, BlockKind kind, std::size_t bytes);

  // Gives [block] back to the system.
  void give_back(void* block) noexcept;

  static std::size_t size_of(const void* block) noexcept { return prefix_of(block)->bytes; }
  static Heap& heap_of(const void* block) noexcept { return *prefix_of(block)->heap; }

  // The number that the profiler gave to [block], 0 if none.
  static std::uint32_t site_of(const void* block) noexcept { return prefix_of(block)->site; }
  static void set_site(void* block, std::uint32_t site) noexcept { prefix_of(block)->site = site; }

  // Calls [visit] (HeapObject*) for every block of the object kind. [visit] may free the object it is given.
  template <class Visit>
  void for_each_object(const Visit& visit) {
    for (Link* link = ends_.next; link != &ends_;) {
      auto* prefix = static_cast<Prefix*>(link);
      link = link->next;
      if (prefix->kind == BlockKind::kObject) visit(reinterpret_cast<HeapObject*>(prefix + 1));
    }
  }

 private:
  static constexpr std::size_t kGranularity = 16;
  static constexpr std::size_t kLargestRequest = PTRDIFF_MAX / 2;

  struct Link {
    Link* previous;
    Link* next;
  };
  struct alignas(16) Prefix : Link {
    std::size_t bytes;
    Heap* heap;
    BlockKind kind;
    std::uint32_t site;
  };

  static Prefix* prefix_of(void* block) noexcept { return static_cast<Prefix*>(block) - 1; }
  static const Prefix* prefix_of(const void* block) noexcept { return static_cast<const Prefix*>(block) - 1; }

  Link ends_;
};

}  // namespace duso::memory
