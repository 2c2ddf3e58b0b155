// The rules of the linter, and what they are given to work with.
//
// A rule has a name, which users write in `// lint-ignore` and find in machine-readable output, and belongs to a family
// of rules that need the same knowledge of a program. A family is a function over an Examination; it adds its findings.
// To add a rule, give it a name here, report it from its family, and describe it in docs/cli.md, where a test expects
// an example that breaks it and one that does not.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interpreter/syntax/ast.hpp"
#include "interpreter/syntax/lint/linter.hpp"
#include "interpreter/syntax/lint/names.hpp"

namespace duso::syntax {

inline constexpr std::string_view kParse = "parse";                     // the program has a syntax error
inline constexpr std::string_view kShadowBuiltin = "shadow-builtin";    // a top-level name hides a builtin
inline constexpr std::string_view kUnreachable = "unreachable";         // a statement behind one that always leaves
inline constexpr std::string_view kUndefined = "undefined";             // a name that nothing defines
inline constexpr std::string_view kUnusedVariable = "unused-variable";  // a variable that is never read
inline constexpr std::string_view kUnusedFunction = "unused-function";  // a function that is never mentioned
inline constexpr std::string_view kAssignInCondition = "assign-in-condition";        // = where == was meant
inline constexpr std::string_view kDuplicateKey = "duplicate-key";                   // a key that an object has twice
inline constexpr std::string_view kUnknownNamedArgument = "unknown-named-argument";  // one without a parameter
inline constexpr std::string_view kTooManyArguments = "too-many-arguments";          // some that are never seen
inline constexpr std::string_view kConstantCondition = "constant-condition";         // a condition that never changes
inline constexpr std::string_view kMissingReturn = "missing-return";  // a function with a value on some paths only
inline constexpr std::string_view kSelfAssign = "self-assign";        // something assigned to itself

// One program under examination.
class Examination {
 public:
  Examination(const Program& program, const LintSurroundings& surroundings)
      : program_(program), surroundings_(surroundings), names_(program, surroundings) {}

  const Program& program() const { return program_; }
  const LintSurroundings& surroundings() const { return surroundings_; }
  const Names& names() const { return names_; }

  // Adds a finding of [rule] from [begin] to [end].
  void report(std::string_view rule, Position begin, Position end, std::string message) {
    findings_.push_back({rule, Severity::kWarning, begin, end, std::move(message)});
  }

  // Where the byte at [offset] stands.
  Position position_at(std::uint32_t offset) const { return program_.source().position_at(offset); }

  std::vector<Finding> take_findings() { return std::move(findings_); }

 private:
  const Program& program_;
  const LintSurroundings& surroundings_;
  Names names_;
  std::vector<Finding> findings_;
};

void check_names(Examination& examination);        // rules_names.cpp
void check_calls(Examination& examination);        // rules_calls.cpp
void check_flow(Examination& examination);         // rules_flow.cpp
void check_expressions(Examination& examination);  // rules_expressions.cpp

}  // namespace duso::syntax
