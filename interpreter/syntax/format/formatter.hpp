// The formatter: a program in its usual appearance.
//
// It changes white space and nothing else. The rules are those of cli.md 14, `duso fmt`; how they are carried out is
// the business of layout.hpp. Because what comes out will replace what somebody wrote, the formatter does not trust
// itself: it reads its own result again and compares.
#pragma once

#include <string>

#include "interpreter/syntax/ast.hpp"

namespace duso::syntax {

// The text of [program], which must be free of errors, laid out. It has the same words and comments in the same order,
// and laying it out once more changes nothing. Line ends are those of the first line. Throws std::logic_error rather
// than to return anything else.
std::string format_program(const Program& program);

}  // namespace duso::syntax
