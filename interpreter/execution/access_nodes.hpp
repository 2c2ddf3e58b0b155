// Nodes for `v.name` and `v[i]`, reading and writing.
#pragma once

#include "interpreter/execution/names.hpp"
#include "interpreter/execution/operands.hpp"
#include "interpreter/execution/operations.hpp"
#include "interpreter/values/array.hpp"

namespace duso::execution {

// base.name. The base is only looked at, so a chain like `a.b.c` counts no references on its way.
template <class Base>
class PropertyRead final : public Expression {
 public:
  PropertyRead(Base base, String* name, Position position) : base_(base), name_(name), position_(position) {}

  Value eval(Frame& frame) const override {
    Owned keep;
    const Value base = base_.peek(frame, keep);
    if (base.is_object()) [[likely]] {
      const Value* place = cache_.find(base.object(), name_);
      return place != nullptr ? retain(*place) : Value::nil();
    }
    return other(frame, base);
  }
  double number(Frame& frame) const override { return in_register(eval(frame)); }
  Value borrow(Frame& frame, Owned& keep) const override {
    const Value base = base_.peek(frame, keep);
    if (base.is_object()) [[likely]] {
      const Value* place = cache_.find(base.object(), name_);
      return place != nullptr ? *place : Value::nil();
    }
    // The value is made (or kept alive) by something that [keep] may be holding: replace it only when done.
    const Value value = other(frame, base);
    keep.reset(value);
    return value;
  }
  Truth test(Frame& frame) const override {
    Owned keep;
    const Value value = borrow(frame, keep);
    if (value.is_raise()) return Truth::kRaised;
    return truth_of(is_truthy(value));
  }

 private:
  [[gnu::noinline]] Value other(Frame& frame, Value base) const {
    if (base.is_raise()) return base;
    return get_property(frame, position_, base, name_);
  }

  Base base_;
  String* name_;
  mutable InlineCache cache_;
  Position position_;
};

// base[index] where evaluating the index can not run script code, so a look at the base is enough.
template <class Base, class Index>
class IndexRead final : public Expression {
 public:
  IndexRead(Base base, Index index, Position position) : base_(base), index_(index), position_(position) {}

  Value eval(Frame& frame) const override {
    Owned keep;
    const Value base = base_.peek(frame, keep);
    if constexpr (Base::kMayRaise) {
      if (base.is_raise()) return base;
    }
    const double index = index_.number(frame);
    if (base.is_array()) [[likely]] {
      const Array* array = base.array();
      // An element number that is not whole truncates; negative ones and NaN fail the comparison.
      if (index >= 0 && index < array->size) [[likely]] {
        return retain(array->items[static_cast<std::uint32_t>(index)]);
      }
    }
    return other(frame, base, index);
  }
  double number(Frame& frame) const override { return in_register(eval(frame)); }
  Value borrow(Frame& frame, Owned& keep) const override {
    const Value base = base_.peek(frame, keep);
    if constexpr (Base::kMayRaise) {
      if (base.is_raise()) return base;
    }
    const double index = index_.number(frame);
    if (base.is_array()) [[likely]] {
      const Array* array = base.array();
      if (index >= 0 && index < array->size) [[likely]]
        return array->items[static_cast<std::uint32_t>(index)];
    }
    const Value value = other(frame, base, index);
    keep.reset(value);
    return value;
  }
  Truth test(Frame& frame) const override {
    Owned keep;
    const Value value = borrow(frame, keep);
    if (value.is_raise()) return Truth::kRaised;
    return truth_of(is_truthy(value));
  }

 private:
  [[gnu::noinline]] Value other(Frame& frame, Value base, double index_bits) const {
    const Value index = Index::own(index_bits);
    if (index.is_raise()) return index;
    Owned guard(index);
    return get_index(frame, position_, base, index);
  }

  Base base_;
  Index index_;
  Position position_;
};

// base[index] where evaluating the index may run anything: the base must be held.
class HeldIndexRead final : public Expression {
 public:
  HeldIndexRead(const Expression* base, const Expression* index, Position position)
      : base_(base), index_(index), position_(position) {}
  Value eval(Frame& frame) const override {
    const Value base = base_->eval(frame);
    if (base.is_raise()) return base;
    Owned base_guard(base);
    const Value index = index_->eval(frame);
    if (index.is_raise()) return index;
    Owned index_guard(index);
    return get_index(frame, position_, base, index);
  }

 private:
  const Expression* base_;
  const Expression* index_;
  Position position_;
};

// The most common of both, which other nodes take in.
using PropertyOfLocal = PropertyRead<LocalOperand>;
using ElementOfLocal = IndexRead<LocalOperand, LocalOperand>;

}  // namespace duso::execution
