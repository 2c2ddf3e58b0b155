// Expressions, and everything between brackets.
#include <algorithm>
#include <limits>

#include "interpreter/syntax/format/layout.hpp"

namespace duso::syntax {

// [e] with so many [parentheses] around it.
void Layout::expression(const Expression& e, unsigned parentheses) {
  if (parentheses == 0) return bare_expression(e);
  list(1, [&](std::size_t) { expression(e, parentheses - 1); });
}

void Layout::bare_expression(const Expression& e) {
  switch (e.kind) {
    case ExpressionKind::kNumberLiteral:
    case ExpressionKind::kTemplate:
    case ExpressionKind::kRegexLiteral:
    case ExpressionKind::kBooleanLiteral:
    case ExpressionKind::kNilLiteral:
    case ExpressionKind::kName:
      return word();
    case ExpressionKind::kStringLiteral:
      if (at(TokenKind::kRaw)) {
        word();
        space();
      }
      return word();
    case ExpressionKind::kArrayLiteral: {
      const auto& elements = as<ArrayLiteral>(e).elements;
      return list(elements.size(), [&](std::size_t i) { expression(*elements[i]); });
    }
    case ExpressionKind::kObjectLiteral: {
      const auto& entries = as<ObjectLiteral>(e).entries;
      return list(entries.size(), [&](std::size_t i) { entry(entries[i]); });
    }
    case ExpressionKind::kFunctionExpression:
      return function(*as<FunctionExpression>(e).function);
    case ExpressionKind::kUnary:
      return unary(as<Unary>(e));
    case ExpressionKind::kBinary:
      expression(*as<Binary>(e).left);
      return infix(*as<Binary>(e).right);
    case ExpressionKind::kLogical:
      expression(*as<Logical>(e).left);
      return infix(*as<Logical>(e).right);
    case ExpressionKind::kConditional:
      expression(*as<Conditional>(e).condition);
      infix(*as<Conditional>(e).consequence);
      return infix(*as<Conditional>(e).alternative);
    case ExpressionKind::kCall: {
      const auto& arguments = as<Call>(e).arguments;
      expression(*as<Call>(e).callee);
      tight();
      return list(arguments.size(), [&](std::size_t i) { argument(arguments[i]); });
    }
    case ExpressionKind::kIndex:
      expression(*as<Index>(e).object);
      tight();
      return list(1, [&](std::size_t) { expression(*as<Index>(e).index); });
    case ExpressionKind::kProperty:
      expression(*as<Property>(e).object);
      tight_or_line();
      word();
      tight();
      return word();
    case ExpressionKind::kPrefixStep:
      word();
      tight();
      return expression(*as<PrefixStep>(e).target);
    case ExpressionKind::kErrorExpression:
      return;
  }
}

// A sign stands directly before its operand, unless the two would become another operator: `- -x` is not `--x`.
void Layout::unary(const Unary& e) {
  const bool is_minus = at(TokenKind::kMinus);
  const bool is_word = at(TokenKind::kNot);
  word();
  const bool would_merge = is_minus && (at(TokenKind::kMinus) || at(TokenKind::kDecrement));
  if (is_word || would_merge) {
    space();
  } else {
    tight();
  }
  expression(*e.operand);
}

// An operator between two operands, and the [right] one. A line may end with an operator or begin with one, not both.
void Layout::infix(const Expression& right) {
  const bool begins_line = words_[next_].before.has_break();
  space_or_line();
  word();
  if (begins_line) {
    space();
  } else {
    space_or_line();
  }
  expression(right);
}

void Layout::argument(const Argument& argument) {
  if (!argument.name) return expression(*argument.value);
  word();
  assigned(*argument.value);
}

void Layout::entry(const ObjectEntry& entry) {
  if (entry.computed_key != nullptr) {
    list(1, [&](std::size_t) { expression(*entry.computed_key); });
  } else {
    word();
  }
  assigned(*entry.value);
}

void Layout::parameter(const Parameter& parameter) {
  word();
  if (parameter.default_value != nullptr) assigned(*parameter.default_value);
}

void Layout::function(const FunctionDefinition& f) {
  const Shape shape = shape_of(f.begin, f.end);
  word();
  const std::size_t base = page_.indent();
  if (!f.name.empty()) {
    space();
    word();
  }
  tight();
  list(f.parameters.size(), [&](std::size_t i) { parameter(f.parameters[i]); });
  block(f.body, shape, base + kStep);
  end(shape, base);
}

// The [count] items between two brackets, with commas between them and perhaps behind the last one; [write_item] writes
// the one whose number it is given. Items in lines of their own are aligned with the first one, if that is how the
// author had them, or indented from the line of the opening bracket.
template <typename WriteItem>
void Layout::list(std::size_t count, WriteItem write_item) {
  const std::size_t outer = indent_;
  word();
  const std::size_t base = page_.indent();
  std::size_t inner = base + kStep;
  tight();
  if (count > 0 && !words_[next_].before.has_break()) {
    inner = continuation(std::max(inner, outer), std::numeric_limits<std::uint32_t>::max());
  }
  for (std::size_t i = 0; i < count; ++i) {
    spacing_ = {.line = Spacing::Break::kAsWritten,
                .space = i > 0,
                .blank_lines = true,
                .opens = i == 0,
                .indent = inner,
                .remark_indent = inner};
    indent_ = count > 1 ? inner + kStep : inner;
    write_item(i);
    tight();
    if (at(TokenKind::kComma)) word();
  }
  const bool is_empty = count == 0 && words_[next_].before.remarks.empty();
  spacing_ = {.line = is_empty ? Spacing::Break::kNever : Spacing::Break::kAsWritten,
              .blank_lines = true,
              .opens = count == 0,
              .closes = true,
              .indent = base,
              .remark_indent = inner};
  word();
  indent_ = outer;
}

}  // namespace duso::syntax
