// Weak references: naming an object without keeping it alive.
//
// Nothing in an object's header points to who refers to it weakly, and objects that nobody refers to weakly - nearly
// all of them - pay nothing: one flag says that the heap's table has a *cell* for the object. The cell is what weak
// references share. When the object dies, the flag leads to the table, the cell is emptied, and all who hold it know.
// Death looks at the flags anyway, to spare what is immortal, so the question costs nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "runtime/memory/heap_object.hpp"

namespace duso::memory {

// Outside of the heap, counted by those who hold it.
struct WeakCell {
  HeapObject* object;  // null once it has died
  std::uint32_t references;
};

class WeakTable {
 public:
  WeakTable() = default;
  WeakTable(const WeakTable&) = delete;
  WeakTable& operator=(const WeakTable&) = delete;

  // The cell of [object], made when there is none; the caller owns a reference. Throws std::bad_alloc.
  WeakCell* cell_of(HeapObject* object);
  // [object], which has the flag, is dying.
  void forget(HeapObject* object) noexcept;

  // Gives up one reference to [cell].
  static void release(WeakCell* cell) noexcept;

 private:
  std::unique_ptr<std::unordered_map<HeapObject*, WeakCell*>> cells_;  // made with the first cell
};

}  // namespace duso::memory
