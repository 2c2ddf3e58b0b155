// Duso code in Markdown files.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "interpreter/syntax/source.hpp"

namespace duso::cli {

// The blocks of the Markdown [text] that begin with a line that is exactly ```duso, up to the next line that begins
// with three backticks. Each is a source of its own, called [name], in which everything has the line and column that it
// has in the file.
std::vector<std::shared_ptr<const syntax::Source>> markdown_blocks(const std::string& name, std::string_view text);

}  // namespace duso::cli
