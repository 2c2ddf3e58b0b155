// A look through code for names that decide how it must be resolved.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "interpreter/syntax/ast.hpp"

namespace duso::execution {

// Whether code mentions one of some names, nested functions included. Errs on the safe side.
class MentionFinder {
 public:
  explicit MentionFinder(std::vector<std::string_view> names) : names_(std::move(names)) {}

  bool in(const syntax::Expression& e) const;
  bool in(const syntax::Block& block) const;

 private:
  bool in(const syntax::Statement& statement) const;
  bool in_function(const syntax::FunctionDefinition& function) const;
  bool names(std::string_view identifier) const { return std::ranges::find(names_, identifier) != names_.end(); }

  std::vector<std::string_view> names_;
};

}  // namespace duso::execution
