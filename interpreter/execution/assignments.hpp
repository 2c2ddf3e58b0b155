// Nodes for `=`, `op=`, `++`, `--`, `var` and `function` statements.
//
// As statements they return Value::next(). Where an assignment is the last statement of a function body, its value is
// the call's result: then it is wrapped by `AssignedValue`.
#pragma once

#include <algorithm>
#include <span>

#include "interpreter/execution/access_nodes.hpp"
#include "interpreter/execution/local_copy.hpp"
#include "interpreter/execution/names.hpp"
#include "interpreter/execution/operand_nodes.hpp"
#include "interpreter/execution/operands.hpp"
#include "interpreter/execution/operations.hpp"

namespace duso::execution {

// name = value for a local that is certainly set, and `var`.
class AssignLocal final : public Statement {
 public:
  AssignLocal(std::uint32_t slot, const Expression* value) : slot_(slot), value_(value) {}
  Value exec(Frame& frame) const override {
    const Value value = value_->eval(frame);
    if (value.is_raise()) [[unlikely]]
      return value;
    replace(frame.slot(slot_), value);
    return Value::next();
  }

 private:
  std::uint32_t slot_;
  const Expression* value_;
};

// The same for a value whose node is of known class.
template <class Node>
class AssignNode final : public Statement {
 public:
  AssignNode(std::uint32_t slot, const Node* value) : slot_(slot), value_(value) {}
  Value exec(Frame& frame) const override {
    const Value value = value_->Node::eval(frame);
    if (value.is_raise()) [[unlikely]]
      return value;
    replace(frame.slot(slot_), value);
    return Value::next();
  }

 private:
  std::uint32_t slot_;
  const Node* value_;
};

// A few assignments from local to local in a row.
template <std::size_t kCount>
class CopyLocals final : public Statement {
 public:
  explicit CopyLocals(const LocalCopy* copies) { std::copy_n(copies, kCount, copies_); }
  Value exec(Frame& frame) const override {
    for (const LocalCopy& copy : copies_) copy.run(frame);
    return Value::next();
  }

 private:
  LocalCopy copies_[kCount];
};

// The same where the value is computed: it is most likely a number, and comes in a floating-point register.
class AssignLocalNumber final : public Statement {
 public:
  AssignLocalNumber(std::uint32_t slot, const Expression* value) : slot_(slot), value_(value) {}
  Value exec(Frame& frame) const override {
    const double number = value_->number(frame);
    Value& place = frame.slot(slot_);
    if (number == number && !place.is_heap()) [[likely]] {
      place = Value(number);
      return Value::next();
    }
    const Value value = from_register(number);
    if (value.is_raise()) return value;
    replace(place, value);
    return Value::next();
  }

 private:
  std::uint32_t slot_;
  const Expression* value_;
};

// name = value for every other name.
class AssignName final : public Statement {
 public:
  AssignName(const NameTarget* target, const Expression* value) : target_(target), value_(value) {}
  Value exec(Frame& frame) const override {
    const Value value = value_->eval(frame);
    if (value.is_raise()) return value;
    return target_->assign(frame, value);
  }

 private:
  const NameTarget* target_;
  const Expression* value_;
};

// The same for a name that can only be a global, or what the receiver has.
class AssignGlobal final : public Statement {
 public:
  AssignGlobal(std::uint32_t slot, String* name, const NameTarget* target, const Expression* value)
      : slot_(slot), name_(name), target_(target), value_(value) {}
  Value exec(Frame& frame) const override {
    const double bits = value_->number(frame);
    const Value value = from_register(bits);
    if (value.is_raise()) [[unlikely]]
      return value;
    if (frame.instance->branch() == 0) [[likely]] {
      if (frame.dynamic == 0) {
        replace(frame.root->slots[slot_], value);
        return Value::next();
      }
      if (frame.extras == nullptr && !may_close_cycle(value)) {
        if (Value* member = member_.find(frame.self.object(), name_)) {
          replace(*member, value);
          return Value::next();
        }
      }
    }
    return target_->assign(frame, value);
  }

