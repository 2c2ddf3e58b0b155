#include "interpreter/execution/mention_finder.hpp"

namespace duso::execution {

bool MentionFinder::in(const syntax::Expression& e) const {
  using syntax::ExpressionKind;
  switch (e.kind) {
    case ExpressionKind::kNumberLiteral:
    case ExpressionKind::kStringLiteral:
    case ExpressionKind::kRegexLiteral:
    case ExpressionKind::kBooleanLiteral:
    case ExpressionKind::kNilLiteral:
    case ExpressionKind::kErrorExpression:
      return false;
    case ExpressionKind::kName:
      return names(syntax::as<syntax::Name>(e).identifier);
    case ExpressionKind::kTemplate:
      return std::ranges::any_of(syntax::as<syntax::Template>(e).pieces, [&](const syntax::TemplatePiece& piece) {
        return piece.expression != nullptr && in(*piece.expression);
      });
    case ExpressionKind::kArrayLiteral:
      return std::ranges::any_of(syntax::as<syntax::ArrayLiteral>(e).elements,
                                 [&](const syntax::Expression* element) { return in(*element); });
    case ExpressionKind::kObjectLiteral:
      return std::ranges::any_of(syntax::as<syntax::ObjectLiteral>(e).entries, [&](const syntax::ObjectEntry& entry) {
        return (entry.computed_key != nullptr && in(*entry.computed_key)) || in(*entry.value);
      });
    case ExpressionKind::kFunctionExpression:
      return in_function(*syntax::as<syntax::FunctionExpression>(e).function);
    case ExpressionKind::kUnary:
      return in(*syntax::as<syntax::Unary>(e).operand);
    case ExpressionKind::kBinary: {
      const auto& node = syntax::as<syntax::Binary>(e);
      return in(*node.left) || in(*node.right);
    }
    case ExpressionKind::kLogical: {
      const auto& node = syntax::as<syntax::Logical>(e);
      return in(*node.left) || in(*node.right);
    }
    case ExpressionKind::kConditional: {
      const auto& node = syntax::as<syntax::Conditional>(e);
      return in(*node.condition) || in(*node.consequence) || in(*node.alternative);
    }
    case ExpressionKind::kCall: {
      const auto& node = syntax::as<syntax::Call>(e);
      return in(*node.callee) ||
             std::ranges::any_of(node.arguments, [&](const syntax::Argument& argument) { return in(*argument.value); });
    }
    case ExpressionKind::kIndex: {
      const auto& node = syntax::as<syntax::Index>(e);
      return in(*node.object) || in(*node.index);
    }
    case ExpressionKind::kProperty:
      return in(*syntax::as<syntax::Property>(e).object);
    case ExpressionKind::kPrefixStep:
      return in(*syntax::as<syntax::PrefixStep>(e).target);
  }
  return true;
}

bool MentionFinder::in(const syntax::Block& block) const {
  return std::ranges::any_of(block.statements, [&](const syntax::Statement* statement) { return in(*statement); });
}

bool MentionFinder::in_function(const syntax::FunctionDefinition& function) const {
  return in(function.body) || std::ranges::any_of(function.parameters, [&](const syntax::Parameter& parameter) {
           return parameter.default_value != nullptr && in(*parameter.default_value);
         });
}

bool MentionFinder::in(const syntax::Statement& s) const {
  using syntax::StatementKind;
  switch (s.kind) {
    case StatementKind::kExpressionStatement:
      return in(*syntax::as<syntax::ExpressionStatement>(s).expression);
    case StatementKind::kAssignment: {
      const auto& node = syntax::as<syntax::Assignment>(s);
      return in(*node.target) || in(*node.value);
    }
    case StatementKind::kCompoundAssignment: {
      const auto& node = syntax::as<syntax::CompoundAssignment>(s);
      return in(*node.target) || in(*node.value);
    }
    case StatementKind::kPostfixStep:
      return in(*syntax::as<syntax::PostfixStep>(s).target);
    case StatementKind::kVarDeclaration:
      return in(*syntax::as<syntax::VarDeclaration>(s).value);
    case StatementKind::kFunctionDeclaration:
      return in_function(*syntax::as<syntax::FunctionDeclaration>(s).function);
    case StatementKind::kIf: {
      const auto& node = syntax::as<syntax::If>(s);
      return std::ranges::any_of(
                 node.clauses,
                 [&](const syntax::IfClause& clause) { return in(*clause.condition) || in(clause.body); }) ||
             (node.else_block.has_value() && in(*node.else_block));
    }
    case StatementKind::kWhile: {
      const auto& node = syntax::as<syntax::While>(s);
      return in(*node.condition) || in(node.body);
    }
    case StatementKind::kForNumeric: {
      const auto& node = syntax::as<syntax::ForNumeric>(s);
      return in(*node.first) || in(*node.last) || (node.step != nullptr && in(*node.step)) || in(node.body);
    }
    case StatementKind::kForEach: {
      const auto& node = syntax::as<syntax::ForEach>(s);
      return in(*node.iterable) || in(node.body);
    }
    case StatementKind::kTry: {
      const auto& node = syntax::as<syntax::Try>(s);
      return in(node.body) || in(node.handler);
    }
    case StatementKind::kReturn: {
      const auto& node = syntax::as<syntax::Return>(s);
      return node.value != nullptr && in(*node.value);
    }
    case StatementKind::kBreak:
    case StatementKind::kContinue:
    case StatementKind::kErrorStatement:
      return false;
  }
  return true;
}

}  // namespace duso::execution
