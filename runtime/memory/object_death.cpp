// What happens when the last reference to an object goes, and when the heap goes with objects in it.
//
// Dropping an object releases what it held, which may release more, without end: a chain of a million nodes must not
// become a million native frames. So drops nest a few levels deep, which handles nearly everything while it is hot in
// the cache, and whatever dies below that waits in a list until the outermost drop is done. The release that started it
// all returns when the list is empty.
#include <new>
#include <vector>

#include "runtime/memory/heap.hpp"

namespace duso::memory {

namespace {

constexpr unsigned kDeepestDrop = 8;           // native frames are small, but a fiber's first stack is too
constexpr std::size_t kDyingKept = 16 * 1024;  // entries of the waiting list that stay allocated for the next time

}  // namespace

void release_last(HeapObject* object) noexcept {
  if ((object->flags & (kImmortal | kWeaklyReferenced)) != 0) [[unlikely]] {
    if ((object->flags & kImmortal) != 0) {
      object->count = kImmortalCount;
      return;
    }
    Heap::of(object).weak_.forget(object);
  }
  Heap& heap = Heap::of(object);
  if (type_info(object->type).drop == nullptr && (object->flags & kBuffered) == 0) {
    heap.free_object(object);
  } else {
    heap.bury(object);
  }
}

void note_candidate(HeapObject* object) noexcept {
  if ((object->flags & kImmortal) == 0) Heap::of(object).note(object);
}

// Drops and frees [object], and everything that dies with it unless a drop further out will see to that.
void Heap::bury(HeapObject* object) noexcept {
  if (drop_depth_ >= kDeepestDrop) {
    try {
      dying_.push_back(object);
      return;
    } catch (const std::bad_alloc&) {
      // Without memory for the list, one more native frame is the better bet.
    }
  }
  drop_and_free(object);
  if (drop_depth_ != 0 || dying_.empty()) return;
  while (!dying_.empty()) {
    HeapObject* next = dying_.back();
    dying_.pop_back();
    drop_and_free(next);
  }
  if (dying_.capacity() > kDyingKept) std::vector<HeapObject*>().swap(dying_);
}

void Heap::drop_and_free(HeapObject* object) noexcept {
  ++drop_depth_;
  drop_contents(*this, object);
  --drop_depth_;
  if ((object->flags & kBuffered) == 0) {
    free_object(object);
    return;
  }
  // The candidate buffer still names it. It counts as freed from now on; the block itself follows with the next purge.
  const std::size_t bytes = block_size(object);
  if (is_peak()) note_peak(object->type, bytes);
  ++types_[object->type].freed;
  bytes_freed_ += bytes;
  set_colour(object, Colour::kDead);
}

void Heap::note(HeapObject* object) noexcept {
  candidates_.add(object);
  if (candidates_.purge_is_due()) candidates_.purge([this](HeapObject* dead) { give_back(dead); });
  // The first candidate arms the collector's trigger, the one that fills the buffer pulls it.
  if (candidates_.size() == 1 || candidates_.size() == schedule_.candidate_limit()) set_attention();
}

void Heap::close_hosts() noexcept {
  std::size_t missing = 0;
  for (const std::uint8_t type : host_types()) missing += types_[type].live();
  if (missing == 0) return;
  // An extra reference holds each host until all are closed. Without it one could die, and be dropped twice, because
  // another gave up its references. What else dies on the way is freed as usual.
  std::vector<HeapObject*> hosts;
  hosts.reserve(missing);
  const auto keep = [&](HeapObject* object) {
    if (type_info(object->type).kind != TypeKind::kHost || colour_of(object) == Colour::kDead) return;
    retain(object);
    hosts.push_back(object);
  };
  small_.for_each_object(keep);
  large_.for_each_object(keep);
  for (HeapObject* host : hosts) drop_contents(*this, host);
}

}  // namespace duso::memory
