// The end of an instance that nobody waits for.
#pragma once

#include "runtime/tasks/script_instance.hpp"

namespace duso::stdlib {

// Tells standard error why [child] ended, if it was an error or a kill: "spawn: error in PATH: ...".
void report_ending(const tasks::ScriptInstance& child, const tasks::Ending& ending);

}  // namespace duso::stdlib
