// The grammar of statements: section 3 of the language's specification.
#include <algorithm>
#include <optional>
#include <vector>

#include "interpreter/syntax/grammar.hpp"

namespace duso::syntax {

// ---- Blocks ----

// stmt*
DeepCall<Block> Parser::parse_block(BlockEnd until) {
  const Nesting level(*this);
  Block block;
  block.begin = until == BlockEnd::kFile ? program_.source().first_offset() : previous_end();
  std::vector<const Statement*> statements;
  if (until != BlockEnd::kFile) ++open_blocks_;
  while (!at_block_end(until)) {
    const std::size_t first_token = input_->tokens.index();
    const Statement* const statement = co_await parse_statement();
    statements.push_back(statement);
    block.height = std::max(block.height, statement->height);
    if (input_->is_panicking) synchronize(first_token);
  }
  if (until != BlockEnd::kFile) --open_blocks_;
  block.end = start_here().offset;
  block.statements = keep(statements);
  co_return block;
}

bool Parser::at_block_end(BlockEnd until) {
  switch (current().kind) {
    case TokenKind::kEndOfFile:
      return true;
    case TokenKind::kEnd:
      return until == BlockEnd::kEnd || until == BlockEnd::kElse;
    case TokenKind::kElse:
    case TokenKind::kElseif:
      return until == BlockEnd::kElse;
    case TokenKind::kCatch:
      return until == BlockEnd::kCatch;
    default:
      return false;
  }
}

// stmt := if | while | for | funcdef | try | return | "break" | "continue" | vardecl | simple
DeepCall<Statement*> Parser::parse_statement() {
  switch (current().kind) {
    case TokenKind::kIf:
      return parse_if();
    case TokenKind::kWhile:
      return parse_while();
    case TokenKind::kFor:
      return parse_for();
    case TokenKind::kFunction:
      return parse_function_declaration();
    case TokenKind::kTry:
      return parse_try();
    case TokenKind::kReturn:
      return parse_return();
    case TokenKind::kBreak:
    case TokenKind::kContinue:
      return parse_loop_exit();
    case TokenKind::kVar:
      return parse_var();
    default:
      return parse_simple();
  }
}

// ---- Branches and loops ----

// if := "if" expr "then" stmt* ("elseif" expr "then" stmt*)* ["else" stmt*] "end"
DeepCall<Statement*> Parser::parse_if() {
  const Start start = start_here();
  std::vector<IfClause> clauses;
  std::uint16_t height = 0;
  do {
    const IfClause clause = co_await parse_if_clause();
    height = std::max({height, clause.condition->height, clause.body.height});
    clauses.push_back(clause);
  } while (at(TokenKind::kElseif));
  std::optional<Block> otherwise;
  if (accept(TokenKind::kElse)) {
    otherwise = co_await parse_block(BlockEnd::kEnd);
    height = std::max(height, otherwise->height);
  }
  expect(TokenKind::kEnd);
  co_return make<If>(start, start.position, height, keep(clauses), otherwise);
}

// ("if" | "elseif") expr "then" stmt*
DeepCall<IfClause> Parser::parse_if_clause() {
  IfClause clause;
  clause.position = advance().position;
  clause.condition = co_await parse_expression();
  expect_behind_head(TokenKind::kThen);
  clause.body = co_await parse_block(BlockEnd::kElse);
  co_return clause;
}

// while := "while" expr "do" stmt* "end"
DeepCall<Statement*> Parser::parse_while() {
  const Start start = start_here();
  advance();
  const Expression* const condition = co_await parse_expression();
  expect_behind_head(TokenKind::kDo);
  const Block body = co_await parse_block(BlockEnd::kEnd);
  expect(TokenKind::kEnd);
  co_return make<While>(start, start.position, std::max(condition->height, body.height), condition, body);
}

// for := "for" ["var"] IDENT ( "=" expr "," expr ["," expr] | "in" expr ) "do" stmt* "end"
DeepCall<Statement*> Parser::parse_for() {
  const Start start = start_here();
  advance();
  LoopVariable variable;
  variable.with_var = accept(TokenKind::kVar);
  const Token name = expect_new_name("loop variable name");
  variable.name = text_of(name);
  variable.position = name.position;
  if (at(TokenKind::kAssign)) co_return co_await parse_numeric_for(start, variable);
  co_return co_await parse_for_each(start, variable);
}

// "=" expr "," expr ["," expr] "do" stmt* "end"
DeepCall<Statement*> Parser::parse_numeric_for(Start start, LoopVariable variable) {
  expect(TokenKind::kAssign);
  const Expression* const first = co_await parse_expression();
  expect(TokenKind::kComma);
  const Expression* const last = co_await parse_expression();
  const Expression* step = nullptr;
  if (accept(TokenKind::kComma)) step = co_await parse_expression();
  expect_behind_head(TokenKind::kDo);
  const Block body = co_await parse_block(BlockEnd::kEnd);
  expect(TokenKind::kEnd);
  const std::uint16_t height = std::max(tallest(first, last, step), body.height);
  co_return make<ForNumeric>(start, start.position, height, variable, first, last, step, body);
}

// "in" expr "do" stmt* "end"
DeepCall<Statement*> Parser::parse_for_each(Start start, LoopVariable variable) {
  if (!accept(TokenKind::kIn)) fail("expected '=' or 'in' in for loop");
  const Expression* const iterable = co_await parse_expression();
  expect_behind_head(TokenKind::kDo);
  const Block body = co_await parse_block(BlockEnd::kEnd);
  expect(TokenKind::kEnd);
  co_return make<ForEach>(start, start.position, std::max(iterable->height, body.height), variable, iterable, body);
}

// "break" | "continue"
DeepCall<Statement*> Parser::parse_loop_exit() {
  const Start start = start_here();
  if (advance().kind == TokenKind::kBreak) co_return make<Break>(start, start.position, 0);
  co_return make<Continue>(start, start.position, 0);
}

// ---- Functions ----

// funcdef := "function" IDENT "(" params ")" stmt* "end"
DeepCall<Statement*> Parser::parse_function_declaration() {
  const Start start = start_here();
  advance();
  const Token name = expect_new_name("function name");
  const FunctionDefinition* const function = co_await parse_function(start, name);
  co_return make<FunctionDeclaration>(start, start.position, height_of(*function), function);
}

// The rest of a function whose `function` stands at [start]: "(" params ")" stmt* "end". An expression's [name] is
// empty.
DeepCall<FunctionDefinition*> Parser::parse_function(Start start, Token name) {
  FunctionDefinition function;
  function.name = text_of(name);
  function.position = start.position;
  function.name_position = name.position;
  expect(TokenKind::kLeftParenthesis);
  function.parameters = co_await parse_parameters();
  expect_behind_head(TokenKind::kRightParenthesis);
  function.body = co_await parse_block(BlockEnd::kEnd);
  expect(TokenKind::kEnd);
  function.begin = start.offset;
  function.end = previous_end();
  co_return program_.arena_.make<FunctionDefinition>(function);
}

// params := (IDENT ["=" expr] [","])*
DeepCall<List<Parameter>> Parser::parse_parameters() {
  const Nesting level(*this);
  std::vector<Parameter> parameters;
  while (at(TokenKind::kIdentifier)) {
    const Token name = expect_new_name("parameter name");
    Parameter parameter{.name = text_of(name), .position = name.position};
    if (accept(TokenKind::kAssign)) parameter.default_value = co_await parse_expression();
    parameters.push_back(parameter);
    accept(TokenKind::kComma);
  }
  co_return keep(parameters);
}

// The greatest height of what belongs to [function].
std::uint16_t Parser::height_of(const FunctionDefinition& function) {
  std::uint16_t height = function.body.height;
  for (const Parameter& parameter : function.parameters) height = std::max(height, tallest(parameter.default_value));
  return height;
}

// return := "return" [expr]
DeepCall<Statement*> Parser::parse_return() {
  const Start start = start_here();
  advance();
  const Expression* value = nullptr;
  switch (current().kind) {
    case TokenKind::kEnd:
    case TokenKind::kElse:
    case TokenKind::kElseif:
    case TokenKind::kCatch:
    case TokenKind::kEndOfFile:
      break;
    default:
      value = co_await parse_expression();
  }
  co_return make<Return>(start, start.position, tallest(value), value);
}

// ---- Errors ----

// try := "try" stmt* "catch" "(" IDENT ")" stmt* "end"
DeepCall<Statement*> Parser::parse_try() {
  const Start start = start_here();
  advance();
  const Block body = co_await parse_block(BlockEnd::kCatch);
  expect(TokenKind::kCatch);
  expect(TokenKind::kLeftParenthesis);
  const Token name = expect_new_name("catch variable name");
  expect_behind_head(TokenKind::kRightParenthesis);
  const Block handler = co_await parse_block(BlockEnd::kEnd);
  expect(TokenKind::kEnd);
  const std::uint16_t height = std::max(body.height, handler.height);
  co_return make<Try>(start, start.position, height, body, text_of(name), name.position, handler);
}

// ---- Variables ----

// vardecl := "var" IDENT "=" expr
DeepCall<Statement*> Parser::parse_var() {
  const Start start = start_here();
  advance();
  if (!at(TokenKind::kIdentifier)) fail("expected identifier after 'var'");
  const Token name = expect_new_name("variable name");
  if (!accept(TokenKind::kAssign)) fail("expected '=' after variable name");
  const Expression* const value = co_await parse_expression();
  co_return make<VarDeclaration>(start, start.position, value->height, text_of(name), name.position, value);
}

// simple := expr [ "=" expr | ("+="|"-="|"*="|"/="|"%=") expr | "++" | "--" ]
DeepCall<Statement*> Parser::parse_simple() {
  const Start start = start_here();
  Expression* const expression = co_await parse_expression();
  switch (current().kind) {
    case TokenKind::kAssign:
    case TokenKind::kPlusAssign:
    case TokenKind::kMinusAssign:
    case TokenKind::kStarAssign:
    case TokenKind::kSlashAssign:
    case TokenKind::kPercentAssign:
      co_return co_await parse_assignment(start, expression);
    case TokenKind::kIncrement:
    case TokenKind::kDecrement: {
      check_not_self(*expression);
      const Token op = advance();
      const int step = op.kind == TokenKind::kIncrement ? 1 : -1;
      co_return make<PostfixStep>(start, start.position, expression->height, expression, step, op.position);
    }
    default:
      if (expression->kind == ExpressionKind::kErrorExpression) {
        co_return make<ErrorStatement>(start, start.position, 0);
      }
      co_return make<ExpressionStatement>(start, start.position, expression->height, expression);
  }
}

namespace {

// What the assignment operator [kind] does to its target.
BinaryOperator operator_of_assignment(TokenKind kind) {
  switch (kind) {
    case TokenKind::kPlusAssign:
      return BinaryOperator::kAdd;
    case TokenKind::kMinusAssign:
      return BinaryOperator::kSubtract;
    case TokenKind::kStarAssign:
      return BinaryOperator::kMultiply;
    case TokenKind::kSlashAssign:
      return BinaryOperator::kDivide;
    default:
      return BinaryOperator::kModulo;
  }
}

}  // namespace

// ("=" | "+=" | "-=" | "*=" | "/=" | "%=") expr
DeepCall<Statement*> Parser::parse_assignment(Start start, const Expression* target) {
  check_not_self(*target);
  const Token op = advance();
  const Expression* const value = co_await parse_expression();
  const std::uint16_t height = tallest(target, value);
  if (op.kind == TokenKind::kAssign) co_return make<Assignment>(start, start.position, height, target, value);
  const BinaryOperator operation = operator_of_assignment(op.kind);
  co_return make<CompoundAssignment>(start, start.position, height, operation, target, value, op.position);
}

}  // namespace duso::syntax
