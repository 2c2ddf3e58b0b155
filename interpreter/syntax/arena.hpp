// Memory for one syntax tree.
//
// A tree is built once, never changed and dropped as a whole, so its nodes need no destructors and no owners of their
// own: they are cut from blocks one after the other, and freeing a tree means freeing the blocks. That is quick, keeps
// the nodes of a function close together, and cannot recurse, however deep the tree is. Therefore nothing that needs a
// destructor may be stored here: lists are spans, texts are views, both pointing into the arena or into the source.
#pragma once

#include <cstddef>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace duso::syntax {

class Arena {
 public:
  // [first_block] is the size of the first block in bytes; every further one is larger than the one before.
  explicit Arena(std::size_t first_block) : blocks_(first_block) {}

  // A new T, initialised from [values] in the order of its members.
  template <typename T, typename... Values>
  T* make(Values&&... values) {
    static_assert(std::is_trivially_destructible_v<T>);
    return std::construct_at(static_cast<T*>(blocks_.allocate(sizeof(T), alignof(T))), std::forward<Values>(values)...);
  }

  // A copy of [items] that lives as long as the arena.
  template <typename T>
  std::span<const T> copy(std::span<const T> items) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    if (items.empty()) return {};
    T* first = static_cast<T*>(blocks_.allocate(items.size_bytes(), alignof(T)));
    std::uninitialized_copy(items.begin(), items.end(), first);
    return {first, items.size()};
  }

  // A copy of [text] that lives as long as the arena.
  std::string_view copy(std::string_view text) {
    const std::span<const char> bytes = copy(std::span<const char>(text));
    return {bytes.data(), bytes.size()};
  }

 private:
  std::pmr::monotonic_buffer_resource blocks_;
};

}  // namespace duso::syntax
