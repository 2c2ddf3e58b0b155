// Breaking paragraphs of Markdown into lines.
//
// A break must not change what the text means: not inside of code, where a line end would show as a space at best, and
// not in front of a word that would begin a list, a heading or a quote if it stood at the start of a line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace duso::stdlib {

// Columns of the narrowest terminal that people use.
inline constexpr std::size_t kPageWidth = 80;

// [paragraph], a single line, in lines that a terminal shows in at most kPageWidth columns where they can be broken,
// each with a line end.
std::string wrapped(std::string_view paragraph);

}  // namespace duso::stdlib
