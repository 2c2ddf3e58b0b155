#include "interpreter/syntax/lint/tree_walk.hpp"

namespace duso::syntax {

void TreeWalk::visit_parts(const Expression& e) {
  switch (e.kind) {
    case ExpressionKind::kNumberLiteral:
    case ExpressionKind::kStringLiteral:
    case ExpressionKind::kRegexLiteral:
    case ExpressionKind::kBooleanLiteral:
    case ExpressionKind::kNilLiteral:
    case ExpressionKind::kName:
    case ExpressionKind::kErrorExpression:
      return;
    case ExpressionKind::kTemplate:
      for (const TemplatePiece& piece : as<Template>(e).pieces) {
        if (piece.expression != nullptr) visit(*piece.expression);
      }
      return;
    case ExpressionKind::kArrayLiteral:
      for (const Expression* element : as<ArrayLiteral>(e).elements) visit(*element);
      return;
    case ExpressionKind::kObjectLiteral:
      for (const ObjectEntry& entry : as<ObjectLiteral>(e).entries) {
        if (entry.computed_key != nullptr) visit(*entry.computed_key);
        visit(*entry.value);
      }
      return;
    case ExpressionKind::kFunctionExpression:
      return visit(*as<FunctionExpression>(e).function);
    case ExpressionKind::kUnary:
      return visit(*as<Unary>(e).operand);
    case ExpressionKind::kBinary:
      visit(*as<Binary>(e).left);
      return visit(*as<Binary>(e).right);
    case ExpressionKind::kLogical:
      visit(*as<Logical>(e).left);
      return visit(*as<Logical>(e).right);
    case ExpressionKind::kConditional:
      visit(*as<Conditional>(e).condition);
      visit(*as<Conditional>(e).consequence);
      return visit(*as<Conditional>(e).alternative);
    case ExpressionKind::kCall:
      visit(*as<Call>(e).callee);
      for (const Argument& argument : as<Call>(e).arguments) visit(*argument.value);
      return;
    case ExpressionKind::kIndex:
      visit(*as<Index>(e).object);
      return visit(*as<Index>(e).index);
    case ExpressionKind::kProperty:
      return visit(*as<Property>(e).object);
    case ExpressionKind::kPrefixStep:
      return visit(*as<PrefixStep>(e).target);
  }
}

void TreeWalk::visit_parts(const Statement& s) {
  switch (s.kind) {
    case StatementKind::kExpressionStatement:
      return visit(*as<ExpressionStatement>(s).expression);
    case StatementKind::kAssignment:
      visit(*as<Assignment>(s).target);
      return visit(*as<Assignment>(s).value);
    case StatementKind::kCompoundAssignment:
      visit(*as<CompoundAssignment>(s).target);
      return visit(*as<CompoundAssignment>(s).value);
    case StatementKind::kPostfixStep:
      return visit(*as<PostfixStep>(s).target);
    case StatementKind::kVarDeclaration:
      return visit(*as<VarDeclaration>(s).value);
    case StatementKind::kFunctionDeclaration:
      return visit(*as<FunctionDeclaration>(s).function);
    case StatementKind::kIf: {
      const auto& branches = as<If>(s);
      for (const IfClause& clause : branches.clauses) {
        visit(*clause.condition);
        visit(clause.body);
      }
      if (branches.else_block) visit(*branches.else_block);
      return;
    }
    case StatementKind::kWhile:
      visit(*as<While>(s).condition);
      return visit(as<While>(s).body);
    case StatementKind::kForNumeric: {
      const auto& loop = as<ForNumeric>(s);
      visit(*loop.first);
      visit(*loop.last);
      if (loop.step != nullptr) visit(*loop.step);
      return visit(loop.body);
    }
    case StatementKind::kForEach:
      visit(*as<ForEach>(s).iterable);
      return visit(as<ForEach>(s).body);
    case StatementKind::kTry:
      visit(as<Try>(s).body);
      return visit(as<Try>(s).handler);
    case StatementKind::kReturn:
      if (as<Return>(s).value != nullptr) visit(*as<Return>(s).value);
      return;
    case StatementKind::kBreak:
    case StatementKind::kContinue:
    case StatementKind::kErrorStatement:
      return;
  }
}

void TreeWalk::visit_parts(const Block& block) {
  for (const Statement* statement : block.statements) visit(*statement);
}

void TreeWalk::visit_parts(const FunctionDefinition& f) {
  for (const Parameter& parameter : f.parameters) {
    if (parameter.default_value != nullptr) visit(*parameter.default_value);
  }
  visit(f.body);
}

}  // namespace duso::syntax
