// Nodes for statements without a loop: sequences, expression statements, `if`, `return`, `try`, and errors decided by
// lowering.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "interpreter/execution/names.hpp"
#include "interpreter/execution/node.hpp"
#include "interpreter/execution/scopes.hpp"

namespace duso::execution {

class Sequence final : public Statement {
 public:
  explicit Sequence(std::span<const Statement* const> statements) : statements_(statements) {}
  Value exec(Frame& frame) const override {
    for (const Statement* statement : statements_) {
      const Value flow = statement->exec(frame);
      if (!flow.is_next()) return flow;
    }
    return Value::next();
  }

 private:
  std::span<const Statement* const> statements_;
};

// A sequence of [kCount] statements without a loop around them; the last one is called last, so its flow needs no look.
template <std::size_t kCount>
class ShortSequence final : public Statement {
 public:
  explicit ShortSequence(std::span<const Statement* const> statements) {
    std::copy_n(statements.begin(), kCount, statements_);
  }
  Value exec(Frame& frame) const override {
    for (std::size_t i = 0; i + 1 < kCount; ++i) {
      const Value flow = statements_[i]->exec(frame);
      if (!flow.is_next()) return flow;
    }
    return statements_[kCount - 1]->exec(frame);
  }

 private:
  const Statement* statements_[kCount];
};

class Evaluate final : public Statement {
 public:
  explicit Evaluate(const Expression* expression) : expression_(expression) {}
  Value exec(Frame& frame) const override {
    const Value value = expression_->eval(frame);
    if (value.is_raise()) return value;
    release(value);
    return Value::next();
  }

 private:
  const Expression* expression_;
};

// `return`, and the last statement of a function body: its value is the call's.
class Return final : public Statement {
 public:
  explicit Return(const Expression* value) : value_(value) {}
  Value exec(Frame& frame) const override { return value_->eval(frame); }

 private:
  const Expression* value_;
};

// `return` of a local, whose value moves out.
class ReturnLocal final : public Statement {
 public:
  explicit ReturnLocal(std::uint32_t slot) : slot_(slot) {}
  Value exec(Frame& frame) const override { return std::exchange(frame.slot(slot_), Value::unset()); }

 private:
  std::uint32_t slot_;
};

// `return` of an expression whose node is of known class.
template <class Node>
class ReturnNode final : public Statement {
 public:
  explicit ReturnNode(const Node* value) : value_(value) {}
  Value exec(Frame& frame) const override { return value_->Node::eval(frame); }

 private:
  const Node* value_;
};

// Raises [message] when reached: mistakes that the language reports at run time only. [before], if any, is evaluated
// first.
class RaiseError final : public Statement {
 public:
  RaiseError(std::string_view message, Position position, const Expression* before, bool is_located)
      : message_(message), position_(position), before_(before), is_located_(is_located) {}
  Value exec(Frame& frame) const override;

 private:
  std::string_view message_;
  Position position_;
  const Expression* before_;
  bool is_located_;  // whether the error has that position
};

class Jump final : public Statement {
 public:
  explicit Jump(Value flow) : flow_(flow) {}
  Value exec(Frame&) const override { return flow_; }

 private:
  Value flow_;
};

class IfThen final : public Statement {
 public:
  // [otherwise] may be null.
  IfThen(const Expression* condition, const Statement* consequence, const Statement* otherwise)
      : condition_(condition), consequence_(consequence), otherwise_(otherwise) {}
  Value exec(Frame& frame) const override {
    const Truth truth = condition_->test(frame);
    if (truth == Truth::kTrue) return consequence_->exec(frame);
    if (truth == Truth::kRaised) [[unlikely]]
      return Value::raise();
    return otherwise_ != nullptr ? otherwise_->exec(frame) : Value::next();
  }

 private:
  const Expression* condition_;
  const Statement* consequence_;
  const Statement* otherwise_;
};

// An `if` with many clauses: walked, so that its length costs no native stack.
class IfChain final : public Statement {
 public:
  struct Clause {
    const Expression* condition;
    const Statement* body;
  };
  IfChain(std::span<const Clause> clauses, const Statement* otherwise) : clauses_(clauses), otherwise_(otherwise) {}
  Value exec(Frame& frame) const override {
    for (const Clause& clause : clauses_) {
      const Truth truth = clause.condition->test(frame);
      if (truth == Truth::kTrue) return clause.body->exec(frame);
      if (truth == Truth::kRaised) return Value::raise();
    }
    return otherwise_ != nullptr ? otherwise_->exec(frame) : Value::next();
  }

 private:
  std::span<const Clause> clauses_;
  const Statement* otherwise_;
};

class TryCatch final : public Statement {
 public:
  // [wants_error]: false when the handler never looks at the caught error, which then is not made.
  TryCatch(const Statement* body, const Statement* handler, const ScopeCode& scope, ScopeVariable variable,
           bool wants_error, Position position)
      : body_(body),
        handler_(handler),
        scope_(scope),
        variable_(variable),
        wants_error_(wants_error),
        position_(position) {}
  Value exec(Frame& frame) const override {
    const Value flow = body_->exec(frame);
    return flow.is_raise() ? handle(frame) : flow;
  }

 private:
  Value handle(Frame& frame) const;

  const Statement* body_;
  const Statement* handler_;
  ScopeCode scope_;
  ScopeVariable variable_;
  bool wants_error_;
  Position position_;
};

}  // namespace duso::execution
