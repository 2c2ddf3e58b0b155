// How frozen values lie in memory. For the files that make, read and free them; everybody else uses FrozenValue.
//
// Three layouts behind one header: text, a tree (array or object) whose parts follow the header in the same block, and
// an opaque value, which owns something of C++ and has up to two parts. A node is made with all its parts nil, so it
// can be freed at any time while its maker fills it in.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "runtime/frozen_shape.hpp"
#include "runtime/frozen_value.hpp"

namespace duso {

struct FrozenNode {
  std::atomic<std::uint32_t> count{1};
  std::uint32_t size = 0;  // of text: bytes; of an array: elements; of an object: properties
  union {
    std::size_t tree_bytes = 0;  // of this block and of everything below
    FrozenNode* next_dead;       // while it waits to be freed, when nobody can ask for its size
  };
  FrozenType type;
  bool is_ascii = false;  // of text

  explicit FrozenNode(FrozenType of) : type(of) {}
  FrozenNode(const FrozenNode&) = delete;
  FrozenNode& operator=(const FrozenNode&) = delete;

  // The frozen values that this one holds.
  std::span<FrozenValue> parts();

  // Takes over [part] as the part at [index], which is nil. [bytes] of it count for this node.
  void set_part(std::size_t index, FrozenValue part, std::size_t bytes) {
    parts()[index] = std::move(part);
    tree_bytes += bytes;
  }

  // Frees [node], whose count is zero, and everything that dies with it.
  static void destroy(FrozenNode* node) noexcept;

 protected:
  ~FrozenNode() = default;
};

struct FrozenText final : FrozenNode {
  static FrozenText* make(std::string_view text);

  FrozenText() : FrozenNode(FrozenType::kString) {}
  char* data() { return reinterpret_cast<char*>(this + 1); }
  const char* data() const { return reinterpret_cast<const char*>(this + 1); }
  std::string_view view() const { return {data(), size}; }
};

struct FrozenTree final : FrozenNode {
  // An array of [elements] nils; an object of [shape]; an object of [properties] whose names are strings among its
  // parts, behind the values.
  static FrozenTree* make_array(std::size_t elements);
  static FrozenTree* make_object(const FrozenShape& shape);
  static FrozenTree* make_named_object(std::size_t properties);

  explicit FrozenTree(FrozenType of) : FrozenNode(of) {}
  FrozenValue* slots() { return reinterpret_cast<FrozenValue*>(this + 1); }
  const FrozenValue* slots() const { return reinterpret_cast<const FrozenValue*>(this + 1); }
  bool has_own_names() const { return type == FrozenType::kObject && shape == nullptr; }
  std::string_view name(std::uint32_t index) const {
    return has_own_names() ? slots()[size + index].text() : shape->name(index);
  }

  const FrozenShape* shape = nullptr;
};

// What the two parts of an opaque value are:
//
//            first      second
//   error    message    stack text
//   code     metadata   source
//   binary   metadata
//   regex               pattern
//   method   bound
struct FrozenOpaque final : FrozenNode {
  // [text] becomes the second part.
  static FrozenOpaque* make(FrozenType type, std::shared_ptr<const void> payload, std::string_view text);

  FrozenOpaque(FrozenType of, std::shared_ptr<const void> owned) : FrozenNode(of), payload(std::move(owned)) {}

  // The program, the bytes, the compiled pattern, or (not owned) the BuiltinSpec of a method; null for an error.
  std::shared_ptr<const void> payload;
  std::array<FrozenValue, 2> held;
};

inline FrozenText* as_text(FrozenNode* node) { return static_cast<FrozenText*>(node); }
inline FrozenTree* as_tree(FrozenNode* node) { return static_cast<FrozenTree*>(node); }
inline FrozenOpaque* as_opaque(FrozenNode* node) { return static_cast<FrozenOpaque*>(node); }

inline std::span<FrozenValue> FrozenNode::parts() {
  switch (type) {
    case FrozenType::kArray:
      return {as_tree(this)->slots(), size};
    case FrozenType::kObject:
      return {as_tree(this)->slots(), as_tree(this)->has_own_names() ? 2 * std::size_t{size} : size};
    case FrozenType::kError:
    case FrozenType::kRegex:
    case FrozenType::kCode:
    case FrozenType::kBinary:
    case FrozenType::kMethod:
      return as_opaque(this)->held;
    default:
      return {};
  }
}

inline FrozenValue FrozenValue::adopt(FrozenNode* node) noexcept {
  FrozenValue value;
  value.bits_ = kNodeTag | reinterpret_cast<std::uint64_t>(node);
  return value;
}

}  // namespace duso
