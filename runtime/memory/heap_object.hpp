// What every object on a script heap begins with, and how references to it are counted.
//
// A script instance runs on one thread at a time and shares its heap with nobody, so a count is a plain integer. The
// whole header is one 8-byte word: the count, what the object is, and the few bits that the cycle collector needs. Two
// habits keep the collector off the hot path:
//
//   - an object that holds no reference to another container can not be part of a cycle. It is *acyclic* until the
//     layer above sets kCyclic, which it must do before it stores a reference that could ever lead back to the object.
//     The flag is never cleared. Acyclic objects are never candidates, and the collector does not look inside them;
//   - a cyclic object whose count drops to a value above zero is a candidate, but it is noted once only; until the next
//     collection the flag makes further decrements cost one test.
//
// This file knows nothing of what a type means: the layer above registers a `TypeInfo` per type id.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>

namespace duso::memory {

class Heap;
struct HeapObject;

// Called by a type's trace function once for every counted reference that an object holds.
class ReferenceVisitor {
 public:
  virtual void visit(HeapObject* child) = 0;

 protected:
  ~ReferenceVisitor() = default;
};

enum class TypeKind : std::uint8_t {
  kLeaf,       // holds no references
  kContainer,  // holds references; may take part in a cycle
  kHost,       // a container that owns something outside the heap (a handle, C++ memory): dropped with the heap at last
};

// What the heap must know of a type.
//
// `drop` gives up everything that an object owns (references by `release`, buffers
// by `Heap::free_buffer`, handles) but not the object's own block, and leaves it empty, so that a second drop does
// nothing. It must not allocate, and it can not rely on what the object refers to: in a dead cycle that may have been
// dropped before.
//
// `trace` reports every counted reference, each as often as it is counted; an object that is not finished yet reports
// none. Leaves without buffers may leave both null.
//
// `size` is what the fixed part of an object takes, header included, for those who ask; `owned_bytes` says what the
// buffers that an object owns take (null: it owns none).
struct TypeInfo {
  const char* name = nullptr;
  TypeKind kind = TypeKind::kLeaf;
  void (*drop)(Heap& heap, HeapObject* object) = nullptr;
  void (*trace)(HeapObject* object, ReferenceVisitor& visitor) = nullptr;
  std::size_t size = sizeof(std::uint64_t);
  std::size_t (*owned_bytes)(const HeapObject* object) = nullptr;
};

enum ObjectFlags : std::uint8_t {
  kImmortal = 1,          // lives outside every instance heap; never freed
  kCyclic = 2,            // holds, or has held, a reference that may lead back to it
  kBuffered = 4,          // stands in the candidate buffer
  kColourMask = 24,       // the collector's, see object_colour.hpp
  kWeaklyReferenced = 32  // has a cell in the heap's table of weak references
};

struct HeapObject {
  std::uint32_t count;
  std::uint8_t type;
  std::uint8_t flags;
  std::uint8_t size_class;  // 0: a large block, else the index of its size class
  std::uint8_t aux;         // free for the type
};
static_assert(sizeof(HeapObject) == 8);

// An immortal object starts half way up, so that unbalanced decrements and increments by many short-lived instances
// practically never reach zero; if one does, `release_last` puts the count back.
inline constexpr std::uint32_t kImmortalCount = 0x80000000U;

// The two rare ways a release can go on; call `release` instead.
void release_last(HeapObject* object) noexcept;
void note_candidate(HeapObject* object) noexcept;

// Makes one more reference to [object] count.
[[gnu::always_inline]] inline void retain(HeapObject* object) noexcept { ++object->count; }

// Gives up one reference. Frees [object] when it was the last one; the native stack stays shallow, however long the
// chain behind it.
[[gnu::always_inline]] inline void release(HeapObject* object) noexcept {
  assert(object->count != 0);
  if (--object->count == 0) {
    release_last(object);
  } else if ((object->flags & (kCyclic | kBuffered)) == kCyclic) {
    note_candidate(object);
  }
}

}  // namespace duso::memory
