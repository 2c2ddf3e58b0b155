// Calling back: how builtins run the functions that scripts hand them.
//
// `Call::call` calls whatever the language can call. A callback is stricter, it has to be a function, and several
// builtins say in their errors that it was their callback which failed.
#pragma once

#include <span>
#include <string_view>

#include "interpreter/execution/builtin.hpp"

namespace duso::stdlib {

// Calls [function] with [arguments] (both borrowed). Returns its owned result, or Value::raise(); for a [function] that
// is none with "cannot call non-function (got TYPE)" pending.
Value call_back(execution::Call& call, Value function, std::span<const Value> arguments);

// Puts [prefix] in front of the pending error of a callback: the new message is [prefix] and the full text of the inner
// error (builtins.md 3.3). Thrown values that are no strings, exit() and shutdown() pass unchanged. Returns
// Value::raise().
Value wrap_callback_error(execution::Call& call, std::string_view prefix);

}  // namespace duso::stdlib
