// duso -watch: runs a script again whenever a file that it has loaded changes.
//
// Each run is a process of its own, so nothing of one is left for the next. It tells, through a pipe, which files it
// reads as code and in which state each was; this process stays behind, compares, and when a file is another one than
// was read it asks the run to end and starts the next. Comparing states instead of waiting for events means that no
// change is missed between the reading and the watching, and that it does not matter how an editor saves.
//
// On a terminal the run is what the user talks to: it has the standard streams, and Ctrl-C reaches both.
#pragma once

#include <functional>

#include "runtime/console.hpp"
#include "runtime/files/files.hpp"

namespace duso::cli {

// Does [work], the run, in a process of its own, and again after every change, until SIGINT or SIGTERM. [work] has to
// make sure that the observer which it is given learns of all code that is read, and returns the exit status. The one
// of the last run is returned; at once if the first one did not find anything to read.
int run_again_and_again(Console& console, const std::function<int(const Files::CodeObserver& observer)>& work);

}  // namespace duso::cli
