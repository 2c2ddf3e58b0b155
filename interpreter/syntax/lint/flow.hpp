// Where a program goes on after a statement, and where it does not.
#pragma once

#include "interpreter/syntax/ast.hpp"

namespace duso::syntax {

// Whether control always leaves the list of statements that [s] is in: it is a `return`, `break` or `continue`, or an
// `if` with an `else` all of whose blocks are left. A call that throws or a loop without end is none, nor is a `try`
// (cli.md 9).
bool always_leaves(const Statement& s);

// Whether [block] is left before its end, or at it.
bool always_leaves(const Block& block);

// How many statements of [block] can be reached: all up to the first that always leaves, that one included.
std::size_t count_reachable(const Block& block);

// What a constant expression is worth as a condition.
enum class Truth : std::uint8_t { kUnknown, kTrue, kFalse };

// The truth of [e] if it consists of literals, the same at every evaluation; unknown for everything else.
Truth constant_truth(const Expression& e);

// Whether [e] is a call of `throw`, `exit` or `shutdown`, none of which returns.
bool never_returns(const Expression& e);

}  // namespace duso::syntax
