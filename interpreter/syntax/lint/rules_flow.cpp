// Ways through a program: unreachable, constant-condition, missing-return.
#include <algorithm>
#include <unordered_set>

#include "interpreter/syntax/lint/flow.hpp"
#include "interpreter/syntax/lint/rules.hpp"
#include "interpreter/syntax/lint/tree_walk.hpp"

namespace duso::syntax {

namespace {

// Looks for something in the statements of one function, without those of the functions in it.
class OwnStatements : public TreeWalk {
 public:
  using TreeWalk::visit;
  void visit(const Expression&) override {}
  void visit(const FunctionDefinition&) override {}
};

class ReturnFinder final : public OwnStatements {
 public:
  using OwnStatements::visit;
  void visit(const Statement& s) override {
    const auto* found = try_as<Return>(&s);
    if (found == nullptr) return visit_parts(s);
    (found->value != nullptr ? with_value : without_value) = true;
  }

  bool with_value = false;
  bool without_value = false;
};

// Finds a `break` of the loop itself.
class BreakFinder final : public OwnStatements {
 public:
  using OwnStatements::visit;
  void visit(const Statement& s) override {
    const bool is_loop =
        s.kind == StatementKind::kWhile || s.kind == StatementKind::kForNumeric || s.kind == StatementKind::kForEach;
    if (s.kind == StatementKind::kBreak) found = true;
    if (!is_loop) visit_parts(s);
  }

  bool found = false;
};

bool is_endless(const While& loop) {
  BreakFinder finder;
  finder.visit(loop.body);
  return constant_truth(*loop.condition) == Truth::kTrue && !finder.found;
}

bool ends_without_value(const Block& block);

// Whether a function that ends with [s] may end without a value that was meant as one. The value of a last statement
// is that of the function, but only what can be nothing else is taken for a result: `total` is, `print(total)` is not.
bool ends_without_value(const Statement& s) {
  switch (s.kind) {
    case StatementKind::kExpressionStatement: {
      const Expression& e = *as<ExpressionStatement>(s).expression;
      return e.kind == ExpressionKind::kCall && !never_returns(e);
    }
    case StatementKind::kIf: {
      const auto& branches = as<If>(s);
      const auto fails = [](const IfClause& clause) { return ends_without_value(clause.body); };
      return !branches.else_block || ends_without_value(*branches.else_block) ||
             std::ranges::any_of(branches.clauses, fails);
    }
    case StatementKind::kTry:
      return ends_without_value(as<Try>(s).body) || ends_without_value(as<Try>(s).handler);
    case StatementKind::kWhile:
      return !is_endless(as<While>(s));
    case StatementKind::kReturn:
      return as<Return>(s).value == nullptr;
    default:
      return true;
  }
}

bool ends_without_value(const Block& block) {
  const std::size_t reachable = count_reachable(block);
  return reachable == 0 || ends_without_value(*block.statements[reachable - 1]);
}

class FlowRules final : public TreeWalk {
 public:
  explicit FlowRules(Examination& examination) : examination_(examination) {}

  using TreeWalk::visit;
  void visit(const Block& block) override {
    for (const Statement* s : block.statements.subspan(count_reachable(block))) report_unreachable(*s);
    visit_parts(block);
  }

  void visit(const FunctionDefinition& f) override {
    if (!callbacks_.contains(&f)) check_returns(f);
    visit_parts(f);
  }

  // `while true` is how the language spells a loop without end.
  void visit(const Statement& s) override {
    if (const auto* loop = try_as<While>(&s)) {
      if (constant_truth(*loop->condition) != Truth::kTrue) check_condition(*loop->condition);
    } else if (const auto* branches = try_as<If>(&s)) {
      for (const IfClause& clause : branches->clauses) check_condition(*clause.condition);
    }
    visit_parts(s);
  }

  void visit(const Expression& e) override {
    if (const auto* conditional = try_as<Conditional>(&e)) check_condition(*conditional->condition);
    if (const auto* call = try_as<Call>(&e)) note_callbacks(*call);
    visit_parts(e);
  }

 private:
  static constexpr std::uint32_t kKeywordLength = 8;  // of `function`

  // An expression is pointed at where its errors are, as everywhere in the language.
  void report_unreachable(const Statement& s) {
    const auto* statement = try_as<ExpressionStatement>(&s);
    const Position begin = statement != nullptr ? statement->expression->position : s.position;
    examination_.report(kUnreachable, begin, examination_.position_at(s.end), "unreachable code");
  }

  // A function that is written as an argument may have nothing to say: a filter that keeps some of what it is shown
  // returns it, and comes to its end for the rest.
  void note_callbacks(const Call& call) {
    for (const Argument& argument : call.arguments) {
      const auto* function = try_as<FunctionExpression>(argument.value);
      if (function != nullptr && !argument.name) callbacks_.insert(function->function);
    }
  }

  void check_returns(const FunctionDefinition& f) {
    ReturnFinder returns;
    returns.visit(f.body);
    if (!returns.with_value || !(returns.without_value || ends_without_value(f.body))) return;
    const std::uint32_t length = f.name.empty() ? kKeywordLength : static_cast<std::uint32_t>(f.name.size());
    const Position end{f.name_position.line, f.name_position.column + length};
    examination_.report(kMissingReturn, f.position, end, "missing return: only some paths return a value");
  }

  void check_condition(const Expression& condition) {
    const Truth truth = constant_truth(condition);
    if (truth == Truth::kUnknown) return;
    examination_.report(kConstantCondition, examination_.position_at(condition.begin),
                        examination_.position_at(condition.end),
                        compose({"constant condition: always ", truth == Truth::kTrue ? "true" : "false"}));
  }

  Examination& examination_;
  std::unordered_set<const FunctionDefinition*> callbacks_;  // functions that are arguments
};

}  // namespace

void check_flow(Examination& examination) { FlowRules(examination).visit(examination.program().body()); }

}  // namespace duso::syntax
