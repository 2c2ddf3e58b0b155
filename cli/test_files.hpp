// What `duso test` takes for tests: files by their names, functions by theirs (cli.md 14).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "interpreter/syntax/ast.hpp"

namespace duso::cli {

// Whether the file at [path] is one of tests: `NAME_test.du` or `test_NAME.du`.
bool is_test_file(std::string_view path);

// Whether the runner calls a function called [name]: `test_NAME`, `setup`, `teardown`.
bool is_called_by_test_runner(std::string_view name);

// The files that [operands] name, in their order: each that is a directory stands for the test files below it, sorted;
// every other one is taken for a file of tests, whatever it is called.
std::vector<std::string> find_test_files(const std::vector<std::string>& operands);

// The names of the test functions that [program] defines at its top level, in source order.
std::vector<std::string> test_functions(const syntax::Program& program);

}  // namespace duso::cli
