// The grammar, as a class: one function a rule.
//
// This is recursive descent in the usual way, each function standing below the rule it parses (parser_statements.cpp,
// parser_expressions.cpp, parser_templates.cpp), with two peculiarities.
//
// Functions that can recurse are deep calls: `co_await` is a call, `co_return` a return (deep_call.hpp says why). The
// others are ordinary functions.
//
// Errors unwind without exceptions and without a check after every call. `fail` reports and begins a panic, and in a
// panic the current token reads as the end of the file. So nothing matches any more, every loop over tokens ends,
// further complaints are swallowed, and the functions return what they have, up to the innermost list of statements.
// There `synchronize` ends the panic at a token where a statement seems to begin.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "interpreter/syntax/ast.hpp"
#include "interpreter/syntax/deep_call.hpp"
#include "interpreter/syntax/diagnostics.hpp"
#include "interpreter/syntax/lexer.hpp"
#include "interpreter/syntax/mapped_text.hpp"
#include "interpreter/syntax/parser.hpp"
#include "interpreter/syntax/token.hpp"
#include "interpreter/syntax/token_stream.hpp"

namespace duso::syntax {

class Parser {
 public:
  // Reads the source of [program] and builds its tree there.
  explicit Parser(Program& program);

  // The three things a text can be; one of them is called, once.
  void parse_program();
  void parse_single_expression();
  void parse_template_text();

  // What was found to be wrong, and whether the text could be the beginning of something valid.
  std::vector<Diagnostic> take_diagnostics() { return std::move(file_.diagnostics); }
  bool is_incomplete() const { return incomplete_; }

 private:
  // What is being read: the file, or for a while the text of a template expression in it.
  struct Input {
    TokenStream tokens;
    std::vector<Diagnostic> diagnostics;
    bool is_file = true;        // whose mistakes in tokens are known before parsing begins
    bool is_panicking = false;  // after an error, until `synchronize`
  };

  // Where a construct begins.
  struct Start {
    Position position;
    std::uint32_t offset;
  };

  // What ends a list of statements. The end of the file always does.
  enum class BlockEnd : std::uint8_t { kFile, kEnd, kElse, kCatch };

  // Counts a level of nesting as long as it lives.
  class Nesting {
   public:
    explicit Nesting(Parser& parser);
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    ~Nesting() { --parser_.nesting_; }

   private:
    Parser& parser_;
  };

  // The expression that a text begins with, and what is wrong with it.
  struct Embedded {
    Expression* expression = nullptr;
    std::uint32_t end = 0;  // offset of the first token behind it
    std::vector<Diagnostic> errors;
  };

  // The expression between {{ and }}.
  struct TemplateExpression {
    Expression* expression = nullptr;  // null if there is no valid one
    std::uint32_t end = 0;             // offset of the }} behind it
  };

  // ---- Whole texts (parser.cpp) ----

  void read_tokens();
  void set_body(Start start, const Expression* expression);

  // ---- Tokens (parser.cpp) ----

  Token current();
  bool at(TokenKind kind) { return current().kind == kind; }
  bool accept(TokenKind kind);
  Token advance() { return input_->tokens.advance(); }
  void expect(TokenKind kind);
  void expect_closing(TokenKind kind, const Token& opening);
  void expect_behind_head(TokenKind kind);
  Token expect_new_name(std::string_view role);
  const MappedText& text() const { return input_->tokens.text(); }
  std::string_view text_of(const Token& token) const { return text().slice(token.begin, token.end); }
  bool is_self(const Token& token) const;
  Start start_here();
  std::uint32_t previous_end() const;

  // ---- Errors (parser.cpp) ----

  void fail(std::string message);
  void fail_expecting(TokenKind kind);
  void fail_unexpected();
  void refuse_depth(Position position);
  void report(Position position, std::string message);
  void check_not_self(const Expression& target);
  void synchronize(std::size_t statement_start);
  bool at_likely_statement();

  // ---- Statements (parser_statements.cpp) ----

