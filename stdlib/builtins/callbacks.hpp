// Callbacks: what builtins that run a script's function do when it fails.
//
// Calling is `Call::call`, which also refuses what is no function. An error that comes out of a callback is passed on;
// some builtins say in front of it that it was their callback which failed.
#pragma once

#include <string_view>

#include "interpreter/execution/builtin.hpp"

namespace duso::stdlib {

// Whether the pending error may get another text that contains its own. Not so a stack overflow, which has one text
// wherever it comes from, nor a text that has become very long: errors that pass through thousands of nested callbacks
// would grow with each of them.
bool may_wrap(const execution::Instance& instance);

// Puts [prefix] in front of the pending error of a callback: the new message is [prefix] and the full text of the inner
// error (builtins.md 3.3). Thrown values that are no strings, exit() and shutdown() pass unchanged. Returns
// Value::raise().
Value wrap_callback_error(execution::Call& call, std::string_view prefix);

}  // namespace duso::stdlib
