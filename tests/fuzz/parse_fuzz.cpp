// Fuzz target: source text of any kind.
//
// Whatever the input is, the front end must answer with a tree and a list of errors, in bounded time and on a bounded
// stack. The input is read three times: as a script, as one expression, and as the text of a template. Of each tree it
// is checked what later passes rely on: that nodes lie in the text and inside their parents, that the tree is as high
// as it says and no higher than allowed, and that a program without errors has no error nodes in it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <string>

#include "interpreter/syntax/diagnostics.hpp"
#include "interpreter/syntax/parser.hpp"

namespace {

using namespace duso::syntax;

void expect(bool holds) {
  if (!holds) std::abort();
}

class TreeCheck {
 public:
  explicit TreeCheck(const ParseResult& result) : result_(result) {}

  void run() {
    const Program& program = *result_.program;
    check_block(program.body(), nullptr);
    for (const Comment& comment : program.comments()) {
      expect(comment.begin < comment.end && comment.end <= size());
      expect(program.source().text().substr(comment.begin, comment.end - comment.begin) == comment.text);
    }
    for (const Diagnostic& diagnostic : result_.diagnostics) {
      expect(!diagnostic.message.empty());
      expect(diagnostic.position.line >= 1 && diagnostic.position.line <= program.source().line_count());
      expect(!format(program.source(), diagnostic).empty());
      expect(!excerpt(program.source(), diagnostic.position).empty());
    }
    expect(result_.diagnostics.size() <= kMaxDiagnostics);
  }

 private:
  std::size_t size() const { return result_.program->source().text().size(); }

  // What holds for every node. A [parent] covers its children and is higher than each.
  void check_place(const Node& node, const Node* parent) {
    expect(node.begin <= node.end && node.end <= size());
    expect(node.position.line >= 1 && node.position.line <= result_.program->source().line_count());
    expect(node.height >= 1 && node.height <= kMaxTreeHeight);
    if (parent == nullptr) return;
    expect(node.height < parent->height);
    expect(node.begin >= parent->begin && node.end <= parent->end);
  }

  void check_block(const Block& block, const Node* parent) {
    expect(block.begin <= block.end && block.end <= size());
    std::uint16_t height = 0;
    for (const Statement* statement : block.statements) {
      check(*statement, parent);
      height = std::max(height, statement->height);
    }
    expect(block.height == height);
  }

  void check_all(std::initializer_list<const Expression*> children, const Node& parent) {
    for (const Expression* child : children) {
      if (child != nullptr) check(*child, &parent);
    }
  }

  void check_function(const FunctionDefinition& function, const Node& parent) {
    expect(function.begin <= function.end && function.end <= size());
    for (const Parameter& parameter : function.parameters) check_all({parameter.default_value}, parent);
    check_block(function.body, &parent);
  }

  void check(const Expression& e, const Node* parent) {
    check_place(e, parent);
    switch (e.kind) {
      case ExpressionKind::kNumberLiteral:
      case ExpressionKind::kStringLiteral:
      case ExpressionKind::kRegexLiteral:
      case ExpressionKind::kBooleanLiteral:
      case ExpressionKind::kNilLiteral:
        return;
      case ExpressionKind::kName:
        return expect(!as<Name>(e).identifier.empty());
      case ExpressionKind::kTemplate:
        for (const TemplatePiece& piece : as<Template>(e).pieces) {
          expect((piece.expression == nullptr) != piece.text.empty());
          check_all({piece.expression}, e);
        }
        return;
      case ExpressionKind::kArrayLiteral:
        for (const Expression* element : as<ArrayLiteral>(e).elements) check(*element, &e);
        return;
      case ExpressionKind::kObjectLiteral:
        for (const ObjectEntry& entry : as<ObjectLiteral>(e).entries) check_all({entry.computed_key, entry.value}, e);
        return;
      case ExpressionKind::kFunctionExpression:
        return check_function(*as<FunctionExpression>(e).function, e);
      case ExpressionKind::kUnary:
        return check(*as<Unary>(e).operand, &e);
      case ExpressionKind::kBinary:
        return check_all({as<Binary>(e).left, as<Binary>(e).right}, e);
      case ExpressionKind::kLogical:
        return check_all({as<Logical>(e).left, as<Logical>(e).right}, e);
      case ExpressionKind::kConditional: {
        const auto& conditional = as<Conditional>(e);
        return check_all({conditional.condition, conditional.consequence, conditional.alternative}, e);
      }
      case ExpressionKind::kCall:
        check(*as<Call>(e).callee, &e);
        for (const Argument& argument : as<Call>(e).arguments) check(*argument.value, &e);
        return;
      case ExpressionKind::kIndex:
        return check_all({as<Index>(e).object, as<Index>(e).index}, e);
      case ExpressionKind::kProperty:
        return check(*as<Property>(e).object, &e);
      case ExpressionKind::kPrefixStep:
        return check(*as<PrefixStep>(e).target, &e);
      case ExpressionKind::kErrorExpression:
        return expect(!result_.ok());
    }
  }

  void check(const Statement& s, const Node* parent) {
    check_place(s, parent);
    switch (s.kind) {
      case StatementKind::kExpressionStatement:
        return check(*as<ExpressionStatement>(s).expression, &s);
      case StatementKind::kAssignment:
        return check_all({as<Assignment>(s).target, as<Assignment>(s).value}, s);
      case StatementKind::kCompoundAssignment:
        return check_all({as<CompoundAssignment>(s).target, as<CompoundAssignment>(s).value}, s);
      case StatementKind::kPostfixStep:
        return check(*as<PostfixStep>(s).target, &s);
      case StatementKind::kVarDeclaration:
        return check(*as<VarDeclaration>(s).value, &s);
      case StatementKind::kFunctionDeclaration:
        return check_function(*as<FunctionDeclaration>(s).function, s);
      case StatementKind::kIf:
        for (const IfClause& clause : as<If>(s).clauses) {
          check(*clause.condition, &s);
          check_block(clause.body, &s);
        }
        if (as<If>(s).else_block) check_block(*as<If>(s).else_block, &s);
        return;
      case StatementKind::kWhile:
        check(*as<While>(s).condition, &s);
        return check_block(as<While>(s).body, &s);
      case StatementKind::kForNumeric: {
        const auto& loop = as<ForNumeric>(s);
        check_all({loop.first, loop.last, loop.step}, s);
        return check_block(loop.body, &s);
      }
      case StatementKind::kForEach:
        check(*as<ForEach>(s).iterable, &s);
        return check_block(as<ForEach>(s).body, &s);
      case StatementKind::kTry:
        check_block(as<Try>(s).body, &s);
        return check_block(as<Try>(s).handler, &s);
      case StatementKind::kReturn:
        return check_all({as<Return>(s).value}, s);
      case StatementKind::kBreak:
      case StatementKind::kContinue:
        return;
      case StatementKind::kErrorStatement:
        return expect(!result_.ok());
    }
  }

  const ParseResult& result_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto source = std::make_shared<const Source>("fuzz.du", std::string(reinterpret_cast<const char*>(data), size));
  for (const auto parse_as : {&parse, &parse_expression, &parse_template}) TreeCheck(parse_as(source)).run();
  return 0;
}
