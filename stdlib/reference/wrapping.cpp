#include "stdlib/reference/wrapping.hpp"

#include <algorithm>

#include "interpreter/values/utf8.hpp"

namespace duso::stdlib {

namespace {

// Whether [word] could begin a block at the start of a line: a bullet, a number of a list, a heading, a quote, a fence.
bool may_begin_block(std::string_view word) {
  constexpr std::string_view kBlockStarts = "-+*#>=|~";
  if (kBlockStarts.find(word.front()) != std::string_view::npos || word.starts_with("```")) return true;
  const std::size_t digits = word.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string_view::npos && (word[digits] == '.' || word[digits] == ')');
}

// The size of the first piece of [text] that must stay on one line: up to a space outside of code.
std::size_t first_piece(std::string_view text) {
  bool in_code = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`') in_code = !in_code;
    if (text[i] == ' ' && !in_code && !may_begin_block(text.substr(i + 1))) return i;
  }
  return text.size();
}

// How many columns a terminal shows [piece] in. The marks around code are not shown.
std::size_t width_of(std::string_view piece) {
  return utf8::count(piece) - static_cast<std::size_t>(std::ranges::count(piece, '`'));
}

}  // namespace

std::string wrapped(std::string_view paragraph) {
  std::string lines;
  std::size_t column = 0;
  while (!paragraph.empty()) {
    const std::string_view piece = paragraph.substr(0, first_piece(paragraph));
    const std::size_t width = width_of(piece);
    if (column > 0) {
      const bool fits = column + 1 + width <= kPageWidth;
      lines += fits ? ' ' : '\n';
      column = fits ? column + 1 : 0;
    }
    lines += piece;
    column += width;
    paragraph.remove_prefix(std::min(piece.size() + 1, paragraph.size()));
  }
  return lines + '\n';
}

}  // namespace duso::stdlib
