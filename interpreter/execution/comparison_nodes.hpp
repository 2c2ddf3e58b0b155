// Nodes for `< <= > >= == !=`, `not`, `and`, `or` and `?:`. Most of them are conditions, so `test` is their main entry.
#pragma once

#include "interpreter/execution/operands.hpp"
#include "interpreter/execution/operations.hpp"

namespace duso::execution {

inline Value truth_value(Truth truth) {
  return truth == Truth::kRaised ? Value::raise() : Value(truth == Truth::kTrue);
}

template <Comparison kOp, class Left, class Right>
class CompareNode final : public Expression {
 public:
  CompareNode(Left left, Right right, Position position) : left_(left), right_(right), position_(position) {}

  Value eval(Frame& frame) const override { return truth_value(compare(frame)); }
  Truth test(Frame& frame) const override { return compare(frame); }

  // The same without a virtual call, for nodes that have this one inside.
  [[gnu::always_inline]] Truth compare(Frame& frame) const {
    const double left = left_.number(frame);
    if constexpr (Left::kMayRaise && Right::kMayRaise) {
      if (left != left) [[unlikely]]
        return left_is_no_number(frame, left);
    }
    const double right = right_.number(frame);
    if (!__builtin_isunordered(left, right)) [[likely]] {
      if constexpr (kOp == Comparison::kLess) return truth_of(left < right);
      if constexpr (kOp == Comparison::kLessEqual) return truth_of(left <= right);
      if constexpr (kOp == Comparison::kGreater) return truth_of(left > right);
      if constexpr (kOp == Comparison::kGreaterEqual) return truth_of(left >= right);
    }
    return slow(frame, left, right);
  }

 private:
  [[gnu::noinline]] Truth left_is_no_number(Frame& frame, double left) const {
    if (from_register(left).is_raise()) return Truth::kRaised;
    const double right = right_.number(frame);
    return slow(frame, left, right);
  }

  [[gnu::noinline]] Truth slow(Frame& frame, double left_bits, double right_bits) const {
    const Value left = Left::own(left_bits);
    if (left.is_raise()) return Truth::kRaised;
    if (from_register(right_bits).is_raise()) {
      release(left);
      return Truth::kRaised;
    }
    return compare_slow(frame, position_, kOp, left, Right::own(right_bits));
  }

  Left left_;
  Right right_;
  Position position_;
};

// left == right, or != when [kNegated].
template <bool kNegated, class Left, class Right>
class EqualNode final : public Expression {
 public:
  EqualNode(Left left, Right right) : left_(left), right_(right) {}
  Value eval(Frame& frame) const override { return truth_value(test(frame)); }
  Truth test(Frame& frame) const override {
    const double left = left_.number(frame);
    if constexpr (Left::kMayRaise && Right::kMayRaise) {
      if (from_register(left).is_raise()) [[unlikely]]
        return Truth::kRaised;
    }
    const double right = right_.number(frame);
    if (!__builtin_isunordered(left, right)) [[likely]]
      return truth_of((left == right) != kNegated);
    return slow(left, right);
  }

 private:
  [[gnu::noinline]] static Truth slow(double left_bits, double right_bits) {
    const Owned left(Left::own(left_bits));
    const Owned right(Right::own(right_bits));
    if (left.get().is_raise() || right.get().is_raise()) return Truth::kRaised;
    return truth_of(equals(left.get(), right.get()) != kNegated);
  }

  Left left_;
  Right right_;
};

// The same with a number on the right.
template <bool kNegated, class Left>
class EqualNumberNode final : public Expression {
 public:
  EqualNumberNode(Left left, double right) : left_(left), right_(right) {}
  Value eval(Frame& frame) const override { return truth_value(compare(frame)); }
  Truth test(Frame& frame) const override { return compare(frame); }

  [[gnu::always_inline]] Truth compare(Frame& frame) const {
    const double left = left_.number(frame);
    if (left == left) [[likely]]
      return truth_of((left == right_) != kNegated);
    if constexpr (Left::kMayRaise) {
      const Value value = from_register(left);
      if (value.is_raise()) return Truth::kRaised;
      release(value);
    }
    return truth_of(kNegated);
  }

