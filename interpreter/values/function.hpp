// Functions, and what they remember of the place they were made in.
//
// A script function is three references: its code, the innermost environment around its definition and the root (the
// variables of its script or module). An *environment* exists only where a closure needs one: it holds the captured
// variables of one scope execution (a call, a loop, a catch block) and, for a call, what else a nested function can see
// of it: the receiver and the extra locals that named arguments or `include()` brought in.
#pragma once

#include <cstdint>

#include "interpreter/values/object.hpp"
#include "interpreter/values/value.hpp"
#include "runtime/memory/heap.hpp"

namespace duso {

namespace execution {
class FunctionCode;
class GlobalNames;
class Instance;
struct BuiltinSpec;
}  // namespace execution

struct Environment : memory::HeapObject {
  Environment* parent;   // the next environment outwards, or null
  Value self;            // the receiver of the call whose environment this is; unset when there is none
  Object* extras;        // extra variables of that call or block, or null
  std::uint32_t size;    // captured variables
  std::uint32_t branch;  // the parallel branch that made it; 0 outside of branches

  Value* slots() { return reinterpret_cast<Value*>(this + 1); }
};

// The variables of one script, module or template: a slot per name that its program mentions.
struct Root : memory::HeapObject {
  Value* slots;
  std::uint32_t size;
  std::uint32_t capacity;
  std::uint32_t branch;           // the parallel branch that made it; 0 outside of branches
  execution::GlobalNames* names;  // which slot is which; owned by the program
};

struct Function : memory::HeapObject {
  const execution::FunctionCode* code;
  Environment* environment;  // null when the function needs nothing of the place it was made in
  Root* root;
};

// A function of the runtime with something of its own to remember: `template()` results, methods of handles.
struct HostFunction : memory::HeapObject {
  const execution::BuiltinSpec* spec;
  Value bound;
};

// [slots] captured variables, all unset. [parent] is retained when not null. Owned by the caller.
Environment* new_environment(memory::Heap& heap, Environment* parent, std::uint32_t slots);

// A root with [size] unset variables, owned by the caller.
Root* new_root(memory::Heap& heap, execution::GlobalNames* names, std::uint32_t size);

// Makes sure that the root has at least [size] variables; new ones are unset.
void ensure_root_size(memory::Heap& heap, Root* root, std::uint32_t size);

// Gives up all variables of [root]. No code that mentions them may run afterwards.
void clear_root(Root* root);

// Owned by the caller; [environment] is retained when not null.
Function* new_function(memory::Heap& heap, const execution::FunctionCode* code, Environment* environment, Root* root);

// Owned by the caller; takes over [bound].
HostFunction* new_host_function(memory::Heap& heap, const execution::BuiltinSpec* spec, Value bound);

}  // namespace duso
