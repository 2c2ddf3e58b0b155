// Handles: what scripts see of tasks, groups, channels and their like.
//
// A handle is an ordinary object: fields, and methods that are bound to a host object (host_object.hpp). So it may be
// copied, extended and passed around as any object, and a method may be taken out of it and called alone; all of these
// go on meaning the same thing. The methods of a kind of handle are declared as builtins are, in a table of their own.
#pragma once

#include <initializer_list>
#include <span>
#include <utility>

#include "interpreter/execution/builtin.hpp"
#include "interpreter/values/host_object.hpp"
#include "runtime/tasks/script_instance.hpp"

namespace duso::stdlib {

struct HandleField {
  const char* name;
  Value value;  // owned; consumed
};

// A handle on [payload] (one reference to it is consumed) with [fields] first and then [methods], which must live as
// long as the program. Owned by the caller. Throws what an allocation throws.
Value new_handle(execution::Call& call, const HostType& type, void* payload, std::initializer_list<HandleField> fields,
                 std::span<const execution::BuiltinSpec> methods);

// The function of [spec] with [bound] (consumed), as a value owned by the caller. Throws what an allocation throws.
Value bind_function(execution::Instance& instance, const execution::BuiltinSpec& spec, Value bound);

// What the method that was called is bound to.
template <class Payload>
Payload& bound_payload(const execution::Call& call) {
  return *static_cast<Payload*>(static_cast<const HostObject*>(call.bound().heap_object())->payload);
}

// The host object behind [handle] if it is, or was copied from, a handle of [type]; nil for anything else. Borrowed.
Value host_of_handle(Value handle, const HostType& type);

// The instance of the call with its tasks. Null, and an error is pending, where scripts have none: the interpreter
// alone can not wait.
tasks::ScriptInstance* required_tasks(const execution::Call& call);

}  // namespace duso::stdlib
