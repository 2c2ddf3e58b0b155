// Calling: script functions, builtins, and objects and arrays as constructors.
//
// A script call lays out the callee's frame on the native stack, evaluates the arguments straight into it and runs the
// body. What is rare - defaults, named arguments, constructors - is out of line. Every script call first compares the
// stack pointer with the instance's limit; when the stack would not do, the call goes on on a further segment.
#pragma once

#include <span>

#include "interpreter/execution/builtin.hpp"
#include "interpreter/execution/code.hpp"
#include "interpreter/execution/instance.hpp"
#include "interpreter/execution/names.hpp"
#include "interpreter/execution/node.hpp"
#include "interpreter/syntax/arena.hpp"

namespace duso::execution {

struct Scope;

// One argument of a call as written.
struct ArgumentCode {
  String* name;  // null for a positional one
  const Expression* value;
  const NameTarget* visible_as;  // in a constructor call: the variable that later arguments see; null where none looks
};

// Where the code of an `include(...)` goes: the scope of the call, and the innermost environment around it.
struct IncludeSite {
  Scope* scope;
  bool has_environment;
  EnvironmentPath environment;
};

// What a call node knows of its call.
struct CallSite {
  std::span<const Expression* const> positional;  // all arguments, when none is named
  std::span<const ArgumentCode> arguments;        // all of them, in source order
  bool has_named;
  std::uint32_t stack_need;    // bytes of native stack that evaluating the arguments may take
  std::uint32_t unsettled;     // leading arguments behind which one may run script code
  String* callee_name;         // for "cannot call non-function"; null: unknown
  Position position;           // of the parenthesis
  const IncludeSite* include;  // of a call of `include`, else null
};

// Calls [callee] (borrowed) as the call at [site] in [caller]; [self] is owned and consumed, unset when there is no
// receiver. Returns the owned result, or Value::raise().
Value call_value(Frame& caller, Value callee, Value self, const CallSite& site);

// Calls [function] (any callable, borrowed) from a builtin, with [arguments] and [named] ones (borrowed). Adds no line
// to call stacks.
Value call_from_native(Frame& caller, Value function, std::span<const Value> arguments,
                       std::span<const Call::Named> named = {});

// Where a call is said to come from that has no caller: the code that asked for it, and its position there.
struct CallOrigin {
  Instance* instance;
  const FunctionCode* code;
  Root* root;
  Position position;
  Frame* caller = nullptr;  // what is active around it, if that stays while the flow runs
};

// Calls [function] at the bottom of a flow, as above. An error without position gets the one of [origin].
Value call_in_flow(const CallOrigin& origin, Value function, std::span<const Value> arguments,
                   std::span<const Call::Named> named = {});

// Runs the top level of [code] in [root] (borrowed). [outer] is the call that loads it, null for a main program;
// [environment] (borrowed, may be null) is for included code: where it was included. Returns the value of its last
// statement, or Value::raise().
Value run_top_level(Instance& instance, const FunctionCode& code, Root* root, Environment* environment = nullptr,
                    Frame* outer = nullptr);

// The node for a call of a name, of receiver.name, and of any other expression. [is_global]: the name can only be a
// global, a builtin, or what the receiver has.
const Expression* make_name_call(syntax::Arena& arena, const NameRead* callee, bool is_global, const CallSite& site);
const Expression* make_local_call(syntax::Arena& arena, std::uint32_t slot, const NameRead* callee,
                                  const CallSite& site);
const Expression* make_method_call(syntax::Arena& arena, const Expression* receiver, String* name,
                                   Position name_position, const CallSite& site);
const Expression* make_value_call(syntax::Arena& arena, const Expression* callee, const CallSite& site);

}  // namespace duso::execution
