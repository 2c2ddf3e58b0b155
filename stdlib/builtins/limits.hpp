// Limits as scripts write them: `{max_heap = "16m", max_call_depth = 1000}` (memory-and-panics.md 1).
#pragma once

#include <string>
#include <string_view>

#include "interpreter/execution/instance.hpp"
#include "interpreter/values/value.hpp"

namespace duso::stdlib {

// Changes [limits] as the object [wanted] says. A limit that is set may only be lowered. Returns what is wrong, in
// words that begin with [speaker], or nothing; [limits] is half changed then.
std::string lower_limits(execution::InstanceConfig& limits, Value wanted, std::string_view speaker);

// The same where the limit of the process, [process_heap] bytes, may be named as well: `max_process_heap`.
std::string lower_limits(execution::InstanceConfig& limits, std::size_t* process_heap, Value wanted,
                         std::string_view speaker);

}  // namespace duso::stdlib
