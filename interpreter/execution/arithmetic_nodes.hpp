// Nodes for `+ - * / %` and unary minus.
//
// Every operator exists for each combination of operand kinds (operands.hpp). The fast path computes without asking
// what the operands are: a tagged value is a NaN, so a result that equals itself proves two numbers. Only a NaN result
// makes the node look.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <type_traits>

#include "interpreter/execution/local_copy.hpp"
#include "interpreter/execution/operands.hpp"
#include "interpreter/execution/operations.hpp"
#include "interpreter/values/arithmetic.hpp"

namespace duso::execution {

// The divisor of a remainder by a constant, worked out beforehand: 0 when it is not a whole number that fits 32 bits.
template <Arithmetic kOp, class Right>
struct ConstantDivisor {
  explicit ConstantDivisor(Right) {}
};

template <>
struct ConstantDivisor<Arithmetic::kModulo, ConstantOperand> {
  explicit ConstantDivisor(ConstantOperand right)
      : value(right.value >= 1 && right.value < 0x1p32 ? static_cast<std::uint32_t>(right.value) : 0) {}
  std::uint32_t value;
};

template <Arithmetic kOp, class Left, class Right>
class ArithmeticNode final : public Expression {
 public:
  ArithmeticNode(Left left, Right right, Position position)
      : left_(left), right_(right), divisor_(right), position_(position) {}

  Value eval(Frame& frame) const override { return from_register(compute(frame)); }
  double number(Frame& frame) const override { return compute(frame); }
  Truth test(Frame& frame) const override { return consume_truth(from_register(compute(frame))); }

  // The same without a virtual call, for nodes that have this one inside.
  [[gnu::always_inline]] double compute(Frame& frame) const {
    const double left = left_.number(frame);
    // An operand that may run script code must have succeeded before the next one is evaluated.
    if constexpr (Left::kMayRaise && Right::kMayRaise) {
      if (left != left) [[unlikely]]
        return left_is_no_number(frame, left);
    }
    const double right = right_.number(frame);
    if constexpr (kOp == Arithmetic::kAdd) {
      const double result = left + right;
      if (result == result) [[likely]]
        return result;
    } else if constexpr (kOp == Arithmetic::kSubtract) {
      const double result = left - right;
      if (result == result) [[likely]]
        return result;
    } else if constexpr (kOp == Arithmetic::kMultiply) {
      const double result = left * right;
      if (result == result) [[likely]]
        return result;
    } else if constexpr (kOp == Arithmetic::kDivide) {
      if (right != 0) [[likely]] {
        const double result = left / right;
        if (result == result) [[likely]]
          return result;
      }
    } else {
      // The comparisons fail for NaN, and so for anything that is no number.
      if constexpr (std::is_same_v<Right, ConstantOperand>) {
        if (left >= 0 && left < 0x1p31 && divisor_.value != 0) [[likely]] {
          return static_cast<std::int32_t>(static_cast<std::uint32_t>(static_cast<std::int32_t>(left)) %
                                           divisor_.value);
        }
      }
      if (left - left == 0 && std::fabs(right) >= 1.0) [[likely]]
        return modulo(left, right);
    }
    return slow(frame, left, right);
  }

 private:
  [[gnu::noinline]] double left_is_no_number(Frame& frame, double left) const {
    if (from_register(left).is_raise()) return left;
    const double right = right_.number(frame);
    return slow(frame, left, right);
  }

  [[gnu::noinline]] double slow(Frame& frame, double left_bits, double right_bits) const {
    const Value left = Left::own(left_bits);
    if (left.is_raise()) return left_bits;
    if (from_register(right_bits).is_raise()) {
      release(left);
      return right_bits;
    }
    return in_register(arithmetic_slow(frame, position_, kOp, left, Right::own(right_bits)));
  }

  Left left_;
  Right right_;
  [[no_unique_address]] ConstantDivisor<kOp, Right> divisor_;
  Position position_;
};

// local = left OP right, and then copies from local to local: a rotation such as `t = a + b  a = b  b = t`. A copy of
// the new value takes it from the register.
template <Arithmetic kOp, class Left, class Right, std::size_t kCopies>
class AssignThenCopy final : public Statement {
 public:
  AssignThenCopy(std::uint32_t slot, Left left, Right right, Position position, const LocalCopy* copies)
      : slot_(slot), value_(left, right, position) {
    std::copy_n(copies, kCopies, copies_);
  }
  Value exec(Frame& frame) const override {
    const double number = value_.compute(frame);
    Value& place = frame.slot(slot_);
    if (number != number || place.is_heap()) [[unlikely]]
      return exec_other(frame, from_register(number));
    place = Value(number);
    for (const LocalCopy& copy : copies_) {
      Value& target = frame.slot(copy.to);
      if (copy.from == slot_ && !target.is_heap()) {
        target = Value(number);
      } else {
        copy.run(frame);
      }
    }
    return Value::next();
  }

 private:
  [[gnu::noinline]] Value exec_other(Frame& frame, Value value) const {
    if (value.is_raise()) return value;
    replace(frame.slot(slot_), value);
    for (const LocalCopy& copy : copies_) copy.run(frame);
    return Value::next();
  }

  std::uint32_t slot_;
  ArithmeticNode<kOp, Left, Right> value_;
  LocalCopy copies_[kCopies];
};

// An operand that is itself an operation on locals and constants: computed in place, without a call.
template <Arithmetic kOp, class Left, class Right>
struct OperationOperand {
  ArithmeticNode<kOp, Left, Right> node;

  static constexpr bool kMayRaise = true;
  double number(Frame& frame) const { return node.compute(frame); }
  static Value own(double bits) { return from_register(bits); }
};

// local = left OP right, in one node.
template <Arithmetic kOp, class Left, class Right>
class AssignArithmetic final : public Statement {
 public:
  AssignArithmetic(std::uint32_t slot, Left left, Right right, Position position)
      : slot_(slot), value_(left, right, position) {}
  Value exec(Frame& frame) const override {
    const double number = value_.compute(frame);
    Value& place = frame.slot(slot_);
    if (number == number && !place.is_heap()) [[likely]] {
      place = Value(number);
      return Value::next();
    }
    return assign_other(place, from_register(number));
  }

 private:
  [[gnu::noinline]] static Value assign_other(Value& place, Value value) {
    if (value.is_raise()) return value;
    const Value old = place;
    place = value;
    release(old);
    return Value::next();
  }

  std::uint32_t slot_;
  ArithmeticNode<kOp, Left, Right> value_;
};

// return left OP right, in one node.
template <Arithmetic kOp, class Left, class Right>
class ReturnArithmetic final : public Statement {
 public:
  ReturnArithmetic(Left left, Right right, Position position) : value_(left, right, position) {}
  Value exec(Frame& frame) const override { return from_register(value_.compute(frame)); }

 private:
  ArithmeticNode<kOp, Left, Right> value_;
};

class NegateNode final : public Expression {
 public:
  NegateNode(const Expression* operand, Position position) : operand_(operand), position_(position) {}
  Value eval(Frame& frame) const override { return from_register(number(frame)); }
  double number(Frame& frame) const override {
    const double operand = operand_->number(frame);
    if (operand == operand) [[likely]]
      return -operand;
    const Value value = from_register(operand);
    if (value.is_raise() || value.is_number()) return operand;
    return in_register(negate_slow(frame, position_, value));
  }

 private:
  const Expression* operand_;
  Position position_;
};

}  // namespace duso::execution
