// From the error that ended a test to what is said about it.
//
// What a test throws decides (cli.md 14): any error is a failure, `throw({skip = "why"})` means that the test was not
// for today. An object with `expected` and `actual` is a failure over two values: its `message`, if it has one, is the
// message, and the two are shown as a difference, line by line if they have several.
#pragma once

#include "cli/test_result.hpp"
#include "interpreter/execution/instance.hpp"
#include "runtime/script_runner.hpp"

namespace duso::cli {

// What is pending in [instance], which is an error, an exit() or a shutdown(), as the result of a test without a name.
// Nothing is pending afterwards.
TestResult take_failure(execution::Instance& instance);

// The failure that [error] is.
TestResult failure_of(const UncaughtError& error);

}  // namespace duso::cli
