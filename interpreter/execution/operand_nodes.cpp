#include "interpreter/execution/operand_nodes.hpp"

#include <type_traits>

#include "interpreter/execution/access_nodes.hpp"
#include "interpreter/execution/arithmetic_nodes.hpp"
#include "interpreter/execution/assignments.hpp"
#include "interpreter/execution/comparison_nodes.hpp"
#include "interpreter/execution/statements.hpp"

namespace duso::execution {

namespace {

// Calls [make] with the operand of the kind that [operand] is.
template <class Make>
const Expression* with_operand(const Lowered& operand, const Make& make) {
  switch (operand.kind) {
    case Lowered::Kind::kLocal:
      return make(LocalOperand{operand.slot});
    case Lowered::Kind::kNumber:
      return make(ConstantOperand{operand.value});
    default:
      break;
  }
  return make(AnyOperand{operand.node});
}

// The same for operations that read other variables and properties in place, too.
template <class Make>
const Expression* with_any_operand(const Lowered& operand, const Make& make) {
  switch (operand.kind) {
    case Lowered::Kind::kCaptured:
      return make(CapturedOperand{static_cast<const CapturedRead<true>*>(operand.node)});
    case Lowered::Kind::kGlobal:
      return make(GlobalOperand{static_cast<const GlobalRead*>(operand.node)});
    case Lowered::Kind::kProperty:
      return make(NodeOperand<PropertyOfLocal>{static_cast<const PropertyOfLocal*>(operand.node)});
    case Lowered::Kind::kElement:
      return make(NodeOperand<ElementOfLocal>{static_cast<const ElementOfLocal*>(operand.node)});
    default:
      return with_operand(operand, make);
  }
}

// The same where a constant is so rare that it may be any expression.
template <class Make>
const Expression* with_local_or_any(const Lowered& operand, const Make& make) {
  if (operand.kind == Lowered::Kind::kLocal) return make(LocalOperand{operand.slot});
  return make(AnyOperand{operand.node});
}

bool is_leaf(const Lowered& operand) {
  return operand.kind == Lowered::Kind::kLocal || operand.kind == Lowered::Kind::kNumber;
}

// Calls [make] with [operand] as an operation that is computed in place, if it is one of `+ - *` on locals and numbers;
// null otherwise.
template <class Make>
const Expression* with_operation(const Lowered& operand, const Make& make) {
  const Lowered::Operation* operation = operand.operation;
  if (operation == nullptr || !is_leaf(*operation->left) || !is_leaf(*operation->right)) return nullptr;
  const auto with_op = [&](auto op) -> const Expression* {
    constexpr Arithmetic kOp = decltype(op)::value;
    const LocalOperand left_local{operation->left->slot};
    const LocalOperand right_local{operation->right->slot};
    const ConstantOperand left_number{operation->left->value};
    const ConstantOperand right_number{operation->right->value};
    const bool left_is_local = operation->left->kind == Lowered::Kind::kLocal;
    const bool right_is_local = operation->right->kind == Lowered::Kind::kLocal;
    const Position position = operation->position;
    if (left_is_local && right_is_local) {
      using Node = ArithmeticNode<kOp, LocalOperand, LocalOperand>;
      return make(OperationOperand<kOp, LocalOperand, LocalOperand>{Node(left_local, right_local, position)});
    }
    if (left_is_local) {
      using Node = ArithmeticNode<kOp, LocalOperand, ConstantOperand>;
      return make(OperationOperand<kOp, LocalOperand, ConstantOperand>{Node(left_local, right_number, position)});
    }
    if (right_is_local) {
      using Node = ArithmeticNode<kOp, ConstantOperand, LocalOperand>;
      return make(OperationOperand<kOp, ConstantOperand, LocalOperand>{Node(left_number, right_local, position)});
    }
    return nullptr;
  };
  switch (operation->op) {
    case Arithmetic::kAdd:
      return with_op(std::integral_constant<Arithmetic, Arithmetic::kAdd>{});
    case Arithmetic::kSubtract:
      return with_op(std::integral_constant<Arithmetic, Arithmetic::kSubtract>{});
    case Arithmetic::kMultiply:
      return with_op(std::integral_constant<Arithmetic, Arithmetic::kMultiply>{});
    default:
      return nullptr;
  }
}

bool is_product_of_locals(const Lowered& operand) {
  const Lowered::Operation* operation = operand.operation;
  return operation != nullptr && operation->op == Arithmetic::kMultiply &&
         operation->left->kind == Lowered::Kind::kLocal && operation->right->kind == Lowered::Kind::kLocal;
}

template <Arithmetic kOp>
const Expression* arithmetic_of(syntax::Arena& arena, const Lowered& left, const Lowered& right, Position position) {
  using Product = OperationOperand<Arithmetic::kMultiply, LocalOperand, LocalOperand>;
  const auto product = [](const Lowered& operand) {
    const Lowered::Operation& operation = *operand.operation;
    return Product{{LocalOperand{operation.left->slot}, LocalOperand{operation.right->slot}, operation.position}};
  };
  constexpr bool kSums = kOp == Arithmetic::kAdd || kOp == Arithmetic::kSubtract;
  if constexpr (kSums) {
    if (is_product_of_locals(left) && is_product_of_locals(right)) {
      return arena.make<ArithmeticNode<kOp, Product, Product>>(product(left), product(right), position);
    }
  }
  const Expression* node = with_operation(left, [&](auto l) {
    return with_operand(right, [&](auto r) -> const Expression* {
      return arena.make<ArithmeticNode<kOp, decltype(l), decltype(r)>>(l, r, position);
    });
  });
  if (node != nullptr) return node;
  if constexpr (kSums) {
    if (is_product_of_locals(right)) {
      return with_local_or_any(left, [&](auto l) -> const Expression* {
        return arena.make<ArithmeticNode<kOp, decltype(l), Product>>(l, product(right), position);
      });
    }
  }
  constexpr bool kRich = kOp != Arithmetic::kDivide && kOp != Arithmetic::kModulo;
  const auto make = [&](auto l, auto r) -> const Expression* {
    return arena.make<ArithmeticNode<kOp, decltype(l), decltype(r)>>(l, r, position);
  };
  if constexpr (kRich) {
    return with_any_operand(left, [&](auto l) { return with_any_operand(right, [&](auto r) { return make(l, r); }); });
  }
  return with_any_operand(left, [&](auto l) { return with_operand(right, [&](auto r) { return make(l, r); }); });
}

// Calls [make] with both operands, each of the kind that it is, and the operator as a constant.
template <class Make>
const Statement* with_operands(Arithmetic op, const Lowered& left, const Lowered& right, const Make& make) {
  const Statement* statement = nullptr;
  const auto with_op = [&](auto constant) {
    with_operand(left, [&](auto l) {
      return with_operand(right, [&](auto r) -> const Expression* {
        statement = make(constant, l, r);
        return nullptr;
      });
    });
  };
  switch (op) {
    case Arithmetic::kAdd:
      with_op(std::integral_constant<Arithmetic, Arithmetic::kAdd>{});
      break;
    case Arithmetic::kSubtract:
      with_op(std::integral_constant<Arithmetic, Arithmetic::kSubtract>{});
      break;
    case Arithmetic::kMultiply:
      with_op(std::integral_constant<Arithmetic, Arithmetic::kMultiply>{});
      break;
    case Arithmetic::kDivide:
      with_op(std::integral_constant<Arithmetic, Arithmetic::kDivide>{});
      break;
    case Arithmetic::kModulo:
      with_op(std::integral_constant<Arithmetic, Arithmetic::kModulo>{});
      break;
  }
  return statement;
}

using Remainder = OperationOperand<Arithmetic::kModulo, LocalOperand, ConstantOperand>;

// n % k, the usual question about divisibility: of a local by a number.
bool is_remainder(const Lowered& operand) {
  const Lowered::Operation* operation = operand.operation;
  return operation != nullptr && operation->op == Arithmetic::kModulo &&
         operation->left->kind == Lowered::Kind::kLocal && operation->right->kind == Lowered::Kind::kNumber;
}

Remainder remainder_of(const Lowered& operand) {
  const Lowered::Operation& operation = *operand.operation;
  return {{LocalOperand{operation.left->slot}, ConstantOperand{operation.right->value}, operation.position}};
}

template <class Condition>
const Statement* if_compare(syntax::Arena& arena, const Condition& condition, const Statement* consequence,
                            const Statement* otherwise) {
  return arena.make<IfCompare<Condition>>(condition, consequence, otherwise);
}

template <bool kNegated>
const Statement* if_equal(syntax::Arena& arena, const Lowered::Test& test, const Statement* consequence,
                          const Statement* otherwise) {
  if (test.left->kind == Lowered::Kind::kLocal) {
    const EqualNumberNode<kNegated, LocalOperand> condition(LocalOperand{test.left->slot}, test.right->value);
    return if_compare(arena, condition, consequence, otherwise);
  }
  const EqualNumberNode<kNegated, Remainder> condition(remainder_of(*test.left), test.right->value);
  return if_compare(arena, condition, consequence, otherwise);
}

template <Comparison kOp>
const Statement* if_ordered(syntax::Arena& arena, const Lowered::Test& test, const Statement* consequence,
                            const Statement* otherwise) {
  const LocalOperand left{test.left->slot};
  if (test.right->kind == Lowered::Kind::kLocal) {
    const CompareNode<kOp, LocalOperand, LocalOperand> condition(left, LocalOperand{test.right->slot}, test.position);
    return if_compare(arena, condition, consequence, otherwise);
  }
  const CompareNode<kOp, LocalOperand, ConstantOperand> condition(left, ConstantOperand{test.right->value},
                                                                  test.position);
  return if_compare(arena, condition, consequence, otherwise);
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
    if (is_remainder(left)) return arena.make<EqualNumberNode<kNegated, Remainder>>(remainder_of(left), right.value);
    return with_local_or_any(left, [&](auto l) -> const Expression* {
      return arena.make<EqualNumberNode<kNegated, decltype(l)>>(l, right.value);
    });
  }
  if (constant_right.has_value()) {
    return with_local_or_any(left, [&](auto l) -> const Expression* {
      return arena.make<EqualConstantNode<kNegated, decltype(l)>>(l, *constant_right);
    });
  }
  return with_local_or_any(left, [&](auto l) {
    return with_local_or_any(right, [&](auto r) -> const Expression* {
      return arena.make<EqualNode<kNegated, decltype(l), decltype(r)>>(l, r);
    });
  });
}

}  // namespace

