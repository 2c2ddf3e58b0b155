// What the operators, property access and indexing mean for operands of any type (language.md 6 and 7).
//
// The nodes of the executable tree handle the common operands themselves and come here for the rest: strings, mixed
// types, and all the errors. Owned arguments are consumed on every path.
#pragma once

#include <utility>

#include "interpreter/execution/instance.hpp"
#include "interpreter/execution/node.hpp"

namespace duso::execution {

enum class Arithmetic : std::uint8_t { kAdd, kSubtract, kMultiply, kDivide, kModulo };
enum class Comparison : std::uint8_t { kLess, kLessEqual, kGreater, kGreaterEqual };

// Runs [body]. What it throws becomes an error at [position], or a panic.
template <class Body>
Value guarded(Frame& frame, Position position, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (...) {
    return frame.instance->raise_exception(frame, position);
  }
}

// left OP right for operands that are not two ordinary numbers; both owned. With [compound], the error texts of `OP=`.
Value arithmetic_slow(Frame& frame, Position position, Arithmetic op, Value left, Value right, bool compound = false);

// left OP right for operands that are not two numbers; both owned.
Truth compare_slow(Frame& frame, Position position, Comparison op, Value left, Value right);

// -value and step by +1 or -1 for operands that are no numbers; raises.
Value negate_slow(Frame& frame, Position position, Value value);

// [text] + the concat form of [right]; both owned.
Value concatenate(Frame& frame, Position position, Value text, Value right);

// base.name and base[index]; arguments borrowed, result owned.
Value get_property(Frame& frame, Position position, Value base, String* name);
Value get_index(Frame& frame, Position position, Value base, Value index);

// base.name = value and base[index] = value; value owned, the others borrowed. Value::next() or Value::raise().
Value store_property(Frame& frame, Position position, Value base, String* name, Value value);
Value store_index(Frame& frame, Position position, Value base, Value index, Value value);

// The key that [index] means for an object: its concat form. Owned.
Value key_of(Frame& frame, Position position, Value index);

}  // namespace duso::execution
