// The candidates of the cycle collector: objects that may be part of a dead cycle.
//
// An object is noted when its count drops to a value above zero, and only once until the next collection. Most
// candidates die an ordinary death soon after. Such an object is emptied at once, but the buffer still names it, so its
// block must not be used again yet; it stays behind as a *dead* entry. Purging takes those out. It is no collection: it
// looks at the buffer and at nothing else. It runs after every few hundred notes over the entries noted since, so the
// blocks of short-lived candidates come back while they are still in the cache, and over all of them after as many
// notes as there are entries, so that each note pays for a constant number of looks.
//
// The entries lie in ordinary process memory, never in the heap that they describe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <vector>

#include "runtime/memory/heap_object.hpp"
#include "runtime/memory/object_colour.hpp"

namespace duso::memory {

class CandidateBuffer {
 public:
  // Adds [object] and marks it as buffered. When the process is out of memory the object is not noted, which only means
  // that a cycle through it is found later.
  void add(HeapObject* object) noexcept {
    try {
      entries_.push_back(object);
      object->flags |= kBuffered;
    } catch (const std::bad_alloc&) {
    }
  }

  // The number of entries, dead ones included.
  std::size_t size() const noexcept { return entries_.size(); }

  // The number of real candidates. Looks at every entry.
  std::size_t count_living() const noexcept {
    const auto is_living = [](const HeapObject* object) { return colour_of(object) != Colour::kDead; };
    return static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), is_living));
  }

  bool purge_is_due() const noexcept { return entries_.size() - purged_ >= kPurgeInterval; }

  // Takes out the dead entries, among the older ones only if it is worth it, and calls [recycle] (HeapObject*) for
  // each.
  template <class Recycle>
  void purge(const Recycle& recycle) noexcept {
    noted_ += entries_.size() - purged_;
    const bool all = noted_ >= entries_.size();
    if (all) noted_ = 0;
    purge_from(all ? 0 : purged_, recycle);
  }

  // Takes out all dead entries and calls [recycle] (HeapObject*) for each.
  template <class Recycle>
  void purge_all(const Recycle& recycle) noexcept {
    purge_from(0, recycle);
  }

  std::span<HeapObject* const> entries() const noexcept { return entries_; }

  // Forgets all entries, which must be alive, and takes their marks off.
  void clear() noexcept {
    for (HeapObject* object : entries_) object->flags &= static_cast<std::uint8_t>(~kBuffered);
    entries_.clear();
    purged_ = noted_ = 0;
  }

 private:
  static constexpr std::size_t kPurgeInterval = 512;

  template <class Recycle>
  void purge_from(std::size_t first, const Recycle& recycle) noexcept {
    std::size_t kept = first;
    for (std::size_t next = first; next < entries_.size(); ++next) {
      HeapObject* object = entries_[next];
      if (colour_of(object) == Colour::kDead) {
        recycle(object);
      } else {
        entries_[kept++] = object;
      }
    }
    entries_.resize(kept);
    purged_ = kept;
  }

  std::vector<HeapObject*> entries_;
  std::size_t purged_ = 0;  // entries in front of this one survived a purge
  std::size_t noted_ = 0;   // entries noted and looked at since all were looked at last
};

}  // namespace duso::memory
