// Errors of scripts as JSON, for -json-errors and whoever else hands errors to programs (cli.md 14).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "interpreter/execution/interpreter.hpp"
#include "runtime/script_runner.hpp"

namespace duso::cli {

// [error] as one object and a line end: {"file":...,"line":...,"column":...,"message":...,"stack":[...]}. The first
// three are null when it is not known where it happened. There is only one style.
std::string uncaught_json(const UncaughtError& error, ReportStyle style);

// The calls in [stack] as objects: {"name":...,"file":...,"line":...,"column":...}.
std::vector<std::string> stack_json(std::span<const execution::ActiveCall> stack);

}  // namespace duso::cli
