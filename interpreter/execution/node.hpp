// The executable tree: what lowering makes of the syntax tree, and what runs.
//
// A node does one thing for one kind of operands: "add a constant to a local", "call a global with two arguments". It
// is entered through the virtual function that suits the one who asks:
//
//   eval    the value, owned by the caller
//   number  the same value in a floating-point register. Arithmetic asks this way: it computes first and checks once,
//           because a tagged value is a NaN (value.hpp)
//   test    the truth of the value, without making one: conditions
//   borrow  the value without a reference of its own, for the moment; [keep] receives what must be released afterwards.
//           Only valid until the next evaluation of anything
//
// An evaluation that fails has put the error into the instance and returns `Value::raise()` (the same bits from
// `number`, `Truth::kRaised` from `test`). Whoever sees it gives up what it holds and returns it.
//
// A statement returns `Value::next()`, or what interrupts the flow: break, continue, raise, or the value of a `return`.
//
// Nodes are immutable but for their inline caches, live in the arena of their program's code and belong to one worker
// thread.
#pragma once

#include <bit>
#include <cstdint>

#include "interpreter/execution/frame.hpp"
#include "interpreter/syntax/source.hpp"
#include "interpreter/values/value.hpp"

namespace duso::execution {

using syntax::Position;

enum class Truth : std::uint8_t { kFalse, kTrue, kRaised };

inline Truth truth_of(bool truth) { return truth ? Truth::kTrue : Truth::kFalse; }

// Releases [value] and says whether it counted as true.
inline Truth consume_truth(Value value) {
  if (value.is_boolean()) return truth_of(value.is_true());
  if (value.is_number()) return truth_of(value.number() != 0);
  if (value.is_raise()) return Truth::kRaised;
  const bool truth = is_truthy_slow(value);
  release(value);
  return truth_of(truth);
}

// A value in a floating-point register, and back.
inline double in_register(Value value) { return std::bit_cast<double>(value.bits()); }
inline Value from_register(double value) { return Value::from_bits(std::bit_cast<std::uint64_t>(value)); }

class Expression {
 public:
  virtual Value eval(Frame& frame) const = 0;
  virtual double number(Frame& frame) const { return in_register(eval(frame)); }
  virtual Truth test(Frame& frame) const { return consume_truth(eval(frame)); }
  virtual Value borrow(Frame& frame, Owned& keep) const {
    const Value value = eval(frame);
    keep.reset(value);
    return value;
  }

 protected:
  ~Expression() = default;
};

class Statement {
 public:
  virtual Value exec(Frame& frame) const = 0;

 protected:
  ~Statement() = default;
};

}  // namespace duso::execution
