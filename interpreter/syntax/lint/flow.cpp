#include "interpreter/syntax/lint/flow.hpp"

#include <algorithm>

namespace duso::syntax {

namespace {

Truth truth_of(bool value) { return value ? Truth::kTrue : Truth::kFalse; }

Truth opposite(Truth truth) {
  if (truth == Truth::kUnknown) return truth;
  return truth == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

// `and` is decided by a false side, `or` by a true one; otherwise both have to be known.
Truth logical_truth(const Logical& e) {
  const Truth left = constant_truth(*e.left);
  const Truth right = constant_truth(*e.right);
  if (left == Truth::kUnknown || right == Truth::kUnknown) return Truth::kUnknown;
  const Truth deciding = e.op == LogicalOperator::kAnd ? Truth::kFalse : Truth::kTrue;
  return left == deciding || right == deciding ? deciding : opposite(deciding);
}

}  // namespace

bool always_leaves(const Statement& s) {
  switch (s.kind) {
    case StatementKind::kReturn:
    case StatementKind::kBreak:
    case StatementKind::kContinue:
      return true;
    case StatementKind::kIf: {
      const auto& branches = as<If>(s);
      return branches.else_block && always_leaves(*branches.else_block) &&
             std::ranges::all_of(branches.clauses, [](const IfClause& clause) { return always_leaves(clause.body); });
    }
    default:
      return false;
  }
}

bool always_leaves(const Block& block) {
  return std::ranges::any_of(block.statements, [](const Statement* s) { return always_leaves(*s); });
}

std::size_t count_reachable(const Block& block) {
  const auto leaving = std::ranges::find_if(block.statements, [](const Statement* s) { return always_leaves(*s); });
  const auto passed = static_cast<std::size_t>(leaving - block.statements.begin());
  return std::min(passed + 1, block.statements.size());
}

Truth constant_truth(const Expression& e) {
  switch (e.kind) {
    case ExpressionKind::kNumberLiteral:
      return truth_of(as<NumberLiteral>(e).value != 0);
    case ExpressionKind::kStringLiteral:
      return truth_of(!as<StringLiteral>(e).value.empty());
    case ExpressionKind::kBooleanLiteral:
      return truth_of(as<BooleanLiteral>(e).value);
    case ExpressionKind::kNilLiteral:
      return Truth::kFalse;
    case ExpressionKind::kRegexLiteral:
    case ExpressionKind::kFunctionExpression:
      return Truth::kTrue;
    case ExpressionKind::kArrayLiteral:
      return truth_of(!as<ArrayLiteral>(e).elements.empty());
    case ExpressionKind::kObjectLiteral:
      return truth_of(!as<ObjectLiteral>(e).entries.empty());
    case ExpressionKind::kUnary:
      return as<Unary>(e).op == UnaryOperator::kNot ? opposite(constant_truth(*as<Unary>(e).operand))
                                                    : constant_truth(*as<Unary>(e).operand);
    case ExpressionKind::kLogical:
      return logical_truth(as<Logical>(e));
    default:
      return Truth::kUnknown;
  }
}

bool never_returns(const Expression& e) {
  const Call* const call = try_as<Call>(&e);
  const Name* const name = call != nullptr ? try_as<Name>(call->callee) : nullptr;
  if (name == nullptr) return false;
  return name->identifier == "throw" || name->identifier == "exit" || name->identifier == "shutdown";
}

}  // namespace duso::syntax
