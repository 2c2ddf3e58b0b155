// What `duso lint` and `duso check` have in common: they go through files, look at each piece of Duso source in them,
// and report what was found, for people or for programs.
//
// For people, errors go to standard error and warnings to standard output, a line each. For programs there is one JSON
// object a line on standard output for both. A file that cannot be read counts as an error.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "interpreter/syntax/lint/linter.hpp"
#include "interpreter/syntax/parser.hpp"

namespace duso::cli {

class SourceCheck {
 public:
  // What is to be said about one parsed source.
  using Examine = std::function<std::vector<syntax::Finding>(const syntax::ParseResult&)>;

  // Declares -json, -format and -no-color.
  void declare(Usage& usage);

  // Examines the files [paths], directories among them meaning all scripts below. Returns the exit status: 1 if there
  // was an error, or a warning and [is_strict], else 0.
  int run(Console& console, const std::vector<std::string>& paths, const Examine& examine, bool is_strict) const;

 private:
  bool wants_json() const { return json_ || format_ == "json"; }
  bool report(Console& console, const syntax::Source& source, const syntax::Finding& finding) const;

  bool json_ = false;
  std::string format_ = "text";
};

}  // namespace duso::cli
