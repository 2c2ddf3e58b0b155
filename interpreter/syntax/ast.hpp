// The abstract syntax tree: what a script says, complete and unchangeable.
//
// The tree is the common ground of everything that looks at scripts: the lowering that turns it into the executable
// tree, lint, the formatter, the language server, the debugger. So it keeps what each of them needs (where every name
// stands, which parentheses were written, what the comments say) and nothing that only one of them computes. One struct
// a construct, a `kind` to switch over, children as plain pointers; a pass over the tree is a function with a switch,
// and a switch without a default makes the compiler name the construct it forgot.
//
// A node has two kinds of place. `position` is where an error of that construct is reported, as section 14 of the
// language's specification says: the operator of an operation, the `(` of a call, the `[` of an index, the `.` of a
// property, the beginning of everything else. `begin` and `end` are the bytes it covers: children and their parentheses
// included, parentheses around the node itself not.
//
// All nodes live in the arena of their Program, all texts there or in the source: nodes are handed around as raw
// pointers that own nothing and are valid as long as somebody holds the Program. A Program is immutable, so threads may
// share it.
//
// Passes may recurse over a tree: no path from its root is longer than kMaxTreeHeight nodes. The parser sees to that.
#pragma once

#include <cassert>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "interpreter/syntax/arena.hpp"
#include "interpreter/syntax/source.hpp"

namespace duso::syntax {

// The longest path from the root of a tree to a leaf, in nodes (expressions and statements).
inline constexpr std::uint16_t kMaxTreeHeight = 2000;

// Items that belong together, in source order, kept in the arena.
template <typename T>
using List = std::span<const T>;

struct Node {
  Position position;         // where its errors are reported
  std::uint32_t begin = 0;   // offset of its first byte
  std::uint32_t end = 0;     // offset behind its last byte
  std::uint16_t height = 1;  // nodes on the longest path down to a leaf, this one included
};

enum class ExpressionKind : std::uint8_t {
  kNumberLiteral,
  kStringLiteral,
  kTemplate,
  kRegexLiteral,
  kBooleanLiteral,
  kNilLiteral,
  kName,
  kArrayLiteral,
  kObjectLiteral,
  kFunctionExpression,
  kUnary,
  kBinary,
  kLogical,
  kConditional,
  kCall,
  kIndex,
  kProperty,
  kPrefixStep,
  kErrorExpression,
};

enum class StatementKind : std::uint8_t {
  kExpressionStatement,
  kAssignment,
  kCompoundAssignment,
  kPostfixStep,
  kVarDeclaration,
  kFunctionDeclaration,
  kIf,
  kWhile,
  kForNumeric,
  kForEach,
  kTry,
  kReturn,
  kBreak,
  kContinue,
  kErrorStatement,
};

struct Expression : Node {
  ExpressionKind kind;
  std::uint16_t parentheses = 0;  // pairs written directly around it; they change nothing but the grouping

 protected:
  explicit Expression(ExpressionKind kind_of_node) : kind(kind_of_node) {}
};

struct Statement : Node {
  StatementKind kind;

 protected:
  explicit Statement(StatementKind kind_of_node) : kind(kind_of_node) {}
};

// [node] as the T it is. Its kind must have been checked: `switch (e->kind) { case kCall: as<Call>(*e).arguments ...`.
template <typename T, typename Base>
const T& as(const Base& node) {
  assert(node.kind == T::kKind);
  return static_cast<const T&>(node);
}

// [node] as a T if it is one, else null.
template <typename T, typename Base>
const T* try_as(const Base* node) {
  return node->kind == T::kKind ? static_cast<const T*>(node) : nullptr;
}

// The statements between two keywords, or of a whole program.
struct Block {
  List<const Statement*> statements;
  std::uint32_t begin = 0;   // offset behind the keyword or parenthesis that opens the block
  std::uint32_t end = 0;     // offset of the keyword that closes it
  std::uint16_t height = 0;  // that of its highest statement
};

// ---- Literals and names ----

struct NumberLiteral : Expression {
  static constexpr auto kKind = ExpressionKind::kNumberLiteral;
  double value;