const Expression* make_arithmetic(syntax::Arena& arena, Arithmetic op, const Lowered& left, const Lowered& right,
                                  Position position) {
  switch (op) {
    case Arithmetic::kAdd:
      return arithmetic_of<Arithmetic::kAdd>(arena, left, right, position);
    case Arithmetic::kSubtract:
      return arithmetic_of<Arithmetic::kSubtract>(arena, left, right, position);
    case Arithmetic::kMultiply:
      return arithmetic_of<Arithmetic::kMultiply>(arena, left, right, position);
    case Arithmetic::kDivide:
      return arithmetic_of<Arithmetic::kDivide>(arena, left, right, position);
    case Arithmetic::kModulo:
      return arithmetic_of<Arithmetic::kModulo>(arena, left, right, position);
  }
  return nullptr;
}

const Statement* make_assign_arithmetic(syntax::Arena& arena, std::uint32_t slot, Arithmetic op, const Lowered& left,
                                        const Lowered& right, Position position) {
  return with_operands(op, left, right, [&](auto constant, auto l, auto r) -> const Statement* {
    return arena.make<AssignArithmetic<decltype(constant)::value, decltype(l), decltype(r)>>(slot, l, r, position);
  });
}

const Statement* make_assign_then_copy(syntax::Arena& arena, std::uint32_t slot, Arithmetic op, const Lowered& left,
                                       const Lowered& right, Position position, std::span<const LocalCopy> copies) {
  return with_operands(op, left, right, [&](auto constant, auto l, auto r) -> const Statement* {
    constexpr Arithmetic kOp = decltype(constant)::value;
    using Left = decltype(l);
    using Right = decltype(r);
    if constexpr (kOp == Arithmetic::kDivide || kOp == Arithmetic::kModulo) {
      return nullptr;
    } else {
      switch (copies.size()) {
        case 1:
          return arena.make<AssignThenCopy<kOp, Left, Right, 1>>(slot, l, r, position, copies.data());
        case 2:
          return arena.make<AssignThenCopy<kOp, Left, Right, 2>>(slot, l, r, position, copies.data());
        case 3:
          return arena.make<AssignThenCopy<kOp, Left, Right, 3>>(slot, l, r, position, copies.data());
        default:
          return nullptr;
      }
    }
  });
}