 private:
  std::uint32_t slot_;
  String* name_;
  const NameTarget* target_;
  const Expression* value_;
  mutable InlineCache member_;
};

// The same for a captured variable that is certainly set, possibly behind a receiver.
template <bool kNearest>
class AssignCaptured final : public Statement {
 public:
  AssignCaptured(EnvironmentPath path, std::uint32_t slot, const NameTarget* target, const Expression* value)
      : path_(path), slot_(slot), target_(target), value_(value) {}
  Value exec(Frame& frame) const override {
    const Value value = from_register(value_->number(frame));
    if (value.is_raise()) [[unlikely]]
      return value;
    if (frame.dynamic != 0 || frame.instance->branch() != 0) return target_->assign(frame, value);
    Environment* environment = kNearest ? frame.environment : path_.find(frame);
    replace(environment->slots()[slot_], value);
    return Value::next();
  }

 private:
  EnvironmentPath path_;
  std::uint32_t slot_;
  const NameTarget* target_;
  const Expression* value_;
};

// base.name = value: the value first, then the base.
class AssignProperty final : public Statement {
 public:
  AssignProperty(const Expression* base, String* name, const Expression* value, Position position)
      : base_(base), name_(name), value_(value), position_(position) {}
  Value exec(Frame& frame) const override;

 private:
  Value add(Frame& frame, Value base, Value value) const;

  const Expression* base_;
  String* name_;
  const Expression* value_;
  mutable InlineCache cache_;
  mutable Shape* from_ = nullptr;  // the step that adding the property took last
  mutable Shape* to_ = nullptr;
  Position position_;
};

// base[index] = value with the errors that evaluating the three may have left; [base] is borrowed, the others are
// consumed.
Value store_element(Frame& frame, Position position, Value base, Value index, Value value);

// base[index] = value: the value, the base, the index. Evaluating the index must not be able to run script code, or the
// base must be a local: the base is only looked at.
template <class Base, class Index, class Stored>
class AssignIndex final : public Statement {
 public:
  AssignIndex(Base base, Index index, Stored value, Position position)
      : base_(base), index_(index), value_(value), position_(position) {}
  Value exec(Frame& frame) const override {
    const Value value = value_.eval(frame);
    if (value.is_raise()) [[unlikely]]
      return value;
    Owned keep;
    const Value base = base_.peek(frame, keep);
    const double index = Base::kMayRaise && base.is_raise() ? 0 : index_.number(frame);
    if (base.is_array()) [[likely]] {
      Array* array = base.array();
      if (index >= 0 && index < array->size) [[likely]] {
        set_element(array, static_cast<std::uint32_t>(index), value);
        return Value::next();
      }
    }
    return store_element(frame, position_, base, Index::own(index), value);
  }

 private:
  Base base_;
  Index index_;
  Stored value_;
  Position position_;
};

// The same where evaluating the index may run anything: the base must be held.
class AssignHeldIndex final : public Statement {
 public:
  AssignHeldIndex(const Expression* base, const Expression* index, const Expression* value, Position position)
      : base_(base), index_(index), value_(value), position_(position) {}
  Value exec(Frame& frame) const override;

 private:
  const Expression* base_;
  const Expression* index_;
  const Expression* value_;
  Position position_;
};

// A run of pieces appended to a variable that holds a string: s = s + a + b, or s += a. In place when nobody else has
// the string.
class AppendToName final : public Statement {
 public:
  // [otherwise] does the same in the ordinary way, for when the variable holds no string.
  AppendToName(const NameRead* current, const NameTarget* target, std::span<const Expression* const> pieces,
               const Statement* otherwise, Position position)
      : current_(current), target_(target), pieces_(pieces), otherwise_(otherwise), position_(position) {}
  Value exec(Frame& frame) const override;

  static constexpr std::size_t kMaxPieces = 8;