  explicit NumberLiteral(double number) : Expression(kKind), value(number) {}
};

// A string without template expressions, `raw` or not; the bytes from begin to end show how it was written.
struct StringLiteral : Expression {
  static constexpr auto kKind = ExpressionKind::kStringLiteral;
  std::string_view value;  // escapes resolved, indentation of triple quotes removed

  explicit StringLiteral(std::string_view text) : Expression(kKind), value(text) {}
};

// Either a text or an expression between {{ and }}.
struct TemplatePiece {
  std::string_view text;                   // escapes resolved; empty for an expression
  const Expression* expression = nullptr;  // null for a text
  std::string_view source;                 // what was written: the text before escapes, or all between {{ and }}
};

// A string with at least one {{expression}}. Texts are never empty, so two expressions may stand side by side.
struct Template : Expression {
  static constexpr auto kKind = ExpressionKind::kTemplate;
  List<TemplatePiece> pieces;

  explicit Template(List<TemplatePiece> all_pieces) : Expression(kKind), pieces(all_pieces) {}
};

struct RegexLiteral : Expression {
  static constexpr auto kKind = ExpressionKind::kRegexLiteral;
  std::string_view pattern;  // between the tildes, as written

  explicit RegexLiteral(std::string_view text) : Expression(kKind), pattern(text) {}
};

struct BooleanLiteral : Expression {
  static constexpr auto kKind = ExpressionKind::kBooleanLiteral;
  bool value;

  explicit BooleanLiteral(bool truth) : Expression(kKind), value(truth) {}
};

struct NilLiteral : Expression {
  static constexpr auto kKind = ExpressionKind::kNilLiteral;

  NilLiteral() : Expression(kKind) {}
};

// A variable, a builtin, a property of `self`, or `self`: which of them is known later.
struct Name : Expression {
  static constexpr auto kKind = ExpressionKind::kName;
  std::string_view identifier;

  explicit Name(std::string_view text) : Expression(kKind), identifier(text) {}
};

struct ArrayLiteral : Expression {
  static constexpr auto kKind = ExpressionKind::kArrayLiteral;
  List<const Expression*> elements;

  explicit ArrayLiteral(List<const Expression*> all_elements) : Expression(kKind), elements(all_elements) {}
};

struct ObjectEntry {
  std::string_view name;                     // of `name = v` or `"name" = v`, escapes resolved
  const Expression* computed_key = nullptr;  // of `[key] = v`; null if the entry has a name
  const Expression* value = nullptr;
  Position position;        // of the key
  std::uint32_t begin = 0;  // the key as written, brackets or quotes included
  std::uint32_t end = 0;
};

struct ObjectLiteral : Expression {
  static constexpr auto kKind = ExpressionKind::kObjectLiteral;
  List<ObjectEntry> entries;  // duplicates included

  explicit ObjectLiteral(List<ObjectEntry> all_entries) : Expression(kKind), entries(all_entries) {}
};

// ---- Functions ----

struct Parameter {
  std::string_view name;
  Position position;                          // of the name
  const Expression* default_value = nullptr;  // null if there is none
};

struct FunctionDefinition {
  std::string_view name;       // empty for a function expression
  Position position;           // of `function`
  Position name_position;      // of the name; that of `function` if there is none
  std::uint32_t begin = 0;     // from `function`
  std::uint32_t end = 0;       // to behind `end`
  List<Parameter> parameters;  // two may have the same name
  Block body;
};

struct FunctionExpression : Expression {
  static constexpr auto kKind = ExpressionKind::kFunctionExpression;
  const FunctionDefinition* function;

  explicit FunctionExpression(const FunctionDefinition* definition) : Expression(kKind), function(definition) {}
};

// ---- Operations ----

enum class UnaryOperator : std::uint8_t { kNot, kNegate };

enum class BinaryOperator : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
};

enum class LogicalOperator : std::uint8_t { kAnd, kOr };

struct Unary : Expression {
  static constexpr auto kKind = ExpressionKind::kUnary;
  UnaryOperator op;
  const Expression* operand;

  Unary(UnaryOperator which, const Expression* of) : Expression(kKind), op(which), operand(of) {}
};

struct Binary : Expression {
  static constexpr auto kKind = ExpressionKind::kBinary;
  BinaryOperator op;
  const Expression* left;
  const Expression* right;

