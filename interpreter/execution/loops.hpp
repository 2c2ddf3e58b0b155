// Nodes for `while` and `for`.
//
// Every turn passes a safe point: one test of the instance's interrupt flag. Through it come kill, time slices and
// Ctrl-C.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>

#include "interpreter/execution/node.hpp"
#include "interpreter/execution/scopes.hpp"

namespace duso::execution {

// The statements that a loop repeats. A few are run by the loop itself; more are a sequence of their own.
class LoopBody {
 public:
  static constexpr std::size_t kMaxStatements = 6;

  // [statements]: at least one, at most kMaxStatements. [position]: where the loop stands.
  LoopBody(std::span<const Statement* const> statements, Position position)
      : count_(statements.size()), position_(position) {
    std::copy(statements.begin(), statements.end(), statements_);
  }

  Position position() const { return position_; }

  // Calls [loop] with the number of statements as a constant.
  template <class Loop>
  Value with_count(const Loop& loop) const {
    switch (count_) {
      case 1:
        return loop(std::integral_constant<std::size_t, 1>{});
      case 2:
        return loop(std::integral_constant<std::size_t, 2>{});
      case 3:
        return loop(std::integral_constant<std::size_t, 3>{});
      case 4:
        return loop(std::integral_constant<std::size_t, 4>{});
      case 5:
        return loop(std::integral_constant<std::size_t, 5>{});
      default:
        return loop(std::integral_constant<std::size_t, 6>{});
    }
  }

  // One turn.
  template <std::size_t kCount>
  [[gnu::always_inline]] Value exec(Frame& frame) const {
    for (std::size_t i = 0; i + 1 < kCount; ++i) {
      const Value flow = statements_[i]->exec(frame);
      if (!flow.is_next()) [[unlikely]]
        return flow;
    }
    return statements_[kCount - 1]->exec(frame);
  }

 private:
  const Statement* statements_[kMaxStatements] = {};
  std::size_t count_;
  Position position_;
};

// What the end of one turn means for the loop.
enum class Turn : std::uint8_t { kAgain, kLeave };

// Looks at what [body] returned. On kLeave, [flow] is what the loop returns.
[[gnu::always_inline]] inline Turn end_turn(Frame& frame, Value& flow, const LoopBody& body) {
  if (!flow.is_next() && !flow.is_continue()) {
    if (flow.is_break()) flow = Value::next();
    return Turn::kLeave;
  }
  if (frame.instance->interrupted()) [[unlikely]] {
    flow = frame.instance->at_safe_point(frame, body.position());
    if (!flow.is_next()) return Turn::kLeave;
  }
  return Turn::kAgain;
}

// A condition of any kind; the others are comparison nodes that the loop has inside.
struct AnyCondition {
  const Expression* node;
  Truth compare(Frame& frame) const { return node->test(frame); }
};

template <class Condition>
class While final : public Statement {
 public:
  While(const Condition& condition, const LoopBody& body) : condition_(condition), body_(body) {}
  Value exec(Frame& frame) const override {
    return body_.with_count([&](auto count) {
      const std::atomic<std::uint32_t>& interrupt = frame.instance->interrupt_flag();
      while (true) {
        const Truth truth = condition_.compare(frame);
        if (truth != Truth::kTrue) return truth == Truth::kFalse ? Value::next() : Value::raise();
        Value flow = body_.template exec<count()>(frame);
        if (flow.is_next() && interrupt.load(std::memory_order_relaxed) == 0) [[likely]]
          continue;
        if (end_turn(frame, flow, body_) == Turn::kLeave) return flow;
      }
    });
  }

 private:
  Condition condition_;
  LoopBody body_;
};

// for i = first, last, step: the counter is an integer outside of the loop variable.
class ForNumeric final : public Statement {
 public:
  // [step] may be null: 1.
  ForNumeric(const Expression* first, const Expression* last, const Expression* step, const ScopeCode& scope,
             ScopeVariable variable, const LoopBody& body, Position position)
      : first_(first), last_(last), step_(step), scope_(scope), variable_(variable), body_(body), position_(position) {}
  Value exec(Frame& frame) const override;

 private:
  bool bound(Frame& frame, const Expression* expression, const char* which, std::int64_t& result) const;
  template <std::size_t kCount>
  Value count_up(Frame& frame, std::int64_t counter, std::int64_t last) const;
  template <std::size_t kCount>
  Value count_by(Frame& frame, std::int64_t counter, std::int64_t last, std::int64_t step) const;

  const Expression* first_;
  const Expression* last_;
  const Expression* step_;
  ScopeCode scope_;
  ScopeVariable variable_;
  LoopBody body_;
  Position position_;
};

// for x in container: elements of an array, keys of an object, as they were when the loop began.
class ForEach final : public Statement {
 public:
  ForEach(const Expression* container, const ScopeCode& scope, ScopeVariable variable, const LoopBody& body,
          Position position)
      : container_(container), scope_(scope), variable_(variable), body_(body), position_(position) {}
  Value exec(Frame& frame) const override;

 private:
  template <std::size_t kCount>
  Value walk_array(Frame& frame, Array* array) const;
  template <std::size_t kCount>
  Value walk_keys(Frame& frame, const Object* object) const;

  const Expression* container_;
  ScopeCode scope_;
  ScopeVariable variable_;
  LoopBody body_;
  Position position_;
};

}  // namespace duso::execution
