// One active call.
//
// A frame lies on the native stack of the task, with the variables of the call right behind it: parameters, locals,
// loop variables and what lowering needs for itself. Reaching a local is one load relative to the frame. Nothing else
// of a call is on any other stack, so a task is its native stack.
//
// The receiver and the extra locals are what makes names dynamic: a bare name may be a property of the receiver, or a
// local that a named argument brought in. `dynamic` says in one test that this call has neither.
#pragma once

#include <cstdint>

#include "interpreter/syntax/source.hpp"
#include "interpreter/values/function.hpp"
#include "interpreter/values/value.hpp"

namespace duso::execution {

struct Frame {
  Instance* instance;
  const FunctionCode* code;
  Root* root;                         // where globals live
  Environment* environment;           // the innermost one around the function's definition; borrowed
  Function* function;                 // what runs, if it must be held for the call; else null
  Frame* caller;                      // null for the outermost frame of a task
  const syntax::Position* call_site;  // the call's parenthesis; null when a builtin made the call
  Value self;                         // owned; unset when the call has no receiver
  Object* extras;                     // owned; null when there are none
  std::uint64_t dynamic;              // not 0: `self` is an object, or there are extras

  Value* slots() { return reinterpret_cast<Value*>(this + 1); }
  Value& slot(std::uint32_t index) { return slots()[index]; }
  Environment* environment_in(std::uint32_t slot_index) {
    return static_cast<Environment*>(slot(slot_index).heap_object());
  }
};

}  // namespace duso::execution
