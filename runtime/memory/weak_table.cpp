#include "runtime/memory/weak_table.hpp"

#include <memory>

#include "runtime/memory/heap.hpp"

namespace duso::memory {

WeakCell* WeakTable::cell_of(HeapObject* object) {
  if ((object->flags & kWeaklyReferenced) != 0) {
    WeakCell* cell = cells_->find(object)->second;
    ++cell->references;
    return cell;
  }
  auto cell = std::make_unique<WeakCell>(WeakCell{object, 1});
  if (cells_ == nullptr) cells_ = std::make_unique<std::unordered_map<HeapObject*, WeakCell*>>();
  cells_->emplace(object, cell.get());
  object->flags |= kWeaklyReferenced;
  return cell.release();
}

void WeakTable::forget(HeapObject* object) noexcept {
  object->flags &= static_cast<std::uint8_t>(~kWeaklyReferenced);
  const auto found = cells_->find(object);
  found->second->object = nullptr;
  cells_->erase(found);
}

void WeakTable::release(WeakCell* cell) noexcept {
  if (--cell->references != 0) return;
  const std::unique_ptr<WeakCell> last(cell);
  if (cell->object != nullptr) Heap::of(cell->object).weak_.forget(cell->object);
}

}  // namespace duso::memory