 private:
  Value append_all(Frame& frame, std::span<const Value> values, Value held) const;

  const NameRead* current_;
  const NameTarget* target_;
  std::span<const Expression* const> pieces_;  // at most kMaxPieces
  const Statement* otherwise_;
  Position position_;
};

// base.name or base[index] as something to append to. Evaluating its parts has no effects (variables, elements of
// variables and constants), so they may be evaluated more than once.
class ElementTarget final : public NameTarget {
 public:
  // Exactly one of [name] and [index] is given.
  ElementTarget(const Expression* base, String* name, const Expression* index, Position position)
      : base_(base), name_(name), index_(index), position_(position) {}
  Value assign(Frame& frame, Value value) const override;
  // Null for everything but existing properties and elements, and when an error is pending.
  Value* place(Frame& frame) const override;

 private:
  const Expression* base_;
  String* name_;
  const Expression* index_;
  Position position_;
  mutable InlineCache cache_;
};

// What an ElementTarget holds; nil where it has no place.
class ElementRead final : public NameRead {
 public:
  explicit ElementRead(const ElementTarget* element) : element_(element) {}
  Value peek(Frame& frame) const override {
    const Value* place = element_->place(frame);
    return place != nullptr ? *place : Value::nil();
  }

 private:
  const ElementTarget* element_;
};

// [left] + [right] (both owned), where left was read from [element] and the sum is about to be stored there: when it is
// text that nobody else has, it is taken out of the element for the moment and grows in place.
Value append_taken(Frame& frame, Position position, const ElementTarget& element, Value left, Value right);

// The sum for an assignment element = element + value.
template <class Left, class Right>
class AppendingSum final : public Expression {
 public:
  AppendingSum(Left left, Right right, const ElementTarget* element, Position position)
      : left_(left), right_(right), element_(element), position_(position) {}
  Value eval(Frame& frame) const override { return from_register(sum(frame)); }
  double number(Frame& frame) const override { return sum(frame); }

 private:
  [[gnu::always_inline]] double sum(Frame& frame) const {
    const double left = left_.number(frame);
    if (left != left) [[unlikely]]
      return slow(frame, left);
    const double right = right_.number(frame);
    const double result = left + right;
    return result == result ? result : add(frame, left, right);
  }
  [[gnu::noinline]] double slow(Frame& frame, double left) const {
    if (from_register(left).is_raise()) return left;
    return add(frame, left, right_.number(frame));
  }
  [[gnu::noinline]] double add(Frame& frame, double left, double right) const {
    const Value operand = Left::own(left);
    if (from_register(right).is_raise()) {
      release(operand);
      return right;
    }
    return in_register(append_taken(frame, position_, *element_, operand, Right::own(right)));
  }

  Left left_;
  Right right_;
  const ElementTarget* element_;
  Position position_;
};

// target op= value for a name.
template <Arithmetic kOp>
class CompoundName final : public Statement {
 public:
  CompoundName(const Expression* current, const NameTarget* target, const Expression* value, Position position)
      : current_(current), target_(target), value_(value), position_(position) {}
  Value exec(Frame& frame) const override;

 private:
  const Expression* current_;
  const NameTarget* target_;
  const Expression* value_;
  Position position_;
};

// local op= value, and local = local op value, for a local that is certainly set. A string that only the local holds
// grows in place.
template <Arithmetic kOp, class Right>
class UpdateLocal final : public Statement {
 public:
  // [compound]: written with `op=`, which has error texts of its own.
  UpdateLocal(std::uint32_t slot, Right value, Position position, bool compound)
      : slot_(slot), value_(value), position_(position), compound_(compound) {}
  Value exec(Frame& frame) const override;

 private:
  // [left]: what the variable held before the value was evaluated, borrowed. Only `++` in the value can have changed it
  // since.
  Value update_other(Frame& frame, Value left, double right) const;