 private:
  Left left_;
  double right_;
};

// The same with nil, a boolean or a string on the right: something that a look at the left side decides.
template <bool kNegated, class Left>
class EqualConstantNode final : public Expression {
 public:
  EqualConstantNode(Left left, Value right) : left_(left), right_(right) {}
  Value eval(Frame& frame) const override { return truth_value(test(frame)); }
  Truth test(Frame& frame) const override {
    Owned keep;
    const Value left = left_.peek(frame, keep);
    if (left.is_raise()) return Truth::kRaised;
    if (identical(left, right_)) return truth_of(!kNegated);
    if (!right_.is_string() || !left.is_string()) return truth_of(kNegated);
    return truth_of(same_text(left.string(), right_.string()) != kNegated);
  }

 private:
  Left left_;
  Value right_;
};

// if condition then ... [else ...] end with the condition inside.
template <class Condition>
class IfCompare final : public Statement {
 public:
  // [otherwise] may be null.
  IfCompare(const Condition& condition, const Statement* consequence, const Statement* otherwise)
      : condition_(condition), consequence_(consequence), otherwise_(otherwise) {}
  Value exec(Frame& frame) const override {
    const Truth truth = condition_.compare(frame);
    if (truth == Truth::kTrue) return consequence_->exec(frame);
    if (truth == Truth::kRaised) [[unlikely]]
      return Value::raise();
    return otherwise_ != nullptr ? otherwise_->exec(frame) : Value::next();
  }

 private:
  Condition condition_;
  const Statement* consequence_;
  const Statement* otherwise_;
};

class NotNode final : public Expression {
 public:
  explicit NotNode(const Expression* operand) : operand_(operand) {}
  Value eval(Frame& frame) const override { return truth_value(test(frame)); }
  Truth test(Frame& frame) const override {
    const Truth truth = operand_->test(frame);
    return truth == Truth::kRaised ? truth : truth_of(truth == Truth::kFalse);
  }

 private:
  const Expression* operand_;
};

// `and`, `or`: the value is the operand that decided.
template <bool kIsAnd>
class LogicalNode final : public Expression {
 public:
  LogicalNode(const Expression* left, const Expression* right) : left_(left), right_(right) {}
  Value eval(Frame& frame) const override {
    const Value left = left_->eval(frame);
    if (left.is_raise() || is_truthy(left) != kIsAnd) return left;
    release(left);
    return right_->eval(frame);
  }
  Truth test(Frame& frame) const override {
    const Truth left = left_->test(frame);
    if (left != (kIsAnd ? Truth::kTrue : Truth::kFalse)) return left;
    return right_->test(frame);
  }

 private:
  const Expression* left_;
  const Expression* right_;
};

class ConditionalNode final : public Expression {
 public:
  ConditionalNode(const Expression* condition, const Expression* consequence, const Expression* alternative)
      : condition_(condition), consequence_(consequence), alternative_(alternative) {}
  Value eval(Frame& frame) const override {
    const Truth truth = condition_->test(frame);
    if (truth == Truth::kRaised) [[unlikely]]
      return Value::raise();
    return (truth == Truth::kTrue ? consequence_ : alternative_)->eval(frame);
  }
  double number(Frame& frame) const override {
    const Truth truth = condition_->test(frame);
    if (truth == Truth::kRaised) [[unlikely]]
      return in_register(Value::raise());
    return (truth == Truth::kTrue ? consequence_ : alternative_)->number(frame);
  }
  Truth test(Frame& frame) const override {
    const Truth truth = condition_->test(frame);
    if (truth == Truth::kRaised) [[unlikely]]
      return truth;
    return (truth == Truth::kTrue ? consequence_ : alternative_)->test(frame);
  }

 private:
  const Expression* condition_;
  const Expression* consequence_;
  const Expression* alternative_;
};

}  // namespace duso::execution