const Statement* make_return_arithmetic(syntax::Arena& arena, Arithmetic op, const Lowered& left, const Lowered& right,
                                        Position position) {
  return with_operands(op, left, right, [&](auto constant, auto l, auto r) -> const Statement* {
    return arena.make<ReturnArithmetic<decltype(constant)::value, decltype(l), decltype(r)>>(l, r, position);
  });
}

const Statement* make_if(syntax::Arena& arena, const Lowered& condition, const Statement* consequence,
                         const Statement* otherwise) {
  const Lowered::Test* test = condition.test;
  if (test == nullptr) return arena.make<IfThen>(condition.node, consequence, otherwise);
  if (test->kind == Lowered::Test::Kind::kEqual) return if_equal<false>(arena, *test, consequence, otherwise);
  if (test->kind == Lowered::Test::Kind::kNotEqual) return if_equal<true>(arena, *test, consequence, otherwise);
  switch (test->op) {
    case Comparison::kLess:
      return if_ordered<Comparison::kLess>(arena, *test, consequence, otherwise);
    case Comparison::kLessEqual:
      return if_ordered<Comparison::kLessEqual>(arena, *test, consequence, otherwise);
    case Comparison::kGreater:
      return if_ordered<Comparison::kGreater>(arena, *test, consequence, otherwise);
    case Comparison::kGreaterEqual:
      return if_ordered<Comparison::kGreaterEqual>(arena, *test, consequence, otherwise);
  }
  return nullptr;
}

