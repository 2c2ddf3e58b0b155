#include "interpreter/execution/assignments.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "interpreter/values/arithmetic.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/number_text.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/text_form.hpp"

namespace duso::execution {

namespace {

// left op right where the fast path applies; a NaN (which every tagged value is) says that it does not.
template <Arithmetic kOp>
[[gnu::always_inline]] inline double compute(double left, double right) {
  if constexpr (kOp == Arithmetic::kAdd) return left + right;
  if constexpr (kOp == Arithmetic::kSubtract) return left - right;
  if constexpr (kOp == Arithmetic::kMultiply) return left * right;
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if constexpr (kOp == Arithmetic::kDivide) return right != 0 ? left / right : kNone;
  if constexpr (kOp == Arithmetic::kModulo) {
    return left - left == 0 && std::fabs(right) >= 1.0 ? modulo(left, right) : kNone;
  }
}

// Appends the concat forms of [values] (borrowed) to the string in [place]; on failure the string is as it was.
void append_values(memory::Heap& heap, Value& place, std::span<const Value> values) {
  const std::uint32_t old_size = place.string()->size;
  try {
    for (const Value value : values) {
      if (value.is_string()) {
        place = Value(append(heap, place.string(), value.string()->view()));
      } else {
        char buffer[kPlainTextSize];
        std::string text;
        std::string_view view;
        if (value.is_number()) {
          view = {buffer, format_plain(value.number(), buffer)};
        } else {
          append_concat(text, value);
          view = text;
        }
        place = Value(append(heap, place.string(), view));
      }
    }
  } catch (...) {
    truncate(place.string(), old_size);
    throw;
  }
}

// Where base.name (without a name: base[index]) is stored, or null when there is no such property or element.
Value* element_place(Value base, const String* name, Value index) {
  if (base.is_object()) {
    if (name == nullptr && index.is_string()) name = index.string();
    return name != nullptr ? find_property(base.object(), name) : nullptr;
  }
  if (!base.is_array() || name != nullptr || !index.is_number()) return nullptr;
  const Array* array = base.array();
  const double position = index.number();
  if (!(position >= 0 && position < array->size) || position != std::floor(position)) return nullptr;
  return &array->items[static_cast<std::uint32_t>(position)];
}

}  // namespace

Value* ElementTarget::place(Frame& frame) const {
  Owned guard;
  if (name_ != nullptr) {
    const Value base = base_->borrow(frame, guard);
    return base.is_object() ? cache_.find(base.object(), name_) : nullptr;
  }
  guard.reset(base_->eval(frame));
  const Owned index(index_->eval(frame));
  return element_place(guard.get(), nullptr, index.get());
}

Value ElementTarget::assign(Frame& frame, Value value) const {
  Owned guard(value);
  const Owned base(base_->eval(frame));
  if (base.get().is_raise()) return Value::raise();
  if (name_ != nullptr) return store_property(frame, position_, base.get(), name_, guard.take());
  const Owned index(index_->eval(frame));
  if (index.get().is_raise()) return Value::raise();
  return store_index(frame, position_, base.get(), index.get(), guard.take());
}

Value AssignProperty::exec(Frame& frame) const {
  const Value value = value_->eval(frame);
  if (value.is_raise()) return value;
  Owned keep;
  const Value base = base_->borrow(frame, keep);
  if (base.is_object()) [[likely]] {
    Object* object = base.object();
    if (Value* place = cache_.find(object, name_)) [[likely]] {
      if (may_close_cycle(value)) object->flags |= memory::kCyclic;
      replace(*place, value);
      return Value::next();
    }
  }
  return add(frame, base, value);
}

Value AssignProperty::add(Frame& frame, Value base, Value value) const {
  if (base.is_raise()) {
    release(value);
    return base;
  }
  if (!base.is_object() || base.object()->shape == nullptr) return store_property(frame, position_, base, name_, value);
  Object* object = base.object();
  if (object->shape != from_) {
    Shape* next = object->shape->with(name_);
    if (next == nullptr) return store_property(frame, position_, base, name_, value);
    from_ = object->shape;
    to_ = next;
  }
  return guarded(frame, position_, [&] {
    add_slot(frame.instance->heap(), object, to_, value);
    return Value::next();
  });
}

Value store_element(Frame& frame, Position position, Value base, Value index, Value value) {
  const Owned index_guard(index);
  if (base.is_raise() || index.is_raise()) {
    release(value);
    return Value::raise();
  }
  return store_index(frame, position, base, index, value);
}

Value AssignHeldIndex::exec(Frame& frame) const {
  const Value value = value_->eval(frame);
  if (value.is_raise()) return value;
  Owned value_guard(value);
  const Value base = base_->eval(frame);
  if (base.is_raise()) return base;
  const Owned base_guard(base);
  const Value index = index_->eval(frame);
  return store_element(frame, position_, base, index, value_guard.take());
}

Value AppendToName::exec(Frame& frame) const {
  const Value left = current_->peek(frame);
  if (!left.is_string()) return otherwise_->exec(frame);
  // The left operand is the string as it is now, whatever the pieces do to the variable.
  const Value held = retain(left);
  Value values[kMaxPieces];
  std::size_t count = 0;
  Value result = Value::next();
  for (const Expression* piece : pieces_) {
    values[count] = piece->eval(frame);
    if (values[count].is_raise()) {
      result = Value::raise();
      break;
    }
    ++count;
  }
  if (result.is_raise()) {
    release(held);
  } else {
    result = append_all(frame, {values, count}, held);
  }
  for (std::size_t i = 0; i < count; ++i) release(values[i]);
  return result;
}

// Consumes [held].
Value AppendToName::append_all(Frame& frame, std::span<const Value> values, Value held) const {
  return guarded(frame, position_, [&] {
    memory::Heap& heap = frame.instance->heap();
    Value* place = target_->place(frame);
    if (place != nullptr && identical(*place, held)) {
      release(held);  // the variable has it; without ours the string may be its alone
      append_values(heap, *place, values);
      return Value::next();
    }
    Owned text(held);
    Value fresh = text.take();
    try {
      append_values(heap, fresh, values);
    } catch (...) {
      release(fresh);
      throw;
    }
    return target_->assign(frame, fresh);
  });
}

Value append_taken(Frame& frame, Position position, const ElementTarget& element, Value left, Value right) {
  // Nobody may look at the element while it is empty, as the text of a container could.
  if (left.is_string() && (right.is_string() || right.is_number())) {
    Value* place = element.place(frame);
    if (place != nullptr && identical(*place, left)) {
      release(std::exchange(*place, Value::nil()));
      const Owned guard(right);
      return guarded(frame, position, [&] {
        Value text = left;
        try {
          append_values(frame.instance->heap(), text, {&right, 1});
        } catch (...) {
          *place = text;
          throw;
        }
        return text;
      });
    }
  }
  return arithmetic_slow(frame, position, Arithmetic::kAdd, left, right);
}

template <Arithmetic kOp>
Value CompoundName<kOp>::exec(Frame& frame) const {
  const double left = current_->number(frame);
  if (from_register(left).is_raise()) return Value::raise();
  const double right = value_->number(frame);
  const double result = compute<kOp>(left, right);
  if (result == result) [[likely]]
    return target_->assign(frame, Value(result));
  if (from_register(right).is_raise()) {
    release(from_register(left));
    return Value::raise();
  }
  const Value value = arithmetic_slow(frame, position_, kOp, from_register(left), from_register(right), true);
  return value.is_raise() ? value : target_->assign(frame, value);
}

template <Arithmetic kOp, class Right>
Value UpdateLocal<kOp, Right>::exec(Frame& frame) const {
  const double left = in_register(frame.slot(slot_));
  const double right = value_.number(frame);
  const double result = compute<kOp>(left, right);
  if (result == result) [[likely]] {
    frame.slot(slot_) = Value(result);
    return Value::next();
  }
  return update_other(frame, from_register(left), right);
}

template <Arithmetic kOp, class Right>
[[gnu::noinline]] Value UpdateLocal<kOp, Right>::update_other(Frame& frame, Value left, double right) const {
  const Value operand = Right::own(right);
  if (operand.is_raise()) return operand;
  Value& place = frame.slot(slot_);
  if (kOp == Arithmetic::kAdd && left.is_string()) {
    const Owned guard(operand);
    return guarded(frame, position_, [&] {
      append_values(frame.instance->heap(), place, {&operand, 1});
      return Value::next();
    });
  }
  const Value value = arithmetic_slow(frame, position_, kOp, retain(left), operand, compound_);
  if (value.is_raise()) return value;
  replace(place, value);
  return Value::next();
}

Value UpdatedElement::read(Frame& frame, Parts& parts) const {
  const Value base = base_->eval(frame);
  if (base.is_raise()) return base;
  parts.base.reset(base);
  if (name_ != nullptr) return get_property(frame, access_, base, name_);
  const Value index = index_->eval(frame);
  if (index.is_raise()) return index;
  parts.index.reset(index);
  return get_index(frame, access_, base, index);
}

Value* UpdatedElement::place(const Parts& parts) const {
  return element_place(parts.base.get(), name_, parts.index.get());
}

Value UpdatedElement::store(Frame& frame, const Parts& parts, Value value) const {
  return name_ != nullptr ? store_property(frame, position_, parts.base.get(), name_, value)
                          : store_index(frame, position_, parts.base.get(), parts.index.get(), value);
}

Value CompoundElement::exec(Frame& frame) const {
  UpdatedElement::Parts parts;
  const Value current = element_.read(frame, parts);
  if (current.is_raise()) return current;
  const Value operand = value_->eval(frame);
  if (operand.is_raise()) {
    release(current);
    return operand;
  }
  // A string that only this element holds grows in place.
  if (op_ == Arithmetic::kAdd && current.is_string()) {
    Value* place = element_.place(parts);
    if (place != nullptr && identical(*place, current)) {
      release(current);
      if (result_ != kNoSlot) replace(frame.slot(result_), Value::unset());
      Owned guard(operand);
      return guarded(frame, element_.position(), [&] {
        append_values(frame.instance->heap(), *place, {&operand, 1});
        if (result_ != kNoSlot) frame.slot(result_) = retain(*place);
        return Value::next();
      });
    }
  }
  const Value value = arithmetic_slow(frame, element_.position(), op_, current, operand, true);
  if (value.is_raise()) return value;
  if (result_ != kNoSlot) replace(frame.slot(result_), retain(value));
  return element_.store(frame, parts, value);
}

Value StepName::eval(Frame& frame) const {
  const double current = current_->number(frame);
  const Value value = from_register(current);
  if (value.is_raise()) return value;
  if (!value.is_number()) {
    release(value);
    return frame.instance->raise(frame, position_, "cannot increment/decrement non-number");
  }
  const Value result(current + step_);
  const Value assigned = target_->assign(frame, result);
  return assigned.is_raise() ? assigned : result;
}

Value StepElement::eval(Frame& frame) const {
  UpdatedElement::Parts parts;
  const Value current = element_.read(frame, parts);
  if (current.is_raise()) return current;
  if (!current.is_number()) {
    release(current);
    return frame.instance->raise(frame, element_.position(), "cannot increment/decrement non-number");
  }
  const Value result(current.number() + step_);
  const Value stored = element_.store(frame, parts, result);
  return stored.is_raise() ? stored : result;
}

const Expression* make_appending_sum(syntax::Arena& arena, const Lowered& left, const Lowered& right,
                                     const ElementTarget* element, Position position) {
  const auto with_right = [&](auto l, auto r) -> const Expression* {
    return arena.make<AppendingSum<decltype(l), decltype(r)>>(l, r, element, position);
  };
  const auto with_left = [&](auto l) {
    switch (right.kind) {
      case Lowered::Kind::kLocal:
        return with_right(l, LocalOperand{right.slot});
      case Lowered::Kind::kGlobal:
        return with_right(l, GlobalOperand{static_cast<const GlobalRead*>(right.node)});
      default:
        return with_right(l, AnyOperand{right.node});
    }
  };
  switch (left.kind) {
    case Lowered::Kind::kProperty:
      return with_left(NodeOperand<PropertyOfLocal>{static_cast<const PropertyOfLocal*>(left.node)});
    case Lowered::Kind::kElement:
      return with_left(NodeOperand<ElementOfLocal>{static_cast<const ElementOfLocal*>(left.node)});
    default:
      return with_left(AnyOperand{left.node});
  }
}

namespace {

template <Arithmetic kOp>
const Statement* local_update_of(syntax::Arena& arena, std::uint32_t slot, const Lowered& value, Position position,
                                 bool compound) {
  switch (value.kind) {
    case Lowered::Kind::kLocal:
      return arena.make<UpdateLocal<kOp, LocalOperand>>(slot, LocalOperand{value.slot}, position, compound);
    case Lowered::Kind::kNumber:
      return arena.make<UpdateLocal<kOp, ConstantOperand>>(slot, ConstantOperand{value.value}, position, compound);
    default:
      break;
  }
  return arena.make<UpdateLocal<kOp, AnyOperand>>(slot, AnyOperand{value.node}, position, compound);
}

}  // namespace

const Statement* make_local_update(syntax::Arena& arena, Arithmetic op, std::uint32_t slot, const Lowered& value,
                                   Position position, bool compound) {
  switch (op) {
    case Arithmetic::kAdd:
      return local_update_of<Arithmetic::kAdd>(arena, slot, value, position, compound);
    case Arithmetic::kSubtract:
      return local_update_of<Arithmetic::kSubtract>(arena, slot, value, position, compound);
    case Arithmetic::kMultiply:
      return local_update_of<Arithmetic::kMultiply>(arena, slot, value, position, compound);
    case Arithmetic::kDivide:
      return local_update_of<Arithmetic::kDivide>(arena, slot, value, position, compound);
    case Arithmetic::kModulo:
      return local_update_of<Arithmetic::kModulo>(arena, slot, value, position, compound);
  }
  return nullptr;
}

const Statement* make_compound(syntax::Arena& arena, Arithmetic op, const Expression* current, const NameTarget* target,
                               const Expression* value, Position position) {
  switch (op) {
    case Arithmetic::kAdd:
      return arena.make<CompoundName<Arithmetic::kAdd>>(current, target, value, position);
    case Arithmetic::kSubtract:
      return arena.make<CompoundName<Arithmetic::kSubtract>>(current, target, value, position);
    case Arithmetic::kMultiply:
      return arena.make<CompoundName<Arithmetic::kMultiply>>(current, target, value, position);
    case Arithmetic::kDivide:
      return arena.make<CompoundName<Arithmetic::kDivide>>(current, target, value, position);
    case Arithmetic::kModulo:
      return arena.make<CompoundName<Arithmetic::kModulo>>(current, target, value, position);
  }
  return nullptr;
}

}  // namespace duso::execution
