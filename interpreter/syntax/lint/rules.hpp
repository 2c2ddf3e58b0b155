// The rules of the linter, and what they are given to work with.
//
// A rule has a name, which users write in `// lint-ignore` and find in machine-readable output, and belongs to a family
// of rules that need the same knowledge of a program. A family is a function over an Examination; it adds its findings.
// To add a rule, enter it in the table of rules.cpp and report it from its family.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/syntax/ast.hpp"
#include "interpreter/syntax/lint/linter.hpp"
#include "interpreter/syntax/lint/names.hpp"

namespace duso::syntax {

struct Rule {
  std::string_view name;
  std::string_view summary;  // what it finds, as a line of a help page
};

inline constexpr Rule kParse{"parse", "the program has a syntax error"};
inline constexpr Rule kShadowBuiltin{"shadow-builtin", "a top-level name hides a builtin"};
inline constexpr Rule kUnreachable{"unreachable", "a statement behind return, break or continue"};
inline constexpr Rule kUndefined{"undefined", "a name that nothing defines"};
inline constexpr Rule kUnusedVariable{"unused-variable", "a variable that is never read"};
inline constexpr Rule kUnusedFunction{"unused-function", "a function that is never mentioned"};
inline constexpr Rule kAssignInCondition{"assign-in-condition", "= where == was meant"};
inline constexpr Rule kDuplicateKey{"duplicate-key", "a key that an object literal has twice"};
inline constexpr Rule kUnknownNamedArgument{"unknown-named-argument", "a named argument without a parameter"};
inline constexpr Rule kTooManyArguments{"too-many-arguments", "arguments that the function never sees"};
inline constexpr Rule kConstantCondition{"constant-condition", "a condition that never changes"};
inline constexpr Rule kMissingReturn{"missing-return", "a function that returns a value on some paths only"};
inline constexpr Rule kSelfAssign{"self-assign", "something assigned to itself"};

// All rules, in the order in which the documentation has them.
std::span<const Rule> all_rules();

// One program under examination.
class Examination {
 public:
  Examination(const Program& program, const LintSurroundings& surroundings)
      : program_(program), surroundings_(surroundings), names_(program, surroundings) {}

  const Program& program() const { return program_; }
  const LintSurroundings& surroundings() const { return surroundings_; }
  const Names& names() const { return names_; }

  // Adds a finding of [rule] from [begin] to [end].
  void report(const Rule& rule, Position begin, Position end, std::string message) {
    findings_.push_back({rule.name, Severity::kWarning, begin, end, std::move(message)});
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
