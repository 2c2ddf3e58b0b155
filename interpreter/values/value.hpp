// A Duso value in eight bytes.
//
// A number is stored as the IEEE double it is. Everything else hides in the negative quiet NaNs that no arithmetic
// produces (the processor's own NaN is 0xFFF8...0): the upper sixteen bits say what it is, the lower forty-eight hold a
// heap address, a builtin's index or a small constant. Three consequences are used all over the interpreter:
//
//   - one unsigned comparison tells a number (`bits < kImmediateTag`), one tells a counted reference (`bits >=
//   kStringTag`);
//   - a tagged value *is* a NaN as a double, so arithmetic on two operands of unknown type can be done first and
//   checked once
//     afterwards: a result that equals itself proves that both operands were numbers;
//   - flow and errors travel as values: evaluating returns `Value::raise()` when an error is pending in the instance,
//   and
//     executing a statement returns `next`, `break_out`, `continue_on`, `raise`, or else the value of a `return`.
//
// A `Value` is plain bits and owns nothing by itself: functions say in their comments whether a value they return or
// take is *owned* (the receiver must `release` it or pass it on) or *borrowed*. `Owned` is the handle that releases by
// itself.
#pragma once

#include <bit>
#include <cstdint>
#include <utility>

#include "runtime/memory/heap_object.hpp"

namespace duso {

struct String;
struct Array;
struct Object;
struct Function;

// Type ids in object headers. kFirstHostType and above belong to host types.
enum class HeapType : std::uint8_t {
  kString = 1,
  kArray,
  kObject,
  kFunction,
  kHostFunction,
  kEnvironment,
  kRoot,
  kError,
  kCode,
  kBinary,
  kRegex,
  kFirstHostType = 16,
};

class Value {
 public:
  static constexpr std::uint64_t kImmediateTag = 0xFFF9'0000'0000'0000;
  static constexpr std::uint64_t kBuiltinTag = 0xFFFA'0000'0000'0000;
  static constexpr std::uint64_t kStringTag = 0xFFFB'0000'0000'0000;
  static constexpr std::uint64_t kArrayTag = 0xFFFC'0000'0000'0000;
  static constexpr std::uint64_t kObjectTag = 0xFFFD'0000'0000'0000;
  static constexpr std::uint64_t kFunctionTag = 0xFFFE'0000'0000'0000;
  static constexpr std::uint64_t kOtherTag = 0xFFFF'0000'0000'0000;

  constexpr Value() : bits_(kNil) {}
  constexpr explicit Value(double number) : bits_(std::bit_cast<std::uint64_t>(number)) {}
  constexpr explicit Value(bool truth) : bits_(truth ? kTrue : kFalse) {}
  explicit Value(const String* string) : bits_(kStringTag | address(string)) {}
  explicit Value(const Array* array) : bits_(kArrayTag | address(array)) {}
  explicit Value(const Object* object) : bits_(kObjectTag | address(object)) {}
  explicit Value(const Function* function) : bits_(kFunctionTag | address(function)) {}
  // Any other heap object: host function, error, code, binary, regex, environment, root, host type.
  static Value other(const memory::HeapObject* object) { return from_bits(kOtherTag | address(object)); }
  static constexpr Value builtin(std::uint32_t index) { return from_bits(kBuiltinTag | index); }
  static constexpr Value from_bits(std::uint64_t bits) {
    Value value;
    value.bits_ = bits;
    return value;
  }

  static constexpr Value nil() { return Value(); }
  static constexpr Value unset() { return from_bits(kUnset); }           // a variable that does not exist (yet)
  static constexpr Value raise() { return from_bits(kRaise); }           // an error is pending in the instance
  static constexpr Value next() { return from_bits(kNext); }             // a statement ran to its end
  static constexpr Value break_out() { return from_bits(kBreak); }       // `break` is looking for its loop
  static constexpr Value continue_on() { return from_bits(kContinue); }  // `continue` is looking for its loop

  constexpr std::uint64_t bits() const { return bits_; }
  constexpr bool is_number() const { return bits_ < kImmediateTag; }
  constexpr bool is_nil() const { return bits_ == kNil; }
  constexpr bool is_unset() const { return bits_ == kUnset; }
  constexpr bool is_raise() const { return bits_ == kRaise; }
  constexpr bool is_next() const { return bits_ == kNext; }
  constexpr bool is_break() const { return bits_ == kBreak; }
  constexpr bool is_continue() const { return bits_ == kContinue; }
  constexpr bool is_boolean() const { return (bits_ | 1) == kTrue; }
  constexpr bool is_true() const { return bits_ == kTrue; }
  constexpr bool is_false() const { return bits_ == kFalse; }
  constexpr bool is_builtin() const { return has_tag(kBuiltinTag); }
  constexpr bool is_string() const { return has_tag(kStringTag); }
  constexpr bool is_array() const { return has_tag(kArrayTag); }
  constexpr bool is_object() const { return has_tag(kObjectTag); }
  constexpr bool is_function() const { return has_tag(kFunctionTag); }  // a script function only; see is_callable
  constexpr bool is_other() const { return has_tag(kOtherTag); }
  constexpr bool is_heap() const { return bits_ >= kStringTag; }
  constexpr bool is_container() const { return bits_ >= kArrayTag; }  // may hold references
  bool is(HeapType type) const { return is_other() && heap_object()->type == static_cast<std::uint8_t>(type); }
  // Functions of every kind: script, builtin, host.
  bool is_callable() const { return is_function() || is_builtin() || is(HeapType::kHostFunction); }

