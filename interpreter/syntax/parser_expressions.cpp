// The grammar of expressions: section 3 of the language's specification.
#include <algorithm>
#include <vector>

#include "interpreter/syntax/grammar.hpp"
#include "interpreter/syntax/number_literal.hpp"

namespace duso::syntax {

// expr := or [ "?" or ":" expr ]
DeepCall<Expression*> Parser::parse_expression() {
  const Start start = start_here();
  Expression* const expression = co_await parse_binary(kLowestPrecedence);
  if (!at(TokenKind::kQuestion)) co_return expression;
  co_return co_await parse_conditional(start, expression);
}

// "?" or ":" expr
DeepCall<Expression*> Parser::parse_conditional(Start start, const Expression* condition) {
  const Nesting level(*this);
  const Token question = advance();
  const Expression* const consequence = co_await parse_binary(kLowestPrecedence);
  expect(TokenKind::kColon);
  const Expression* const alternative = co_await parse_expression();
  const std::uint16_t height = tallest(condition, consequence, alternative);
  co_return make<Conditional>(start, question.position, height, condition, consequence, alternative);
}

// ---- Binary operators ----

namespace {

// How tightly the binary operator [kind] binds; 0 for everything else.
int precedence_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::kOr:
      return 1;
    case TokenKind::kAnd:
      return 2;
    case TokenKind::kEqual:
    case TokenKind::kNotEqual:
      return 3;
    case TokenKind::kLess:
    case TokenKind::kGreater:
    case TokenKind::kLessEqual:
    case TokenKind::kGreaterEqual:
      return 4;
    case TokenKind::kPlus:
    case TokenKind::kMinus:
      return 5;
    case TokenKind::kStar:
    case TokenKind::kSlash:
    case TokenKind::kPercent:
      return 6;
    default:
      return 0;
  }
}

BinaryOperator binary_operator(TokenKind kind) {
  switch (kind) {
    case TokenKind::kPlus:
      return BinaryOperator::kAdd;
    case TokenKind::kMinus:
      return BinaryOperator::kSubtract;
    case TokenKind::kStar:
      return BinaryOperator::kMultiply;
    case TokenKind::kSlash:
      return BinaryOperator::kDivide;
    case TokenKind::kPercent:
      return BinaryOperator::kModulo;
    case TokenKind::kEqual:
      return BinaryOperator::kEqual;
    case TokenKind::kNotEqual:
      return BinaryOperator::kNotEqual;
    case TokenKind::kLess:
      return BinaryOperator::kLess;
    case TokenKind::kLessEqual:
      return BinaryOperator::kLessEqual;
    case TokenKind::kGreater:
      return BinaryOperator::kGreater;
    default:
      return BinaryOperator::kGreaterEqual;
  }
}

}  // namespace

// or  := and ("or" and)*
// and := eq ("and" eq)*
// eq  := cmp (("=="|"!=") cmp)*
// cmp := add (("<"|">"|"<="|">=") add)*
// add := mul (("+"|"-") mul)*
// mul := unary (("*"|"/"|"%") unary)*
//
// All of them in one: the operators that bind at least as tightly as [lowest_precedence]. A chain of operators of one
// rule is a loop, so it may be long; only from rule to rule does this recurse.
DeepCall<Expression*> Parser::parse_binary(int lowest_precedence) {
  const Start start = start_here();
  Expression* left = co_await parse_unary();
  for (;;) {
    const int precedence = precedence_of(current().kind);
    if (precedence < lowest_precedence) co_return left;
    const Token op = advance();
    const Expression* const right = co_await parse_binary(precedence + 1);
    left = make_operation(start, op, left, right);
  }
}

Expression* Parser::make_operation(Start start, const Token& op, const Expression* left, const Expression* right) {
  const std::uint16_t height = tallest(left, right);
  switch (op.kind) {
    case TokenKind::kOr:
      return make<Logical>(start, op.position, height, LogicalOperator::kOr, left, right);
    case TokenKind::kAnd:
      return make<Logical>(start, op.position, height, LogicalOperator::kAnd, left, right);
    default:
      return make<Binary>(start, op.position, height, binary_operator(op.kind), left, right);
  }
}

// ---- Prefix and postfix operators ----

// unary := ("not"|"!") unary | "-" unary | ("++"|"--") postfix | postfix
DeepCall<Expression*> Parser::parse_unary() {
  switch (current().kind) {
    case TokenKind::kNot:
    case TokenKind::kExclamation:
    case TokenKind::kMinus:
      return parse_prefix_operation();
    case TokenKind::kIncrement:
    case TokenKind::kDecrement:
      return parse_prefix_step();
    default:
      return parse_postfix();
  }
}

