// Nodes for literals: constants, arrays, objects, functions, templates, regexes.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "interpreter/execution/code.hpp"
#include "interpreter/execution/instance.hpp"
#include "interpreter/execution/names.hpp"
#include "interpreter/execution/node.hpp"

namespace duso::execution {

// A number, boolean, nil or immortal string.
class Constant final : public Expression {
 public:
  explicit Constant(Value value) : value_(value) {}
  Value eval(Frame&) const override { return retain(value_); }
  double number(Frame&) const override { return in_register(retain(value_)); }
  Truth test(Frame&) const override { return truth_of(is_truthy(value_)); }
  Value borrow(Frame&, Owned&) const override { return value_; }

 private:
  Value value_;
};

class ArrayLiteral final : public Expression {
 public:
  ArrayLiteral(std::span<const Expression* const> elements, Position position)
      : elements_(elements), position_(position) {}
  Value eval(Frame& frame) const override;

 private:
  std::span<const Expression* const> elements_;
  Position position_;
};

// An object literal whose keys are all written down and distinct: the shape is known.
class ShapedLiteral final : public Expression {
 public:
  ShapedLiteral(Shape* shape, std::span<const Expression* const> values, Position position)
      : shape_(shape), values_(values), position_(position) {}
  Value eval(Frame& frame) const override;

 private:
  Shape* shape_;
  std::span<const Expression* const> values_;
  Position position_;
};

// Any other object literal: computed keys, repeated keys.
class ObjectLiteral final : public Expression {
 public:
  struct Entry {
    String* name;  // null when computed
    const Expression* key;
    const Expression* value;
    Position position;
  };
  ObjectLiteral(std::span<const Entry> entries, Position position) : entries_(entries), position_(position) {}
  Value eval(Frame& frame) const override;

 private:
  std::span<const Entry> entries_;
  Position position_;
};

class FunctionLiteral final : public Expression {
 public:
  // [environment] leads to the innermost environment around the definition; has_environment is false when there is
  // none.
  FunctionLiteral(const FunctionCode* code, bool has_environment, EnvironmentPath environment, Position position)
      : code_(code), has_environment_(has_environment), environment_(environment), position_(position) {}
  Value eval(Frame& frame) const override;

 private:
  const FunctionCode* code_;
  bool has_environment_;
  EnvironmentPath environment_;
  Position position_;
};

// A string with expressions in it. An undefined variable in a piece shows as {{name}} (language.md 2).
class TemplateLiteral final : public Expression {
 public:
  struct Piece {
    String* text;  // null for an expression
    const Expression* expression;
  };
  TemplateLiteral(std::span<const Piece> pieces, Position position) : pieces_(pieces), position_(position) {}
  Value eval(Frame& frame) const override;

 private:
  std::span<const Piece> pieces_;
  Position position_;
};

class RegexLiteral final : public Expression {
 public:
  RegexLiteral(String* pattern, Position position) : pattern_(pattern), position_(position) {}
  Value eval(Frame& frame) const override;

 private:
  String* pattern_;
  Position position_;
};

// The name in "{{name}}" that a piece renders as when evaluating it raised "... undefined variable: NAME" exactly once;
// nothing when the pending error is another one.
std::optional<std::string> undefined_name(const Pending& pending);

}  // namespace duso::execution