  Binary(BinaryOperator which, const Expression* on_left, const Expression* on_right)
      : Expression(kKind), op(which), left(on_left), right(on_right) {}
};

// `and`, `or`: the right side is evaluated only if the left one does not decide.
struct Logical : Expression {
  static constexpr auto kKind = ExpressionKind::kLogical;
  LogicalOperator op;
  const Expression* left;
  const Expression* right;

  Logical(LogicalOperator which, const Expression* on_left, const Expression* on_right)
      : Expression(kKind), op(which), left(on_left), right(on_right) {}
};

// condition ? consequence : alternative
struct Conditional : Expression {
  static constexpr auto kKind = ExpressionKind::kConditional;
  const Expression* condition;
  const Expression* consequence;
  const Expression* alternative;

  Conditional(const Expression* if_this, const Expression* then_this, const Expression* else_this)
      : Expression(kKind), condition(if_this), consequence(then_this), alternative(else_this) {}
};

struct Argument {
  std::optional<std::string_view> name;  // of `name = v` or `"name" = v`, escapes resolved
  const Expression* value = nullptr;
  Position position;  // of the name, or of a positional argument's first token
};

struct Call : Expression {
  static constexpr auto kKind = ExpressionKind::kCall;
  const Expression* callee;
  List<Argument> arguments;
  bool has_named;  // at least one argument has a name

  Call(const Expression* called, List<Argument> all_arguments, bool any_named)
      : Expression(kKind), callee(called), arguments(all_arguments), has_named(any_named) {}
};

struct Index : Expression {
  static constexpr auto kKind = ExpressionKind::kIndex;
  const Expression* object;
  const Expression* index;

  Index(const Expression* container, const Expression* key) : Expression(kKind), object(container), index(key) {}
};

struct Property : Expression {
  static constexpr auto kKind = ExpressionKind::kProperty;
  const Expression* object;
  std::string_view name;
  Position name_position;

  Property(const Expression* container, std::string_view property, Position property_position)
      : Expression(kKind), object(container), name(property), name_position(property_position) {}
};

// `++target` or `--target`. The target may be anything: that it can be assigned to is checked at run time.
struct PrefixStep : Expression {
  static constexpr auto kKind = ExpressionKind::kPrefixStep;
  const Expression* target;
  int step;  // +1 or -1

  PrefixStep(const Expression* stepped, int by) : Expression(kKind), target(stepped), step(by) {}
};

// Stands where an expression should be. Only a program with errors has it.
struct ErrorExpression : Expression {
  static constexpr auto kKind = ExpressionKind::kErrorExpression;

  ErrorExpression() : Expression(kKind) {}
};

// ---- Statements ----

// An expression as a statement. If it is a Name, in parentheses or not, it is the bare identifier of section 12.
struct ExpressionStatement : Statement {
  static constexpr auto kKind = StatementKind::kExpressionStatement;
  const Expression* expression;

  explicit ExpressionStatement(const Expression* evaluated) : Statement(kKind), expression(evaluated) {}
};

// target = value. The target may be anything but `self`: that it can be assigned to is checked at run time.
struct Assignment : Statement {
  static constexpr auto kKind = StatementKind::kAssignment;
  const Expression* target;
  const Expression* value;

  Assignment(const Expression* assigned, const Expression* new_value)
      : Statement(kKind), target(assigned), value(new_value) {}
};

// target op= value
struct CompoundAssignment : Statement {
  static constexpr auto kKind = StatementKind::kCompoundAssignment;
  BinaryOperator op;  // an arithmetic one
  const Expression* target;
  const Expression* value;
  Position operator_position;

  CompoundAssignment(BinaryOperator which, const Expression* assigned, const Expression* operand, Position at)
      : Statement(kKind), op(which), target(assigned), value(operand), operator_position(at) {}
};

// target++ or target--
struct PostfixStep : Statement {
  static constexpr auto kKind = StatementKind::kPostfixStep;
  const Expression* target;
  int step;  // +1 or -1
  Position operator_position;

  PostfixStep(const Expression* stepped, int by, Position at)
      : Statement(kKind), target(stepped), step(by), operator_position(at) {}
};

struct VarDeclaration : Statement {
  static constexpr auto kKind = StatementKind::kVarDeclaration;
  std::string_view name;
  Position name_position;
  const Expression* value;

