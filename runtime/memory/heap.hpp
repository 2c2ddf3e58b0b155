// The heap of one script instance.
//
// Small blocks (up to kLargestSmall bytes) come from size classes: 256 KB chunks, aligned to their size, are cut into
// runs of blocks, and each class keeps a free list. Any small block finds its heap by masking its own address, so
// releasing a reference needs no heap argument. A heap that is small itself has only some kilobytes of chunks that
// others share. Larger blocks are single allocations with a prefix that links them. The whole heap is dropped at once
// by giving back all that: only host objects are visited then, to close their handles.
//
// Accounting costs a few additions per allocation and two per release: cumulative bytes, and a count per type. Every
// other number is computed from these, or found by a walk over the heap, when somebody asks. The peak is exact all the
// same: usage only falls when something is freed, so looking at it just before is enough. The limit, the collector's
// trigger and fault injection share one comparison (would the cumulative bytes pass `attention_at_`?); the slow path
// sorts out which it was. Whatever may make it come true earlier moves `attention_at_` down; frees never do, so a value
// that is too low costs one look and one that is too high can not arise.
//
// The budget of the process (process_budget.hpp) works the same way: the heap claims a little more of it than it needs,
// and the claim's end is one more reason for attention. So does the profiler (allocation_profile.hpp): while there is
// one, every allocation wants attention, and the peak is kept at zero, so that every release is a new one.
//
// An allocation that can not be satisfied throws `HeapLimitReached` (or std::bad_alloc when the system has no memory).
// These exceptions cross at most the few C++ frames of one operation: the interpreter and the builtin boundary turn
// them into script errors on the spot.
//
// Any allocation may run the cycle collector first. So an object must be in order (at least traced as empty) before the
// next allocation is made, and must not be referenced from anywhere that is not counted.
//
// Blocks are aligned to 8 bytes. What happens when an object dies is in object_death.cpp, cycles are in
// cycle_collector.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/memory/allocation_profile.hpp"
#include "runtime/memory/candidate_buffer.hpp"
#include "runtime/memory/collection_schedule.hpp"
#include "runtime/memory/heap_limit.hpp"
#include "runtime/memory/heap_object.hpp"
#include "runtime/memory/large_blocks.hpp"
#include "runtime/memory/sanitizers.hpp"
#include "runtime/memory/small_blocks.hpp"
#include "runtime/memory/type_registry.hpp"
#include "runtime/memory/weak_table.hpp"

namespace duso::memory {

class CycleCollector;

struct HeapConfig {
  std::size_t limit = 0;            // bytes; 0 = none
  bool collect_cycles = true;       // automatic collections
  std::size_t gc_threshold = 1000;  // container allocations between two automatic collections, at least
  std::size_t profile_rate = 0;     // one allocation in so many is recorded with its site; 0: no profile
};

struct HeapCounters {
  std::size_t allocations = 0;  // objects and buffers handed out so far
  std::size_t deallocations = 0;
  std::size_t bytes_allocated = 0;  // exact to the size class
  std::size_t bytes_freed = 0;
  std::size_t peak_bytes = 0;
  std::size_t used() const { return bytes_allocated - bytes_freed; }
  std::size_t live() const { return allocations - deallocations; }
};

// The same for the objects of one type; the bytes include the buffers that they own.
struct TypeCounters {
  std::size_t allocated = 0;
  std::size_t freed = 0;
  std::size_t bytes_allocated = 0;
  std::size_t live() const { return allocated - freed; }
};

struct CollectorStats {
  std::size_t collections = 0;
  std::size_t cycles_detected = 0;    // dead strongly connected groups
  std::size_t objects_collected = 0;  // what died with them included
  std::size_t bytes_collected = 0;
  double total_seconds = 0;
  double last_seconds = 0;
  double last_collection = 0;           // Unix time; 0: there was none
  std::size_t effective_threshold = 0;  // container allocations, after adaptation
  std::size_t candidates = 0;           // noted now
};

class Heap {
 public:
  explicit Heap(const HeapConfig& config = {});
  // Runs the drop of every host object that is still there, once, and gives all memory back. No other object is
  // visited.
  ~Heap();
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  // A block of [bytes] (the header included) whose header is filled in: count 1, [type], no flags; the rest is not
  // initialised. Containers count towards the collector's trigger. Throws HeapLimitReached or std::bad_alloc.
  HeapObject* allocate_object(std::uint8_t type, std::size_t bytes);
  // Takes back the block of [object], which must not be in the candidate buffer. Its drop is not run: this is for what
  // has nothing to give up, such as an object whose construction failed half way. Everything else dies by `release`.
  void free_object(HeapObject* object) noexcept;

