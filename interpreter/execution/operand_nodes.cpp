#include "interpreter/execution/operand_nodes.hpp"

#include "interpreter/execution/access_nodes.hpp"
#include "interpreter/execution/arithmetic_nodes.hpp"
#include "interpreter/execution/comparison_nodes.hpp"

namespace duso::execution {

namespace {

// Calls [make] with the operand of the kind that [operand] is.
template <class Make>
const Expression* with_operand(const Lowered& operand, const Make& make) {
  switch (operand.kind) {
    case Lowered::Kind::kLocal: return make(LocalOperand{operand.slot});
    case Lowered::Kind::kNumber: return make(ConstantOperand{operand.value});
    case Lowered::Kind::kAny: break;
  }
  return make(AnyOperand{operand.node});
}

// The same where a constant is so rare that it may be any expression.
template <class Make>
const Expression* with_local_or_any(const Lowered& operand, const Make& make) {
  if (operand.kind == Lowered::Kind::kLocal) return make(LocalOperand{operand.slot});
  return make(AnyOperand{operand.node});
}

template <Arithmetic kOp>
const Expression* arithmetic_of(syntax::Arena& arena, const Lowered& left, const Lowered& right, Position position) {
  return with_operand(left, [&](auto l) {
    return with_operand(right, [&](auto r) -> const Expression* {
      return arena.make<ArithmeticNode<kOp, decltype(l), decltype(r)>>(l, r, position);
    });
  });
}

template <Comparison kOp>
const Expression* comparison_of(syntax::Arena& arena, const Lowered& left, const Lowered& right, Position position) {
  return with_local_or_any(left, [&](auto l) {
    return with_operand(right, [&](auto r) -> const Expression* {
      return arena.make<CompareNode<kOp, decltype(l), decltype(r)>>(l, r, position);
    });
  });
}

template <bool kNegated>
const Expression* equality_of(syntax::Arena& arena, const Lowered& left, const Lowered& right,
                              std::optional<Value> constant_right) {
  if (right.kind == Lowered::Kind::kNumber) {
    return with_local_or_any(left, [&](auto l) -> const Expression* {
      return arena.make<EqualNumberNode<kNegated, decltype(l)>>(l, right.value);
    });
  }
  if (constant_right.has_value()) {
    return with_local_or_any(left, [&](auto l) -> const Expression* {
      return arena.make<EqualConstantNode<kNegated, decltype(l)>>(l, *constant_right);
    });
  }
  return arena.make<EqualNode<kNegated>>(left.node, right.node);
}

}  // namespace

const Expression* make_arithmetic(syntax::Arena& arena, Arithmetic op, const Lowered& left, const Lowered& right,
                                  Position position) {
  switch (op) {
    case Arithmetic::kAdd: return arithmetic_of<Arithmetic::kAdd>(arena, left, right, position);
    case Arithmetic::kSubtract: return arithmetic_of<Arithmetic::kSubtract>(arena, left, right, position);
    case Arithmetic::kMultiply: return arithmetic_of<Arithmetic::kMultiply>(arena, left, right, position);
    case Arithmetic::kDivide: return arithmetic_of<Arithmetic::kDivide>(arena, left, right, position);
    case Arithmetic::kModulo: return arithmetic_of<Arithmetic::kModulo>(arena, left, right, position);
  }
  return nullptr;
}

const Expression* make_comparison(syntax::Arena& arena, Comparison op, const Lowered& left, const Lowered& right,
                                  Position position) {
  switch (op) {
    case Comparison::kLess: return comparison_of<Comparison::kLess>(arena, left, right, position);
    case Comparison::kLessEqual: return comparison_of<Comparison::kLessEqual>(arena, left, right, position);
    case Comparison::kGreater: return comparison_of<Comparison::kGreater>(arena, left, right, position);
    case Comparison::kGreaterEqual: return comparison_of<Comparison::kGreaterEqual>(arena, left, right, position);
  }
  return nullptr;
}

const Expression* make_equality(syntax::Arena& arena, bool negated, const Lowered& left, const Lowered& right,
                                std::optional<Value> constant_right) {
  return negated ? equality_of<true>(arena, left, right, constant_right)
                 : equality_of<false>(arena, left, right, constant_right);
}

const Expression* make_property_read(syntax::Arena& arena, const Lowered& base, String* name, Position position) {
  return with_local_or_any(base, [&](auto b) -> const Expression* {
    return arena.make<PropertyRead<decltype(b)>>(b, name, position);
  });
}

const Expression* make_index_read(syntax::Arena& arena, const Lowered& base, const Lowered& index, Position position) {
  if (base.kind != Lowered::Kind::kLocal && !index.is_simple) {
    return arena.make<HeldIndexRead>(base.node, index.node, position);
  }
  return with_local_or_any(base, [&](auto b) {
    return with_operand(index, [&](auto i) -> const Expression* {
      return arena.make<IndexRead<decltype(b), decltype(i)>>(b, i, position);
    });
  });
}

}  // namespace duso::execution