  VarDeclaration(std::string_view variable, Position variable_position, const Expression* initial)
      : Statement(kKind), name(variable), name_position(variable_position), value(initial) {}
};

struct FunctionDeclaration : Statement {
  static constexpr auto kKind = StatementKind::kFunctionDeclaration;
  const FunctionDefinition* function;

  explicit FunctionDeclaration(const FunctionDefinition* definition) : Statement(kKind), function(definition) {}
};

struct IfClause {
  const Expression* condition = nullptr;
  Block body;
  Position position;  // of `if` or `elseif`
};

struct If : Statement {
  static constexpr auto kKind = StatementKind::kIf;
  List<IfClause> clauses;  // `if` and every `elseif`
  std::optional<Block> else_block;

  If(List<IfClause> all_clauses, std::optional<Block> otherwise)
      : Statement(kKind), clauses(all_clauses), else_block(otherwise) {}
};

struct While : Statement {
  static constexpr auto kKind = StatementKind::kWhile;
  const Expression* condition;
  Block body;

  While(const Expression* as_long_as, const Block& repeated)
      : Statement(kKind), condition(as_long_as), body(repeated) {}
};

// The variable of a loop. `for var i` and `for i` mean the same.
struct LoopVariable {
  std::string_view name;
  Position position;
  bool with_var = false;
};

// for variable = first, last [, step] do ... end
struct ForNumeric : Statement {
  static constexpr auto kKind = StatementKind::kForNumeric;
  LoopVariable variable;
  const Expression* first;
  const Expression* last;
  const Expression* step;  // null if there is none: 1
  Block body;

  ForNumeric(const LoopVariable& counter, const Expression* from, const Expression* to, const Expression* by,
             const Block& repeated)
      : Statement(kKind), variable(counter), first(from), last(to), step(by), body(repeated) {}
};

// for variable in iterable do ... end
struct ForEach : Statement {
  static constexpr auto kKind = StatementKind::kForEach;
  LoopVariable variable;
  const Expression* iterable;
  Block body;

  ForEach(const LoopVariable& element, const Expression* container, const Block& repeated)
      : Statement(kKind), variable(element), iterable(container), body(repeated) {}
};

// try ... catch (error_name) ... end
struct Try : Statement {
  static constexpr auto kKind = StatementKind::kTry;
  Block body;
  std::string_view error_name;
  Position error_name_position;
  Block handler;

  Try(const Block& tried, std::string_view variable, Position variable_position, const Block& on_error)
      : Statement(kKind),
        body(tried),
        error_name(variable),
        error_name_position(variable_position),
        handler(on_error) {}
};

struct Return : Statement {
  static constexpr auto kKind = StatementKind::kReturn;
  const Expression* value;  // null if there is none: nil

  explicit Return(const Expression* result) : Statement(kKind), value(result) {}
};

struct Break : Statement {
  static constexpr auto kKind = StatementKind::kBreak;

  Break() : Statement(kKind) {}
};

struct Continue : Statement {
  static constexpr auto kKind = StatementKind::kContinue;

  Continue() : Statement(kKind) {}
};

// Stands where a statement could not be read. Only a program with errors has it.
struct ErrorStatement : Statement {
  static constexpr auto kKind = StatementKind::kErrorStatement;

  ErrorStatement() : Statement(kKind) {}
};

// ---- The whole ----

struct Comment {
  std::string_view text;  // as written, with its // or /* */, without the line end
  Position position;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool block = false;  // of the /* */ kind
};

// A parsed text. Made by the parser (parser.hpp), held through `std::shared_ptr<const Program>`.
class Program {
 public:
  explicit Program(std::shared_ptr<const Source> source);

  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  const Source& source() const { return *source_; }
  const std::shared_ptr<const Source>& shared_source() const { return source_; }

  // The top-level statements, in order.
  const Block& body() const { return body_; }

  // All comments, in order; those inside template expressions are part of their string and not listed.
  List<Comment> comments() const { return comments_; }

 private:
  friend class Parser;

  std::shared_ptr<const Source> source_;
  Arena arena_;
  Block body_;
  List<Comment> comments_;
};

}  // namespace duso::syntax