  // Raw memory owned by one object of the type [owner] (array storage, dictionary tables). The owner remembers the size
  // it asked for. Throws HeapLimitReached or std::bad_alloc.
  void* allocate_buffer(std::size_t bytes, std::uint8_t owner = 0);
  // Takes back [buffer], which was allocated with the same [bytes] and [owner].
  void free_buffer(void* buffer, std::size_t bytes, std::uint8_t owner = 0) noexcept;

  // Counts [bytes] outside of the heap that an object of the type [owner] keeps alive, perhaps with others: they are
  // limited like those of the heap, but claim nothing of the process's budget. Throws HeapLimitReached.
  void add_shared_bytes(std::size_t bytes, std::uint8_t owner);
  void remove_shared_bytes(std::size_t bytes, std::uint8_t owner) noexcept;

  // What a request for [bytes] really gets; growing containers use the slack.
  static std::size_t usable_size(std::size_t bytes) noexcept;
  // The bytes that [object] takes on the heap: its block, and the buffers that it owns.
  static std::size_t size_with_buffers(const HeapObject* object) noexcept;
  // Usable bytes of the block of [object], header included.
  static std::size_t block_size(const HeapObject* object) noexcept;

  // The heap that [object] was allocated from; not for immortal objects.
  static Heap& of(const HeapObject* object) noexcept;

  // Checks that [bytes] more would fit the limit, collecting once if need be; throws HeapLimitReached when not. For
  // builtins that must know before they build a big result.
  void require(std::size_t bytes);

  // Runs the cycle collector now, even if automatic collections are off. Returns the number of objects freed, those
  // included that only died because a cycle held them. Does nothing while an object is being dropped.
  std::size_t collect();
  // Whether the next allocation of a container would start a collection by itself, were automatic collections on.
  bool should_collect() const noexcept;
  // Replaces the configured number of container allocations between two automatic collections.
  void set_gc_threshold(std::size_t containers) noexcept;

  HeapCounters counters() const noexcept;
  CollectorStats collector_stats() const noexcept;
  // What there was and is of [type].
  const TypeCounters& type_counters(std::uint8_t type) const noexcept { return types_[type]; }
  // Starts counting anew, as if all that lives had just been allocated; the peak is what is used now. Sites that the
  // profile knows are forgotten.
  void reset_counters() noexcept;
  // Shows every living object to [visitor], in no particular order. Walks the whole heap; nothing may be allocated or
  // released meanwhile.
  void for_each_object(ReferenceVisitor& visitor);

  // The limit in force, in bytes; 0 = none.
  std::size_t limit() const noexcept { return limit_.bytes(); }
  // Lowers the limit to [bytes], which may be less than what is in use: then the next allocation fails. A value that
  // would raise or remove the limit changes nothing.
  void lower_limit(std::size_t bytes);

  // What this heap knows of the places that allocate; null when it was not asked to profile.
  AllocationProfile* profile() noexcept { return profile_.get(); }
  // The profile's entry for the place that allocated [object]; null when it is not known.
  const AllocationProfile::Entry* site_of(const HeapObject* object) const noexcept;

  // A cell that names [object] as long as it lives; the caller owns a reference to it (WeakTable::release). Throws
  // std::bad_alloc.
  WeakCell* weak_cell(HeapObject* object) { return weak_.cell_of(object); }

