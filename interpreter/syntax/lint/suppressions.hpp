// `// lint-ignore RULE`: findings that the author has seen and knows better about.
//
// The comment names one rule or several, separated by commas. Behind code it speaks of its own line; alone in a line,
// of the next one that is no such comment.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "interpreter/syntax/ast.hpp"
#include "interpreter/syntax/lint/linter.hpp"

namespace duso::syntax {

class Suppressions {
 public:
  explicit Suppressions(const Program& program);

  // Whether [finding] is to be kept quiet. An error never is.
  bool cover(const Finding& finding) const;

 private:
  void add(std::string_view rules, std::uint32_t line);

  struct Entry {
    std::uint32_t line;
    std::string_view rule;

    friend bool operator==(const Entry&, const Entry&) = default;
  };
  std::vector<Entry> entries_;
};

}  // namespace duso::syntax
