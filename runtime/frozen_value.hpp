// Frozen values: what a script value becomes when it leaves its instance.
//
// A heap belongs to one instance and one thread, so nothing on it can be handed to another instance. What crosses the
// boundary (the context of a child, the value of exit(), everything a datastore holds) does so in this form: immutable,
// outside every heap, counted with atomics. Any thread may read it, keep it and thaw it into values of its own;
// freezer.hpp makes it of script values and script values of it.
//
// A frozen value is eight bytes. Nil, booleans, numbers and builtin functions are the bits of the script value itself
// and cost nothing. Everything else is a *node* (frozen_node.hpp) with a count of its own, so that parts can be shared
// between trees: a store may replace one property of a large object and share the rest.
//
// A node is complete before anybody but its maker sees it and never changes again. Hence there are no cycles, counts
// alone decide how long it lives, and a node knows the size of the tree below it. Depth costs nothing but memory: no
// function here recurses.
//
// Rules: concurrency.md 1.1, datastore.md 2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "interpreter/values/value.hpp"

namespace re2 {
class RE2;
}

namespace duso {

namespace syntax {
class Program;
}

struct FrozenNode;

enum class FrozenType : std::uint8_t {
  kNil,
  kBoolean,
  kNumber,
  kBuiltin,  // a builtin function
  kString,
  kArray,
  kObject,
  kError,
  kRegex,
  kCode,
  kBinary,
  kMethod,  // a method of a handle that crosses instances, such as a datastore's
};

// One thread may use one FrozenValue at a time; copies of it are independent.
class FrozenValue {
 public:
  struct Property;

  FrozenValue() = default;  // nil
  explicit FrozenValue(bool truth) : bits_(Value(truth).bits()) {}
  explicit FrozenValue(double number) : bits_(Value(number).bits()) {}
  // Text, copied; throws std::bad_alloc beyond what a script's string can hold.
  explicit FrozenValue(std::string_view text);
  explicit FrozenValue(const char* text) : FrozenValue(std::string_view(text)) {}

  // An array of [elements], an object of [properties] (in this order, names must differ); their parts are shared.
  static FrozenValue array(std::span<const FrozenValue> elements);
  static FrozenValue object(std::span<const Property> properties);

  FrozenValue(const FrozenValue& other) noexcept : bits_(other.bits_) { retain(); }
  FrozenValue(FrozenValue&& other) noexcept : bits_(std::exchange(other.bits_, Value().bits())) {}
  FrozenValue& operator=(FrozenValue other) noexcept {
    std::swap(bits_, other.bits_);
    return *this;
  }
  ~FrozenValue() {
    if (is_node()) release();
  }

  FrozenType type() const;
  bool is_nil() const { return bits_ == Value().bits(); }
  bool is_string() const { return type() == FrozenType::kString; }
  bool is_array() const { return type() == FrozenType::kArray; }
  bool is_object() const { return type() == FrozenType::kObject; }

  // What the tree takes outside of every heap, in bytes; shared parts count each time. 0 for values without a node.
  std::size_t bytes() const;

  // The following are for values of the one type they name.

  // Nil, boolean, number, builtin: the script value, which is the same in every instance.
  Value immediate() const { return Value::from_bits(bits_); }
  // String: its bytes.
  std::string_view text() const;
  // Array, object: the number of elements or properties.
  std::uint32_t size() const;
  // Array: its elements. Object: its values, in order of insertion.
  std::span<const FrozenValue> values() const;
  // Object: the name of the property at [index].
  std::string_view name(std::uint32_t index) const;
  // Error: what was thrown.
  const FrozenValue& message() const;
  // Error: its whole stack text.
  std::string_view stack() const;
  // Code and binary: the metadata, an object or nil.
  const FrozenValue& metadata() const;
  // Code: the source, and the program it was read to.
  std::string_view source() const;
  std::shared_ptr<const syntax::Program> program() const;
  // Binary: the bytes, shared by all who have the value.
  std::shared_ptr<const std::string> binary() const;
  // Regex: the pattern as the script wrote it, and compiled.
  std::string_view pattern() const;
  std::shared_ptr<const re2::RE2> regex() const;

 private:
  friend class Freezing;
  friend class Thawing;
  friend struct FrozenNode;

  static FrozenValue adopt(FrozenNode* node) noexcept;
  static FrozenValue of_immediate(Value value) noexcept {
    FrozenValue frozen;
    frozen.bits_ = value.bits();
    return frozen;
  }

  bool is_node() const { return bits_ >= kNodeTag; }
  FrozenNode* node() const { return reinterpret_cast<FrozenNode*>(bits_ - kNodeTag); }
  void retain() const noexcept;
  void release() const noexcept;

  static constexpr std::uint64_t kNodeTag = Value::kStringTag;

  std::uint64_t bits_ = Value().bits();
};
static_assert(sizeof(FrozenValue) == 8);

struct FrozenValue::Property {
  std::string_view name;
  FrozenValue value;
};

}  // namespace duso