const Lowered::Test* as_test(syntax::Arena& arena, Lowered::Test::Kind kind, Comparison op, const Lowered& left,
                             const Lowered& right, Position position) {
  const bool left_is_local = left.kind == Lowered::Kind::kLocal;
  const bool fits = kind == Lowered::Test::Kind::kOrder
                        ? left_is_local && is_leaf(right)
                        : right.kind == Lowered::Kind::kNumber && (left_is_local || is_remainder(left));
  if (!fits) return nullptr;
  return arena.make<Lowered::Test>(kind, op, arena.make<Lowered>(left), arena.make<Lowered>(right), position);
}

const Expression* make_comparison(syntax::Arena& arena, Comparison op, const Lowered& left, const Lowered& right,
                                  Position position) {
  switch (op) {
    case Comparison::kLess:
      return comparison_of<Comparison::kLess>(arena, left, right, position);
    case Comparison::kLessEqual:
      return comparison_of<Comparison::kLessEqual>(arena, left, right, position);
    case Comparison::kGreater:
      return comparison_of<Comparison::kGreater>(arena, left, right, position);
    case Comparison::kGreaterEqual:
      return comparison_of<Comparison::kGreaterEqual>(arena, left, right, position);
  }
  return nullptr;
}

const Expression* make_equality(syntax::Arena& arena, bool negated, const Lowered& left, const Lowered& right,
                                std::optional<Value> constant_right) {
  return negated ? equality_of<true>(arena, left, right, constant_right)
                 : equality_of<false>(arena, left, right, constant_right);
}

Lowered make_property_read(syntax::Arena& arena, const Lowered& base, String* name, Position position) {
  Lowered property;
  property.is_simple = base.is_simple;
  if (base.kind == Lowered::Kind::kLocal) {
    property.kind = Lowered::Kind::kProperty;
    property.node = arena.make<PropertyOfLocal>(LocalOperand{base.slot}, name, position);
  } else {
    property.node = arena.make<PropertyRead<AnyOperand>>(AnyOperand{base.node}, name, position);
  }
  return property;
}

