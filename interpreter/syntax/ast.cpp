// What little of the tree is not a plain struct: how a Program gets its memory.
#include "interpreter/syntax/ast.hpp"

#include <algorithm>
#include <utility>

namespace duso::syntax {

namespace {

// A tree takes up to ten bytes for one of its text, the less the more comments there are. Most scripts fit into the
// first block, large ones take a few more.
std::size_t first_block_for(const Source& source) {
  return std::clamp<std::size_t>(source.text().size() * 10, 512, std::size_t{64} * 1024);
}

}  // namespace

Program::Program(std::shared_ptr<const Source> source)
    : source_(std::move(source)), arena_(first_block_for(*source_)) {}

}  // namespace duso::syntax