  // A claim on the process's budget was refused: what is allocated next may be the error that says so, and may go a
  // little beyond the limit.
  void open_overdraft() noexcept { may_overdraw_ = true; }
  // Gives back to the process what this heap has claimed of its budget and does not need.
  void settle_claim() noexcept;
  // How much of the process's budget this heap has claimed, beyond what it uses.
  std::size_t unused_claim() const noexcept { return claimed_ - own(); }

  // Fault injection: the [n]-th allocation from now (1 = the next) throws HeapLimitReached, once. 0 turns it off.
  void fail_allocation(std::size_t n) noexcept;

 private:
  friend class CycleCollector;
  friend class WeakTable;
  friend void release_last(HeapObject* object) noexcept;
  friend void note_candidate(HeapObject* object) noexcept;

  // With the address sanitizer every block is one of its own (large_blocks.hpp).
  static constexpr bool kUsesSmallBlocks = DUSO_ADDRESS_SANITIZER == 0;

  struct Tally {
    std::size_t allocated = 0;
    std::size_t freed = 0;
  };

  static constexpr bool is_small(std::size_t bytes) noexcept { return kUsesSmallBlocks && bytes <= kLargestSmall; }
  static std::uint8_t header_class_of(std::size_t bytes) noexcept { return is_small(bytes) ? size_class_of(bytes) : 0; }
  std::size_t used() const noexcept { return bytes_allocated_ - bytes_freed_; }
  std::size_t own() const noexcept { return used() - shared_bytes_; }

  // Taking and giving back blocks: heap.cpp has what is not inline.
  void* allocate(BlockKind kind, std::uint8_t type, std::size_t bytes);
  void* allocate_slowly(BlockKind kind, std::uint8_t type, std::size_t bytes);
  void record(BlockKind kind, std::uint8_t type, void* block, std::size_t size, bool is_small) noexcept;
  void count_block(BlockKind kind, std::uint8_t type, std::size_t size) noexcept;
  bool is_peak() const noexcept { return used() > peak_bytes_; }
  void note_peak(std::uint8_t type, std::size_t bytes) noexcept;
  void give_back(HeapObject* object) noexcept;
  void give_back_large(void* block) noexcept;
  void free_object_slowly(HeapObject* object) noexcept;
  void free_buffer_slowly(void* buffer, std::size_t bytes, std::uint8_t owner) noexcept;

  // The slow path's business.
  void attend(std::size_t bytes);
  void make_room(std::size_t bytes);
  void make_room_below_limit(std::size_t bytes);
  void claim_room(std::size_t bytes);
  bool try_claim(std::size_t bytes) noexcept;
  std::size_t claim_step() const noexcept;
  void set_attention() noexcept;
  bool is_due(std::size_t candidates) const noexcept;
  std::size_t containers_since_collection() const noexcept;
  std::size_t containers_allocated() const noexcept;
  std::size_t containers_live() const noexcept;
  std::size_t objects_freed() const noexcept;
  bool collects_by_itself() const noexcept { return collect_cycles_ && drop_depth_ == 0 && !is_collecting_; }

  // Death of objects: object_death.cpp.
  void bury(HeapObject* object) noexcept;
  void drop_and_free(HeapObject* object) noexcept;
  void note(HeapObject* object) noexcept;
  void close_hosts() noexcept;

  // What every allocation and every release touches comes first.
  std::size_t attention_at_ = 0;
  std::size_t bytes_allocated_ = 0;
  std::size_t bytes_freed_ = 0;
  std::size_t peak_bytes_ = 0;  // the highest usage seen before a release; usage now may be higher
  Tally buffers_;
  SmallBlocks small_;
  std::array<TypeCounters, kTypeCount> types_{};
  LargeBlocks large_;
  std::size_t look_at_ = 0;  // attention_at_ as it would be without a profile

  HeapLimit limit_;
  std::size_t shared_bytes_ = 0;  // of those in use, what lies outside of the heap
  std::size_t claimed_ = 0;       // of the process's budget
  std::size_t overdrawn_ = 0;     // the part of it that is beyond the budget's limit
  bool may_overdraw_ = false;     // a claim was refused: what comes now may be the making of the error
  std::size_t fail_in_ = 0;       // allocations until the injected failure; 0 = none

