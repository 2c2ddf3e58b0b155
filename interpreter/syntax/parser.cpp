// The ways into the parser, and what all its functions share: looking at tokens, and what happens after an error.
#include "interpreter/syntax/parser.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "interpreter/syntax/grammar.hpp"

namespace duso::syntax {

namespace {

// Whether more text could turn a mistake of this [kind] into a token.
bool is_unterminated(TokenKind kind) {
  return kind == TokenKind::kUnterminatedString || kind == TokenKind::kUnterminatedRegex;
}

}  // namespace

Parser::Parser(Program& program)
    : program_(program), file_{.tokens = TokenStream(Lexer(program.source(), &comments_)), .diagnostics = {}} {}

// ---- Whole texts ----

// Reads all tokens and reports the mistakes among them. Comments are complete afterwards.
void Parser::read_tokens() {
  std::vector<Token> mistakes;
  file_.tokens.read_all(mistakes);
  for (const Token& mistake : mistakes) report(mistake.position, describe_mistake(mistake.kind, text_of(mistake)));
  incomplete_ = !mistakes.empty() && is_unterminated(mistakes.front().kind);
  program_.comments_ = program_.arena_.copy(std::span<const Comment>(comments_));
}

void Parser::parse_program() {
  read_tokens();
  program_.body_ = run_deep(parse_block(BlockEnd::kFile));
}

void Parser::parse_single_expression() {
  read_tokens();
  const Start start = start_here();
  const Expression* const expression = run_deep(parse_expression());
  expect(TokenKind::kEndOfFile);
  set_body(start, expression);
}

void Parser::parse_template_text() {
  const std::string_view bytes = text().bytes;
  const auto size = static_cast<std::uint32_t>(bytes.size());
  const Start start{{1, 1}, 0};
  Expression* expression = nullptr;
  if (bytes.find("{{") == bytes.npos) {
    expression = make<StringLiteral>(start, start.position, 0, bytes);
  } else {
    const List<TemplatePiece> pieces = run_deep(parse_pieces({text(), 0, size}, false));
    expression = make<Template>(start, start.position, tallest_piece(pieces), pieces);
  }
  expression->end = size;
  set_body(start, expression);
}

// Makes [expression], which with its parentheses began at [start], the only statement of the program.
void Parser::set_body(Start start, const Expression* expression) {
  Statement* const statement = make<ExpressionStatement>(start, start.position, expression->height, expression);
  statement->end = std::max(statement->end, expression->end);
  program_.body_ = {.statements = keep(std::vector<const Statement*>{statement}),
                    .begin = start.offset,
                    .end = static_cast<std::uint32_t>(text().bytes.size()),
                    .height = statement->height};
}

// ---- Tokens ----

// The token to be parsed next. In a panic it passes for the end of the file.
Token Parser::current() {
  Token token = input_->tokens.peek();
  if (input_->is_panicking) token.kind = TokenKind::kEndOfFile;
  return token;
}

// Passes the current token if it is of this [kind].
bool Parser::accept(TokenKind kind) {
  if (!at(kind)) return false;
  advance();
  return true;
}

void Parser::expect(TokenKind kind) {
  if (!accept(kind)) fail_expecting(kind);
}

// Passes the closing counterpart of the parenthesis, bracket or brace [opening].
void Parser::expect_closing(TokenKind kind, const Token& opening) {
  if (accept(kind)) return;
  fail(compose({"expected ", name_of(kind), " to close ", name_of(opening.kind), " opened at line ",
                std::to_string(opening.position.line), ", col ", std::to_string(opening.position.column), ", but got ",
                name_of(current().kind)}));
}

// Passes the `then`, `do` or `)` between the head of a construct and its statements. A broken head should not cost the
// construct its statements: after an error in it, parsing goes on behind that token if it is on the same line.
void Parser::expect_behind_head(TokenKind kind) {
  if (!input_->is_panicking) expect(kind);
  if (!input_->is_panicking) return;
  TokenStream& tokens = input_->tokens;
  const std::uint32_t line = tokens.peek().position.line;
  std::size_t distance = 0;
  for (;; ++distance) {
    const Token token = tokens.peek(distance);
    if (token.position.line != line || token.kind == TokenKind::kEndOfFile) return;
    if (token.kind == kind) break;
  }
  for (std::size_t passed = 0; passed <= distance; ++passed) tokens.advance();
  input_->is_panicking = false;
}

// Passes the name of something that is being made, a [role] such as "parameter name", and returns it. After an error it
// may be empty.
Token Parser::expect_new_name(std::string_view role) {
  const Token name = current();
  const bool is_reserved = is_reserved_word(name.kind) || is_self(name);
  if (is_reserved) {
    report(name.position,
           compose({"'", text_of(name), "' is a reserved keyword or builtin and cannot be used as a ", role}));
  }
  if (is_reserved || name.kind == TokenKind::kIdentifier) return advance();
  fail_expecting(TokenKind::kIdentifier);
  return {TokenKind::kIdentifier, name.position, name.begin, name.begin};
}

bool Parser::is_self(const Token& token) const {
  return token.kind == TokenKind::kIdentifier && text_of(token) == "self";
}

Parser::Start Parser::start_here() {
  const Token token = input_->tokens.peek();
  return {token.position, text().source_offset(token.begin)};
}

// The offset in the source behind the last token that was passed; 0 before the first one.
std::uint32_t Parser::previous_end() const {
  const std::uint32_t end = input_->tokens.previous().end;
  return end == 0 ? 0 : text().source_end(end);
}

Parser::Nesting::Nesting(Parser& parser) : parser_(parser) {
  if (++parser.nesting_ > kMaxNesting) parser.refuse_depth(parser.current().position);
}

// ---- Errors ----

// Reports [message] at the current token and begins a panic. A mistake in the token itself is what is wrong then; those
// of the file were all reported before parsing began.
void Parser::fail(std::string message) {
  if (input_->is_panicking) return;
  const Token token = current();
  if (is_mistake(token.kind)) {
    if (!input_->is_file) report(token.position, describe_mistake(token.kind, text_of(token)));
  } else {
    if (is_reserved_word(token.kind)) message += compose({" ('", text_of(token), "' is a reserved word)"});
    if (input_->is_file && token.kind == TokenKind::kEndOfFile && file_.diagnostics.empty()) incomplete_ = true;
    report(token.position, std::move(message));
  }
  input_->is_panicking = true;
}

void Parser::fail_expecting(TokenKind kind) {
  fail(compose({"expected ", name_of(kind), ", got ", name_of(current().kind)}));
}

// Nothing can begin with the current token.
void Parser::fail_unexpected() {
  const Token token = current();
  const std::string place = compose({std::to_string(token.position.line), ":", std::to_string(token.position.column)});
  if (token.kind == TokenKind::kEndOfFile) {
    fail(compose({"unexpected token EOF at ", place}));
  } else {
    fail(compose({"unexpected token ", name_of(token.kind), "(\"", text_of(token), "\") at ", place}));
  }
}

// The text is nested too deeply at [position], whatever token that is.
void Parser::refuse_depth(Position position) {
  report(position, "expression nested too deeply");
  input_->is_panicking = true;
}

// Adds a diagnostic. Of several at one place, which mostly is the end of the file, only the first tells something.
void Parser::report(Position position, std::string message) {
  std::vector<Diagnostic>& diagnostics = input_->diagnostics;
  if (input_->is_panicking || diagnostics.size() >= kMaxDiagnostics) return;
  if (!diagnostics.empty() && diagnostics.back().position == position) return;
  diagnostics.push_back({position, std::move(message)});
}

// `self` can be read but not assigned to; everything else that is no target is found out at run time.
void Parser::check_not_self(const Expression& target) {
  const Name* const name = try_as<Name>(&target);
  if (name == nullptr || name->identifier != "self") return;
  report(name->position, "'self' is a reserved keyword or builtin and cannot be assigned to");
}

// Ends a panic in the statement that began at the token number [statement_start]: skips what cannot be made sense of,
// and after too many errors everything.
void Parser::synchronize(std::size_t statement_start) {
  input_->is_panicking = false;
  const bool is_enough = input_->diagnostics.size() >= kMaxDiagnostics;
  if (input_->tokens.index() == statement_start) advance();
  while (!at(TokenKind::kEndOfFile) && (is_enough || !at_likely_statement())) advance();
}

// Whether the current token probably begins a statement, or ends the block that is being parsed.
bool Parser::at_likely_statement() {
  using enum TokenKind;
  const Token token = current();
  switch (token.kind) {
    case kIf:
    case kWhile:
    case kFor:
    case kTry:
    case kReturn:
    case kBreak:
    case kContinue:
    case kVar:
      return true;
    case kEnd:
    case kElse:
    case kElseif:
    case kCatch:
      return open_blocks_ > 0;
    case kFunction:
      return input_->tokens.peek(1).kind == kIdentifier;
    case kIdentifier:
    case kIncrement:
    case kDecrement:
      return token.position.line > input_->tokens.previous().position.line;
    default:
      return false;
  }
}

// ---- The ways in ----

namespace {

// Parses [source] by means of [parse_text], one of the Parser's three functions for whole texts.
ParseResult parse_by(void (Parser::*parse_text)(), std::shared_ptr<const Source> source) {
  auto program = std::make_shared<Program>(std::move(source));
  if (program->source().text().size() > Source::kMaxBytes) {
    return {program, {{{1, 1}, "source text is too large"}}, false};
  }
  Parser parser(*program);
  (parser.*parse_text)();
  return {program, parser.take_diagnostics(), parser.is_incomplete()};
}

}  // namespace

ParseResult parse(std::shared_ptr<const Source> source) { return parse_by(&Parser::parse_program, std::move(source)); }

ParseResult parse_expression(std::shared_ptr<const Source> source) {
  return parse_by(&Parser::parse_single_expression, std::move(source));
}

ParseResult parse_template(std::shared_ptr<const Source> source) {
  return parse_by(&Parser::parse_template_text, std::move(source));
}

}  // namespace duso::syntax