// ("not"|"!"|"-") unary
DeepCall<Expression*> Parser::parse_prefix_operation() {
  const Nesting level(*this);
  const Start start = start_here();
  const UnaryOperator op = advance().kind == TokenKind::kMinus ? UnaryOperator::kNegate : UnaryOperator::kNot;
  const Expression* const operand = co_await parse_unary();
  co_return make<Unary>(start, start.position, operand->height, op, operand);
}

// ("++"|"--") postfix
DeepCall<Expression*> Parser::parse_prefix_step() {
  const Start start = start_here();
  const int step = advance().kind == TokenKind::kIncrement ? 1 : -1;
  const Expression* const target = co_await parse_postfix();
  check_not_self(*target);
  co_return make<PrefixStep>(start, start.position, target->height, target, step);
}

// postfix := primary ( "(" args ")" | "[" expr "]" | "." IDENT )*
DeepCall<Expression*> Parser::parse_postfix() {
  const Start start = start_here();
  Expression* expression = nullptr;
  if (at_leaf()) {
    expression = parse_leaf();
  } else {
    expression = co_await parse_primary();
  }
  for (;;) {
    switch (current().kind) {
      case TokenKind::kLeftParenthesis:
        expression = co_await parse_call(start, expression);
        break;
      case TokenKind::kLeftBracket:
        expression = co_await parse_index(start, expression);
        break;
      case TokenKind::kDot:
        expression = parse_property(start, expression);
        break;
      default:
        co_return expression;
    }
  }
}

// args := [arg ("," arg)* [","]]
DeepCall<Expression*> Parser::parse_call(Start start, const Expression* callee) {
  const Nesting level(*this);
  const Token opening = advance();
  std::vector<Argument> arguments;
  std::uint16_t height = callee->height;
  bool has_named = false;
  while (!at(TokenKind::kRightParenthesis) && !at(TokenKind::kEndOfFile)) {
    const Argument argument = co_await parse_argument();
    arguments.push_back(argument);
    height = std::max(height, argument.value->height);
    has_named = has_named || argument.name.has_value();
    if (!accept(TokenKind::kComma) && !at(TokenKind::kRightParenthesis)) fail("expected ',' or ')' in function call");
  }
  expect(TokenKind::kRightParenthesis);
  co_return make<Call>(start, opening.position, height, callee, keep(arguments), has_named);
}

// arg := (IDENT|STRING) "=" expr | expr
DeepCall<Argument> Parser::parse_argument() {
  Argument argument;
  const Token first = current();
  argument.position = first.position;
  if (input_->tokens.peek(1).kind == TokenKind::kAssign) {
    if (first.kind == TokenKind::kIdentifier) argument.name = text_of(first);
    if (first.kind == TokenKind::kString) argument.name = string_value(first);
  }
  if (argument.name) {
    advance();
    expect(TokenKind::kAssign);
  }
  argument.value = co_await parse_expression();
  co_return argument;
}

// "[" expr "]"
DeepCall<Expression*> Parser::parse_index(Start start, const Expression* object) {
  const Nesting level(*this);
  const Token opening = advance();
  const Expression* const index = co_await parse_expression();
  expect(TokenKind::kRightBracket);
  co_return make<Index>(start, opening.position, tallest(object, index), object, index);
}

// "." IDENT
Expression* Parser::parse_property(Start start, const Expression* object) {
  const Token dot = advance();
  const Token name = current();
  expect(TokenKind::kIdentifier);
  const std::string_view property = input_->is_panicking ? std::string_view() : text_of(name);
  return make<Property>(start, dot.position, object->height, object, property, name.position);
}

// ---- Primaries ----

// Whether the current token is a primary without expressions in it.
bool Parser::at_leaf() {
  const Token token = current();
  switch (token.kind) {
    case TokenKind::kNumber:
    case TokenKind::kRaw:
    case TokenKind::kRegex:
    case TokenKind::kTrue:
    case TokenKind::kFalse:
    case TokenKind::kNil:
    case TokenKind::kIdentifier:
      return true;
    case TokenKind::kString:
      return !has_template(token);
    default:
      return false;
  }
}

// NUMBER | STRING | "raw" STRING | REGEX | true | false | nil | IDENT
Expression* Parser::parse_leaf() {
  const Start start = start_here();
  const Token token = advance();
  const Position position = token.position;
  switch (token.kind) {
    case TokenKind::kNumber:
      return make<NumberLiteral>(start, position, 0, number_value(text_of(token)));
    case TokenKind::kString:
      return make<StringLiteral>(start, position, 0, string_value(token));
    case TokenKind::kRaw:
      return parse_raw_string(start);
    case TokenKind::kRegex:
      return make<RegexLiteral>(start, position, 0, text().slice(token.begin + 1, token.end - 1));
    case TokenKind::kTrue:
    case TokenKind::kFalse:
      return make<BooleanLiteral>(start, position, 0, token.kind == TokenKind::kTrue);
    case TokenKind::kNil:
      return make<NilLiteral>(start, position, 0);
    default:
      return make<Name>(start, position, 0, text_of(token));
  }
}