  CandidateBuffer candidates_;
  CollectionSchedule schedule_;
  CollectorStats stats_;
  std::size_t containers_at_collection_ = 0;  // containers_allocated() after the last collection
  bool collect_cycles_;
  bool is_collecting_ = false;

  std::unique_ptr<AllocationProfile> profile_;
  WeakTable weak_;

  unsigned drop_depth_ = 0;         // drops that are running inside each other
  std::vector<HeapObject*> dying_;  // count zero, waiting for their drop
};

inline std::size_t Heap::usable_size(std::size_t bytes) noexcept {
  return bytes <= kLargestSmall ? block_size_of(size_class_of(bytes)) : LargeBlocks::rounded(bytes);
}

inline std::size_t Heap::block_size(const HeapObject* object) noexcept {
  return object->size_class != 0 ? block_size_of(object->size_class) : LargeBlocks::size_of(object);
}

inline std::size_t Heap::size_with_buffers(const HeapObject* object) noexcept {
  const auto owned_bytes = type_info(object->type).owned_bytes;
  return block_size(object) + (owned_bytes != nullptr ? owned_bytes(object) : 0);
}

inline Heap& Heap::of(const HeapObject* object) noexcept {
  return object->size_class != 0 ? Chunk::of(object)->heap_of(object) : LargeBlocks::heap_of(object);
}

inline void Heap::count_block(BlockKind kind, std::uint8_t type, std::size_t size) noexcept {
  ++(kind == BlockKind::kObject ? types_[type].allocated : buffers_.allocated);
  types_[type].bytes_allocated += size;
}

// Both ways count the block themselves, so that this heap is not needed any more after the slow one.
inline void* Heap::allocate(BlockKind kind, std::uint8_t type, std::size_t bytes) {
  if (is_small(bytes)) [[likely]] {
    const std::size_t size_class = size_class_of(bytes);
    const std::size_t bytes_after = bytes_allocated_ + block_size_of(size_class);
    if (bytes_after <= attention_at_) [[likely]] {
      if (void* block = small_.pop(kind, size_class)) [[likely]] {
        bytes_allocated_ = bytes_after;
        count_block(kind, type, block_size_of(size_class));
        return block;
      }
    }
  }
  return allocate_slowly(kind, type, bytes);
}

inline HeapObject* Heap::allocate_object(std::uint8_t type, std::size_t bytes) {
  void* block = allocate(BlockKind::kObject, type, bytes);
  return new (block) HeapObject{.count = 1, .type = type, .flags = 0, .size_class = header_class_of(bytes), .aux = 0};
}

inline void* Heap::allocate_buffer(std::size_t bytes, std::uint8_t owner) {
  return allocate(BlockKind::kBuffer, owner, bytes);
}

inline void Heap::give_back(HeapObject* object) noexcept {
  if (object->size_class != 0) [[likely]] {
    small_.push(BlockKind::kObject, object->size_class, object);
  } else {
    give_back_large(object);
  }
}

// The rare ways end in a call, so that the usual one needs no frame.

inline void Heap::free_object(HeapObject* object) noexcept {
  if (object->size_class == 0 || is_peak()) [[unlikely]] {
    free_object_slowly(object);
    return;
  }
  ++types_[object->type].freed;
  bytes_freed_ += block_size_of(object->size_class);
  small_.push(BlockKind::kObject, object->size_class, object);
}

inline void Heap::free_buffer(void* buffer, std::size_t bytes, std::uint8_t owner) noexcept {
  if (!is_small(bytes) || is_peak()) [[unlikely]] {
    free_buffer_slowly(buffer, bytes, owner);
    return;
  }
  ++buffers_.freed;
  const std::size_t size_class = size_class_of(bytes);
  bytes_freed_ += block_size_of(size_class);
  small_.push(BlockKind::kBuffer, size_class, buffer);
}

}  // namespace duso::memory
