// One file of tests, run in the process that is there for it.
//
// The file runs like a script that was started with it, up to one thing: its top level is run by a builtin, which gets
// control back when it is over, finds the test functions among the variables, and calls them. So each of them sees what
// a function of the script sees: it may wait, start tasks, fail; the error of one is caught before the next one begins.
#pragma once

#include <string>

#include "cli/command.hpp"
#include "cli/main_script.hpp"
#include "cli/test_filter.hpp"
#include "cli/test_result.hpp"

namespace duso::cli {

// Runs those tests of the file [path] that [filter] wants, with the limits of [script], and writes to [log] what came
// of each. [invocation] is that of the script. Once per process.
void run_test_file(MainScript& script, const Invocation& invocation, const std::string& path, const TestFilter& filter,
                   TestLog& log);

}  // namespace duso::cli
