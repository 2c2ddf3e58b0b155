// Nodes for `while` and `for`.
//
// Every turn passes a safe point: one test of the instance's interrupt flag. Through it come kill, time slices and Ctrl-C.
#pragma once

#include "interpreter/execution/node.hpp"
#include "interpreter/execution/scopes.hpp"

namespace duso::execution {

class While final : public Statement {
 public:
  While(const Expression* condition, const Statement* body) : condition_(condition), body_(body) {}
  Value exec(Frame& frame) const override;

 private:
  const Expression* condition_;
  const Statement* body_;
};

// for i = first, last, step: the counter is an integer outside of the loop variable.
class ForNumeric final : public Statement {
 public:
  // [step] may be null: 1.
  ForNumeric(const Expression* first, const Expression* last, const Expression* step, const ScopeCode& scope,
             ScopeVariable variable, const Statement* body, Position position)
      : first_(first), last_(last), step_(step), scope_(scope), variable_(variable), body_(body), position_(position) {}
  Value exec(Frame& frame) const override;

 private:
  bool bound(Frame& frame, const Expression* expression, const char* which, std::int64_t& result) const;
  Value count_up(Frame& frame, std::int64_t counter, std::int64_t last) const;
  Value count_by(Frame& frame, std::int64_t counter, std::int64_t last, std::int64_t step) const;

  const Expression* first_;
  const Expression* last_;
  const Expression* step_;
  ScopeCode scope_;
  ScopeVariable variable_;
  const Statement* body_;
  Position position_;
};

// for x in container: elements of an array, keys of an object, as they were when the loop began.
class ForEach final : public Statement {
 public:
  ForEach(const Expression* container, const ScopeCode& scope, ScopeVariable variable, const Statement* body,
          Position position)
      : container_(container), scope_(scope), variable_(variable), body_(body), position_(position) {}
  Value exec(Frame& frame) const override;

 private:
  Value walk_array(Frame& frame, Array* array) const;
  Value walk_keys(Frame& frame, const Object* object) const;

  const Expression* container_;
  ScopeCode scope_;
  ScopeVariable variable_;
  const Statement* body_;
  Position position_;
};

}  // namespace duso::execution
