// The variables of a loop, a catch block or a constructor call, while it runs.
//
// Such a scope has a run of slots in the frame, all unset whenever it is not running. Variables that closures capture
// live in an environment of their own, made anew for every execution of the scope.
#pragma once

#include "interpreter/execution/names.hpp"
#include "interpreter/execution/operations.hpp"

namespace duso::execution {

struct ScopeCode {
  std::uint32_t first_slot = 0;
  std::uint32_t slot_count = 0;
  std::uint32_t environment_slot = kNoSlot;  // the frame slot that holds the scope's environment, if it has one
  std::uint32_t environment_size = 0;
  bool has_parent = false;  // whether there is an environment further out
  EnvironmentPath parent;
};

// Makes the environment of a scope that has one; false when that failed and an error is pending.
bool make_scope_environment(Frame& frame, const ScopeCode& scope, Position position);

inline bool enter_scope(Frame& frame, const ScopeCode& scope, Position position) {
  return scope.environment_slot == kNoSlot || make_scope_environment(frame, scope, position);
}

inline void leave_scope(Frame& frame, const ScopeCode& scope) {
  for (std::uint32_t i = 0; i < scope.slot_count; ++i) replace(frame.slot(scope.first_slot + i), Value::unset());
  if (scope.environment_slot != kNoSlot) replace(frame.slot(scope.environment_slot), Value::unset());
}

// A variable that the scope itself sets: loop variables, the caught error.
struct ScopeVariable {
  bool captured = false;
  std::uint32_t slot = 0;  // in the frame, or in the scope's environment

  Value& place(Frame& frame, const ScopeCode& scope) const {
    return captured ? frame.environment_in(scope.environment_slot)->slots()[slot] : frame.slot(slot);
  }
};

// An expression that has a scope around it: a call whose arguments may see each other (language.md 11).
class ScopedExpression final : public Expression {
 public:
  ScopedExpression(const Expression* inner, const ScopeCode& scope, Position position)
      : inner_(inner), scope_(scope), position_(position) {}
  Value eval(Frame& frame) const override {
    if (!enter_scope(frame, scope_, position_)) return Value::raise();
    const Value result = inner_->eval(frame);
    leave_scope(frame, scope_);
    return result;
  }

 private:
  const Expression* inner_;
  ScopeCode scope_;
  Position position_;
};

}  // namespace duso::execution
