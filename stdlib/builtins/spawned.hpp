// The end of an instance that nobody waits for.
#pragma once

#include <string_view>

#include "runtime/tasks/script_instance.hpp"

namespace duso::stdlib {

// Tells standard error why [child] ended, if it was an error or a kill: "spawn: error in PATH: ...". [name] is what to
// call it instead of its path.
void report_ending(const tasks::ScriptInstance& child, const tasks::Ending& ending, std::string_view name = {});

}  // namespace duso::stdlib
