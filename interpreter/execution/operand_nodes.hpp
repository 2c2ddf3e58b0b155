// Picks the specialised node for an operation from what its operands are.
#pragma once

#include <optional>
#include <span>

#include "interpreter/execution/local_copy.hpp"
#include "interpreter/execution/loops.hpp"
#include "interpreter/execution/node.hpp"
#include "interpreter/execution/operations.hpp"
#include "interpreter/syntax/arena.hpp"

namespace duso::execution {

// An expression that was lowered, and what its parent may know of it.
struct Lowered {
  const Expression* node = nullptr;
  enum class Kind : std::uint8_t { kAny, kLocal, kNumber, kCaptured, kGlobal, kProperty, kElement } kind = Kind::kAny;
  // kCaptured, kGlobal: [node] is a CapturedRead<true>, a GlobalRead; kProperty, kElement: a property of a local, an
  // element of a local by a local.
  std::uint32_t slot = 0;      // of a local that is certainly set
  double value = 0;            // of a number
  bool is_arithmetic = false;  // most likely a number
  bool is_simple = false;      // evaluating it can not run script code
  bool is_string = false;      // certainly a string

  // Of an arithmetic operation: what it was made of, for nodes that take it in.
  struct Operation {
    Arithmetic op;
    const Lowered* left;
    const Lowered* right;
    Position position;
  };
  const Operation* operation = nullptr;

  // Of a comparison with a local on its left and a local or a number on its right.
  struct Test {
    enum class Kind : std::uint8_t { kOrder, kEqual, kNotEqual } kind;
    Comparison op;        // kOrder
    const Lowered* left;  // a local, or for equality the remainder of a local by a number
    const Lowered* right;
    Position position;
  };
  const Test* test = nullptr;
};

const Expression* make_arithmetic(syntax::Arena& arena, Arithmetic op, const Lowered& left, const Lowered& right,
                                  Position position);
// slot = left OP right.
const Statement* make_assign_arithmetic(syntax::Arena& arena, std::uint32_t slot, Arithmetic op, const Lowered& left,
                                        const Lowered& right, Position position);
// The same for `+ - *` with one to three [copies] to be done afterwards; null for anything else.
const Statement* make_assign_then_copy(syntax::Arena& arena, std::uint32_t slot, Arithmetic op, const Lowered& left,
                                       const Lowered& right, Position position, std::span<const LocalCopy> copies);
// return left OP right.
const Statement* make_return_arithmetic(syntax::Arena& arena, Arithmetic op, const Lowered& left, const Lowered& right,
                                        Position position);
// What `if` may take in of a comparison, or null.
const Lowered::Test* as_test(syntax::Arena& arena, Lowered::Test::Kind kind, Comparison op, const Lowered& left,
                             const Lowered& right, Position position);
// if condition then consequence else otherwise (may be null).
const Statement* make_if(syntax::Arena& arena, const Lowered& condition, const Statement* consequence,
                         const Statement* otherwise);
const Expression* make_comparison(syntax::Arena& arena, Comparison op, const Lowered& left, const Lowered& right,
                                  Position position);
const Expression* make_equality(syntax::Arena& arena, bool negated, const Lowered& left, const Lowered& right,
                                std::optional<Value> constant_right);
Lowered make_property_read(syntax::Arena& arena, const Lowered& base, String* name, Position position);
// element + right for an assignment to [element], from which [left] reads (assignments.hpp).
class ElementTarget;
const Expression* make_appending_sum(syntax::Arena& arena, const Lowered& left, const Lowered& right,
                                     const ElementTarget* element, Position position);
// base[index] = value.
const Statement* make_assign_index(syntax::Arena& arena, const Lowered& base, const Lowered& index,
                                   const Lowered& value, Position position);
// slot = value, for a property or element of locals; null for anything else.
const Statement* make_assign_access(syntax::Arena& arena, std::uint32_t slot, const Lowered& value);
// while condition do body end.
const Statement* make_while(syntax::Arena& arena, const Lowered& condition, const LoopBody& body);
Lowered make_index_read(syntax::Arena& arena, const Lowered& base, const Lowered& index, Position position);

}  // namespace duso::execution