// STRING, after "raw" at [start]
Expression* Parser::parse_raw_string(Start start) {
  if (!at(TokenKind::kString)) {
    fail("expected string after 'raw' keyword");
    return make_error_expression();
  }
  const std::string_view value = string_value(advance());
  return make<StringLiteral>(start, start.position, 0, value);
}

// primary := NUMBER | STRING | "raw" STRING | REGEX | true | false | nil | IDENT | "(" expr ")" | "[" .. "]" | "{" ..
// "}"
//          | "function" "(" params ")" stmt* "end"
//
// Only those with expressions in them; parse_leaf has the others.
DeepCall<Expression*> Parser::parse_primary() {
  switch (current().kind) {
    case TokenKind::kString:
      return parse_template();
    case TokenKind::kLeftParenthesis:
      return parse_group();
    case TokenKind::kLeftBracket:
      return parse_array();
    case TokenKind::kLeftBrace:
      return parse_object();
    case TokenKind::kFunction:
      return parse_function_expression();
    default:
      return parse_misfit();
  }
}

// "(" expr ")"
DeepCall<Expression*> Parser::parse_group() {
  const Nesting level(*this);
  const Token opening = advance();
  Expression* const expression = co_await parse_expression();
  expect_closing(TokenKind::kRightParenthesis, opening);
  ++expression->parentheses;
  co_return expression;
}

// "[" [expr ("," expr)* [","]] "]"
DeepCall<Expression*> Parser::parse_array() {
  const Nesting level(*this);
  const Start start = start_here();
  const Token opening = advance();
  std::vector<const Expression*> elements;
  std::uint16_t height = 0;
  while (!at(TokenKind::kRightBracket) && !at(TokenKind::kEndOfFile)) {
    const Expression* const element = co_await parse_expression();
    elements.push_back(element);
    height = std::max(height, element->height);
    if (!accept(TokenKind::kComma) && !at(TokenKind::kRightBracket)) fail("expected ',' or ']' in array literal");
  }
  expect_closing(TokenKind::kRightBracket, opening);
  co_return make<ArrayLiteral>(start, start.position, height, keep(elements));
}

// "{" [entry ("," entry)* [","]] "}"
DeepCall<Expression*> Parser::parse_object() {
  const Nesting level(*this);
  const Start start = start_here();
  const Token opening = advance();
  std::vector<ObjectEntry> entries;
  std::uint16_t height = 0;
  while (!at(TokenKind::kRightBrace) && !at(TokenKind::kEndOfFile)) {
    const ObjectEntry entry = co_await parse_entry();
    entries.push_back(entry);
    height = std::max(height, tallest(entry.computed_key, entry.value));
    if (!accept(TokenKind::kComma) && !at(TokenKind::kRightBrace)) fail("expected ',' or '}' in object literal");
  }
  expect_closing(TokenKind::kRightBrace, opening);
  co_return make<ObjectLiteral>(start, start.position, height, keep(entries));
}

// entry := (IDENT | STRING | "[" expr "]") "=" expr
DeepCall<ObjectEntry> Parser::parse_entry() {
  const Start start = start_here();
  ObjectEntry entry;
  entry.position = start.position;
  entry.begin = start.offset;
  const Token key = current();
  switch (key.kind) {
    case TokenKind::kIdentifier:
      entry.name = text_of(advance());
      break;
    case TokenKind::kString:
      entry.name = string_value(advance());
      break;
    case TokenKind::kLeftBracket:
      advance();
      entry.computed_key = co_await parse_expression();
      expect(TokenKind::kRightBracket);
      break;
    default:
      fail("expected identifier, string, or [expr] as object key");
  }
  entry.end = std::max(entry.begin, previous_end());
  expect(TokenKind::kAssign);
  entry.value = co_await parse_expression();
  co_return entry;
}

// "function" "(" params ")" stmt* "end"
DeepCall<Expression*> Parser::parse_function_expression() {
  const Start start = start_here();
  const Token keyword = advance();
  const Token no_name{TokenKind::kIdentifier, keyword.position, keyword.begin, keyword.begin};
  const FunctionDefinition* const function = co_await parse_function(start, no_name);
  co_return make<FunctionExpression>(start, start.position, height_of(*function), function);
}

// Anything that no expression can start with.
DeepCall<Expression*> Parser::parse_misfit() {
  fail_unexpected();
  co_return make_error_expression();
}

// Stands for an expression that is not there: a place of no bytes behind the last token, where its parent surely is.
Expression* Parser::make_error_expression() {
  Start start = start_here();
  if (input_->tokens.index() > 0) start.offset = previous_end();
  return make<ErrorExpression>(start, start.position, 0);
}

}  // namespace duso::syntax