Lowered make_index_read(syntax::Arena& arena, const Lowered& base, const Lowered& index, Position position) {
  Lowered element;
  element.is_simple = base.is_simple && index.is_simple;
  if (base.kind == Lowered::Kind::kLocal && index.kind == Lowered::Kind::kLocal) {
    element.kind = Lowered::Kind::kElement;
    element.node = arena.make<ElementOfLocal>(LocalOperand{base.slot}, LocalOperand{index.slot}, position);
    return element;
  }
  if (base.kind != Lowered::Kind::kLocal && !index.is_simple) {
    element.node = arena.make<HeldIndexRead>(base.node, index.node, position);
    return element;
  }
  if (base.kind == Lowered::Kind::kLocal) {
    element.node = with_operation(index, [&](auto i) -> const Expression* {
      return arena.make<IndexRead<LocalOperand, decltype(i)>>(LocalOperand{base.slot}, i, position);
    });
    if (element.node != nullptr) return element;
  }
  element.node = with_local_or_any(base, [&](auto b) {
    return with_operand(index, [&](auto i) -> const Expression* {
      return arena.make<IndexRead<decltype(b), decltype(i)>>(b, i, position);
    });
  });
  return element;
}

const Statement* make_assign_index(syntax::Arena& arena, const Lowered& base, const Lowered& index,
                                   const Lowered& value, Position position) {
  if (base.kind != Lowered::Kind::kLocal && !index.is_simple) {
    return arena.make<AssignHeldIndex>(base.node, index.node, value.node, position);
  }
  const Statement* statement = nullptr;
  with_local_or_any(base, [&](auto b) {
    return with_operand(index, [&](auto i) -> const Expression* {
      const auto make = [&](auto v) {
        statement = arena.make<AssignIndex<decltype(b), decltype(i), decltype(v)>>(b, i, v, position);
      };
      switch (value.kind) {
        case Lowered::Kind::kLocal:
          make(LocalValue{value.slot});
          break;
        case Lowered::Kind::kElement:
          make(NodeValue<ElementOfLocal>{static_cast<const ElementOfLocal*>(value.node)});
          break;
        default:
          make(AnyValue{value.node});
      }
      return nullptr;
    });
  });
  return statement;
}

const Statement* make_assign_access(syntax::Arena& arena, std::uint32_t slot, const Lowered& value) {
  if (value.kind == Lowered::Kind::kElement) {
    return arena.make<AssignNode<ElementOfLocal>>(slot, static_cast<const ElementOfLocal*>(value.node));
  }
  if (value.kind == Lowered::Kind::kProperty) {
    return arena.make<AssignNode<PropertyOfLocal>>(slot, static_cast<const PropertyOfLocal*>(value.node));
  }
  return nullptr;
}

namespace {

template <Comparison kOp>
const Statement* while_ordered(syntax::Arena& arena, const Lowered::Test& test, const LoopBody& body) {
  const LocalOperand left{test.left->slot};
  if (test.right->kind == Lowered::Kind::kLocal) {
    using Condition = CompareNode<kOp, LocalOperand, LocalOperand>;
    return arena.make<While<Condition>>(Condition(left, LocalOperand{test.right->slot}, test.position), body);
  }
  using Condition = CompareNode<kOp, LocalOperand, ConstantOperand>;
  return arena.make<While<Condition>>(Condition(left, ConstantOperand{test.right->value}, test.position), body);
}

}  // namespace

const Statement* make_while(syntax::Arena& arena, const Lowered& condition, const LoopBody& body) {
  const Lowered::Test* test = condition.test;
  if (test == nullptr || test->kind != Lowered::Test::Kind::kOrder) {
    return arena.make<While<AnyCondition>>(AnyCondition{condition.node}, body);
  }
  switch (test->op) {
    case Comparison::kLess:
      return while_ordered<Comparison::kLess>(arena, *test, body);
    case Comparison::kLessEqual:
      return while_ordered<Comparison::kLessEqual>(arena, *test, body);
    case Comparison::kGreater:
      return while_ordered<Comparison::kGreater>(arena, *test, body);
    case Comparison::kGreaterEqual:
      return while_ordered<Comparison::kGreaterEqual>(arena, *test, body);
  }
  return nullptr;
}

}  // namespace duso::execution
