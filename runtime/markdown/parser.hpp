// Markdown text to tree: CommonMark with the extensions of a dialect.
//
// md4c does the reading. Debian has it as a shared object only, which costs an empty script 4 % of its time when it is
// linked; so it is loaded when the first text is parsed, and only parser.cpp knows it.
//
// Deep nesting is cut off: what is nested in more than kMaxDepth others counts as content of the innermost that is not,
// give or take a paragraph and its last span. So every walk over a tree may be recursive.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string_view>

#include "runtime/markdown/document.hpp"

namespace duso::markdown {

inline constexpr std::size_t kMaxDepth = 100;

// Why a text cannot be parsed whatever it says: the library is missing, or the text is larger than 4 GB.
class Unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The document [text]. Every text is one. May throw Unavailable and std::bad_alloc.
Node parse(std::string_view text, const Dialect& dialect);

}  // namespace duso::markdown
