// Operand kinds for specialised nodes.
//
// Most operands are locals, constants or the results of other arithmetic. A node that is written as a template over its
// operand kinds reads a local or a constant in place instead of through a virtual call. `number` returns the operand's
// bits in a floating-point register; what it returns is *borrowed* for a local or a constant and *owned* for anything
// else, which `own` evens out on the slow paths.
#pragma once

#include "interpreter/execution/names.hpp"
#include "interpreter/execution/node.hpp"

namespace duso::execution {

struct LocalOperand {
  std::uint32_t slot;

  static constexpr bool kMayRaise = false;
  double number(Frame& frame) const { return in_register(frame.slot(slot)); }
  static Value own(double bits) { return retain(from_register(bits)); }
  // A borrowed look at the value; nothing to give up afterwards.
  Value peek(Frame& frame, Owned&) const { return frame.slot(slot); }
};

// A number.
struct ConstantOperand {
  double value;

  static constexpr bool kMayRaise = false;
  double number(Frame&) const { return value; }
  static Value own(double bits) { return from_register(bits); }
  Value peek(Frame&, Owned&) const { return Value(value); }
};

// The result of a [Node] of known class, which is called directly.
template <class Node>
struct NodeOperand {
  const Node* node;

  static constexpr bool kMayRaise = true;
  double number(Frame& frame) const { return node->Node::number(frame); }
  static Value own(double bits) { return from_register(bits); }
};
using CapturedOperand = NodeOperand<CapturedRead<true>>;
using GlobalOperand = NodeOperand<GlobalRead>;

struct AnyOperand {
  const Expression* node;

  static constexpr bool kMayRaise = true;
  double number(Frame& frame) const { return node->number(frame); }
  static Value own(double bits) { return from_register(bits); }
  Value peek(Frame& frame, Owned& keep) const { return node->borrow(frame, keep); }
};

// The value to be stored somewhere: `eval` returns it owned.
struct AnyValue {
  const Expression* node;
  Value eval(Frame& frame) const { return node->eval(frame); }
};

struct LocalValue {
  std::uint32_t slot;
  Value eval(Frame& frame) const { return retain(frame.slot(slot)); }
};

template <class Node>
struct NodeValue {
  const Node* node;
  Value eval(Frame& frame) const { return node->Node::eval(frame); }
};

}  // namespace duso::execution
