// The linter: what is probably a mistake in a program that parses, and the error in one that does not.
//
// It works on the tree alone and runs nothing. Its rules come from two sides. Those of the existing language tools are
// kept to the letter, because people have scripts that are silent under them; ours look for mistakes that cost hours.
// Both had to meet one condition: a rule that cries wolf is worse than none. Where the language decides at run time
// what a name means, the rules assume what makes the program right.
//
//     rules.hpp          the rules by name; a family of them in each rules_*.cpp
//     names.hpp          what every name in a program means, as far as that can be told
//     flow.hpp           what a statement leaves undone
//     suppressions.hpp   // lint-ignore
//
// The linter knows no builtins and opens no files: who calls it tells it about both.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "interpreter/syntax/diagnostics.hpp"
#include "interpreter/syntax/parser.hpp"

namespace duso::syntax {

// What was found at one place of a program.
struct Finding {
  std::string_view rule;  // its name; "parse" for an error
  Severity severity = Severity::kWarning;
  Position begin;
  Position end;  // behind the last character
  std::string message;
};

// What a function takes.
struct Signature {
  std::vector<std::string_view> parameters;
  bool takes_more = false;         // positional arguments beyond the parameters
  bool takes_other_names = false;  // the same of named ones
};

// A builtin, as the linter knows it.
struct KnownBuiltin {
  bool reports_shadowing = false;      // whether a script that takes its name is told so
  std::optional<Signature> signature;  // nothing: calls are not checked
};

// What a program is surrounded by.
struct LintSurroundings {
  std::unordered_map<std::string_view, KnownBuiltin> builtins;

  // The program that `include(name)` runs in [file]; null if there is none or it does not parse.
  std::function<std::shared_ptr<const Program>(const Source& file, std::string_view name)> included;

  // Whether the top-level function [name] of [file] is there for somebody else to call. Not set: none is.
  std::function<bool(const Source& file, std::string_view name)> is_entry_point;
};

// The error of [parsed], if it has one: a list of at most one finding.
std::vector<Finding> find_error(const ParseResult& parsed);

// Everything that is to be said about [parsed], sorted by place and message. A program with an error gets no other
// findings, except about what caused it.
std::vector<Finding> lint(const ParseResult& parsed, const LintSurroundings& surroundings);

}  // namespace duso::syntax