  constexpr double number() const { return std::bit_cast<double>(bits_); }
  constexpr std::uint32_t builtin_index() const { return static_cast<std::uint32_t>(bits_); }
  String* string() const { return reinterpret_cast<String*>(bits_ - kStringTag); }
  Array* array() const { return reinterpret_cast<Array*>(bits_ - kArrayTag); }
  Object* object() const { return reinterpret_cast<Object*>(bits_ - kObjectTag); }
  Function* function() const { return reinterpret_cast<Function*>(bits_ - kFunctionTag); }
  memory::HeapObject* heap_object() const { return reinterpret_cast<memory::HeapObject*>(bits_ & kAddressMask); }

  constexpr std::uint64_t tag() const { return bits_ & kTagMask; }

  // Same bits: same number pattern, same constant or same heap object. Not the language's `==`.
  friend constexpr bool identical(Value a, Value b) { return a.bits_ == b.bits_; }

 private:
  static constexpr std::uint64_t kTagMask = 0xFFFF'0000'0000'0000;
  static constexpr std::uint64_t kAddressMask = 0x0000'FFFF'FFFF'FFFF;
  static constexpr std::uint64_t kNil = kImmediateTag;
  static constexpr std::uint64_t kFalse = kImmediateTag | 2;
  static constexpr std::uint64_t kTrue = kImmediateTag | 3;
  static constexpr std::uint64_t kUnset = kImmediateTag | 4;
  static constexpr std::uint64_t kRaise = kImmediateTag | 5;
  static constexpr std::uint64_t kNext = kImmediateTag | 6;
  static constexpr std::uint64_t kBreak = kImmediateTag | 7;
  static constexpr std::uint64_t kContinue = kImmediateTag | 8;

  // Comparing the shifted tag takes a short constant where comparing in place takes two long ones.
  constexpr bool has_tag(std::uint64_t tag_bits) const { return bits_ >> 48 == tag_bits >> 48; }

  static std::uint64_t address(const void* object) { return reinterpret_cast<std::uint64_t>(object); }

  std::uint64_t bits_;
};
static_assert(sizeof(Value) == 8);

[[gnu::always_inline]] inline Value retain(Value value) {
  if (value.is_heap()) memory::retain(value.heap_object());
  return value;
}

[[gnu::always_inline]] inline void release(Value value) {
  if (value.is_heap()) memory::release(value.heap_object());
}

// Whether storing [value] in a container may one day close a cycle. A function that captured nothing can not.
inline bool may_close_cycle(Value value) {
  if (!value.is_container()) return false;
  return !value.is_function() || (value.heap_object()->flags & memory::kCyclic) != 0;
}

// Owns one reference; for code that is not counted in nanoseconds. `take` gives the reference away.
class Owned {
 public:
  Owned() = default;
  explicit Owned(Value owned) : value_(owned) {}
  Owned(Owned&& other) noexcept : value_(std::exchange(other.value_, Value())) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Owned() { release(value_); }

  static Owned share(Value borrowed) { return Owned(retain(borrowed)); }

  Value get() const { return value_; }
  Value take() { return std::exchange(value_, Value()); }
  void reset(Value owned = Value()) { release(std::exchange(value_, owned)); }

 private:
  Value value_;
};

// The name that `type()` gives: "nil", "number", ..., and the one used in error messages, where a boolean is "bool".
const char* type_name(Value value);
const char* error_type_name(Value value);

bool is_truthy_slow(Value value);

// Truth as `if` and `and` see it (language.md 5): nil, false, 0, "", [], {} and empty binaries are false.
inline bool is_truthy(Value value) {
  if (value.is_boolean()) return value.is_true();
  if (value.is_number()) return value.number() != 0;
  return is_truthy_slow(value);
}

// The language's `==`: nil, numbers, booleans and strings by value, everything else is unequal even to itself.
bool equals_slow(Value a, Value b);
inline bool equals(Value a, Value b) {
  if (a.is_number() && b.is_number()) return a.number() == b.number();
  return equals_slow(a, b);
}

// Registers the types of this directory with the memory layer; once per process, before the first heap.
void register_value_types();

}  // namespace duso
