// Strikethrough and highlight: `~~gone~~` and `==seen==`.
//
// These two extensions mark text with exactly two characters on each side, under the rules that CommonMark has for `*`:
// whether a run can open or close depends on what stands next to it, a closing run takes the nearest open one, and what
// lies between the two is no mark any more. The parser underneath knows one of the extensions, by looser rules, and not
// the other; so it is told nothing of either, and both are found afterwards in the text that it left.
#pragma once

#include <cstddef>
#include <vector>

#include "runtime/markdown/document.hpp"

namespace duso::markdown {

// Puts what is marked in [inlines], the children of one node, into nodes of its own: at most [max_depth] inside of each
// other. [is_block]: the node is a block, so nothing stands before and behind its children; otherwise marks do.
void resolve_marks(std::vector<Node>& inlines, const Dialect& dialect, bool is_block, std::size_t max_depth);

}  // namespace duso::markdown
