// Copies of whole values.
//
// Arrays and objects are references, so a builtin that promises its caller a value of its own has to copy what hangs
// below it as well. There are two depths of that: everything (`deep_copy`), and objects only, where arrays inside stay
// shared (builtins.md 1.2: what `unshift`, `reduce`, `throw`, `parse` and templates receive).
//
// A value without cycles is copied as a tree: two references to one object become two objects. A value that contains
// itself can not be a tree, and unrolling only its cycles would multiply whatever hangs between them; so there each
// container is copied once, and the copy has the structure of the original. Which of the two it is shows on the way.
// Depth costs heap, not native stack.
#pragma once

#include "interpreter/execution/builtin.hpp"

namespace duso::stdlib {

// A copy of [value] that shares no array and no object with it. Functions are left out of objects and are nil
// elsewhere; other values are immutable and stay what they are. Owned by the caller. May throw HeapLimitReached.
Value deep_copy(execution::Instance& instance, Value value);

// [value], if it is an object, as a copy with copies of the objects inside, to any depth; arrays and what they hold
// are shared. Any other value is returned as it is. Owned by the caller. May throw HeapLimitReached.
Value copy_objects(execution::Instance& instance, Value value);

}  // namespace duso::stdlib