  std::uint32_t slot_;
  Right value_;
  Position position_;
  bool compound_;
};

// A property or element that is read and then written: base.name or base[index]. What it is made of is evaluated once.
class UpdatedElement {
 public:
  // Exactly one of [name] and [index] is given. [access]: the position of the `.` or `[`; [position]: of the target.
  UpdatedElement(const Expression* base, String* name, const Expression* index, Position access, Position position)
      : base_(base), name_(name), index_(index), access_(access), position_(position) {}

  struct Parts {
    Owned base;
    Owned index;
  };
  // Evaluates the [parts] and returns the present value, owned, or Value::raise().
  Value read(Frame& frame, Parts& parts) const;
  // Where the value lies, or null.
  Value* place(const Parts& parts) const;
  // Stores [value] (consumed): Value::next(), or Value::raise().
  Value store(Frame& frame, const Parts& parts, Value value) const;

  Position position() const { return position_; }

 private:
  const Expression* base_;
  String* name_;
  const Expression* index_;
  Position access_;
  Position position_;
};

// base.name op= value and base[index] op= value.
class CompoundElement final : public Statement {
 public:
  // The new value also goes to the frame slot [result], unless that is kNoSlot.
  CompoundElement(Arithmetic op, const UpdatedElement& element, const Expression* value, std::uint32_t result)
      : op_(op), element_(element), value_(value), result_(result) {}
  Value exec(Frame& frame) const override;

 private:
  Arithmetic op_;
  UpdatedElement element_;
  const Expression* value_;
  std::uint32_t result_;
};

// ++name and --name: the value is the new one. As a statement it is evaluated and dropped.
class StepName final : public Expression {
 public:
  StepName(const Expression* current, const NameTarget* target, double step, Position position)
      : current_(current), target_(target), step_(step), position_(position) {}
  Value eval(Frame& frame) const override;

 private:
  const Expression* current_;
  const NameTarget* target_;
  double step_;
  Position position_;
};

// The statement ++local or local++.
class StepLocal final : public Statement {
 public:
  StepLocal(std::uint32_t slot, double step, Position position) : slot_(slot), step_(step), position_(position) {}
  Value exec(Frame& frame) const override {
    Value& place = frame.slot(slot_);
    if (!place.is_number()) [[unlikely]] {
      return frame.instance->raise(frame, position_, "cannot increment/decrement non-number");
    }
    place = Value(place.number() + step_);
    return Value::next();
  }

 private:
  std::uint32_t slot_;
  double step_;
  Position position_;
};

class StepElement final : public Expression {
 public:
  StepElement(const UpdatedElement& element, double step) : element_(element), step_(step) {}
  Value eval(Frame& frame) const override;

 private:
  UpdatedElement element_;
  double step_;
};

// A right side that remembers its value in a slot on the way: for assignments whose value is wanted afterwards.
class Remember final : public Expression {
 public:
  Remember(const Expression* value, std::uint32_t slot) : value_(value), slot_(slot) {}
  Value eval(Frame& frame) const override {
    const Value value = value_->eval(frame);
    if (!value.is_raise()) replace(frame.slot(slot_), retain(value));
    return value;
  }

 private:
  const Expression* value_;
  std::uint32_t slot_;
};

// Raises [message]: `f()++`, `++5`.
class RaiseExpression final : public Expression {
 public:
  RaiseExpression(std::string_view message, Position position) : message_(message), position_(position) {}
  Value eval(Frame& frame) const override { return frame.instance->raise(frame, position_, message_); }

 private:
  std::string_view message_;
  Position position_;
};

// The nodes for an update of a local that is certainly set, and for `op=` on any other name.
const Statement* make_local_update(syntax::Arena& arena, Arithmetic op, std::uint32_t slot, const Lowered& value,
                                   Position position, bool compound);
const Statement* make_compound(syntax::Arena& arena, Arithmetic op, const Expression* current, const NameTarget* target,
                               const Expression* value, Position position);

}  // namespace duso::execution