  DeepCall<Block> parse_block(BlockEnd until);
  bool at_block_end(BlockEnd until);
  DeepCall<Statement*> parse_statement();
  DeepCall<Statement*> parse_if();
  DeepCall<IfClause> parse_if_clause();
  DeepCall<Statement*> parse_while();
  DeepCall<Statement*> parse_for();
  DeepCall<Statement*> parse_numeric_for(Start start, LoopVariable variable);
  DeepCall<Statement*> parse_for_each(Start start, LoopVariable variable);
  DeepCall<Statement*> parse_loop_exit();
  DeepCall<Statement*> parse_function_declaration();
  DeepCall<FunctionDefinition*> parse_function(Start start, Token name);
  DeepCall<List<Parameter>> parse_parameters();
  static std::uint16_t height_of(const FunctionDefinition& function);
  DeepCall<Statement*> parse_return();
  DeepCall<Statement*> parse_try();
  DeepCall<Statement*> parse_var();
  DeepCall<Statement*> parse_simple();
  DeepCall<Statement*> parse_assignment(Start start, const Expression* target);

  // ---- Expressions (parser_expressions.cpp) ----

  static constexpr int kLowestPrecedence = 1;

  DeepCall<Expression*> parse_expression();
  DeepCall<Expression*> parse_conditional(Start start, const Expression* condition);
  DeepCall<Expression*> parse_binary(int lowest_precedence);
  Expression* make_operation(Start start, const Token& op, const Expression* left, const Expression* right);
  DeepCall<Expression*> parse_unary();
  DeepCall<Expression*> parse_prefix_operation();
  DeepCall<Expression*> parse_prefix_step();
  DeepCall<Expression*> parse_postfix();
  DeepCall<Expression*> parse_call(Start start, const Expression* callee);
  DeepCall<Argument> parse_argument();
  DeepCall<Expression*> parse_index(Start start, const Expression* object);
  Expression* parse_property(Start start, const Expression* object);
  bool at_leaf();
  Expression* parse_leaf();
  Expression* parse_raw_string(Start start);
  DeepCall<Expression*> parse_primary();
  DeepCall<Expression*> parse_group();
  DeepCall<Expression*> parse_array();
  DeepCall<Expression*> parse_object();
  DeepCall<ObjectEntry> parse_entry();
  DeepCall<Expression*> parse_function_expression();
  DeepCall<Expression*> parse_misfit();

  // ---- Strings and templates (parser_templates.cpp) ----

  bool has_template(const Token& string) const;
  std::string_view string_value(const Token& string);
  DeepCall<Expression*> parse_template();
  DeepCall<List<TemplatePiece>> parse_pieces(TextRange content, bool escaped);
  DeepCall<TemplateExpression> parse_template_expression(TextRange rest);
  DeepCall<Embedded> parse_embedded(TextRange range);
  static std::uint16_t tallest_piece(List<TemplatePiece> pieces);

  // ---- Nodes ----

  // A new node of the type T with the members [values], that began at [start] and ends with the last token; its errors
  // are reported at [position], and the highest of its children has the height [children]. If the tree gets too high
  // that way, an error node instead.
  template <typename T, typename... Values>
  auto make(Start start, Position position, std::uint16_t children, Values&&... values);

  Expression* make_error_expression();

  template <typename T>
  List<T> keep(const std::vector<T>& items) {
    return program_.arena_.copy(std::span<const T>(items));
  }

  Program& program_;
  std::vector<Comment> comments_;
  Input file_;
  Input* input_ = &file_;
  int nesting_ = 0;
  int open_blocks_ = 0;
  bool incomplete_ = false;
};

// The greatest of the heights of [nodes], null counting as 0.
template <typename... Nodes>
std::uint16_t tallest(const Nodes*... nodes) {
  std::uint16_t height = 0;
  ((height = nodes != nullptr && nodes->height > height ? nodes->height : height), ...);
  return height;
}

template <typename T, typename... Values>
auto Parser::make(Start start, Position position, std::uint16_t children, Values&&... values) {
  constexpr bool is_expression = std::derived_from<T, Expression>;
  using Base = std::conditional_t<is_expression, Expression, Statement>;
  using Error = std::conditional_t<is_expression, ErrorExpression, ErrorStatement>;
  Base* node = nullptr;
  if (children < kMaxTreeHeight) {
    node = program_.arena_.make<T>(std::forward<Values>(values)...);
    node->height = static_cast<std::uint16_t>(children + 1);
  } else {
    refuse_depth(position);
    node = program_.arena_.make<Error>();
  }
  node->position = position;
  node->begin = start.offset;
  node->end = std::max(start.offset, previous_end());
  return node;
}

}  // namespace duso::syntax
