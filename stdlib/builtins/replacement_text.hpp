// The text that replace() puts in the place of a match, with its `$` references (builtins.md 2.1).
//
//     $0 or ${0}          the match                  $$    a dollar sign
//     $1, ${1}, $name...  a group of the pattern     $     any other: itself
//
// A name is the longest run of letters, digits and underscores, so `$1x` is the group called "1x"; the braces say where
// it ends. A group that does not exist, or took no part in the match, is empty. The text is read once, not once a
// match.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "stdlib/builtins/search_pattern.hpp"
#include "stdlib/builtins/text_buffer.hpp"

namespace duso::stdlib {

class ReplacementText {
 public:
  // Reads [text], whose references mean groups of [pattern]. [text] must outlive this.
  ReplacementText(std::string_view text, const SearchPattern& pattern);

  // The highest group number that is referred to, 0 if there is none but the match itself.
  std::size_t highest_group() const { return highest_group_; }

  // Appends what takes the place of the match that [matches] is at.
  void append_to(TextBuffer& out, const SearchMatches& matches) const {
    for (const Piece& piece : pieces_) out.append(piece.is_group ? matches.group(piece.group) : piece.text);
  }

 private:
  // Text as it stands, or a group of the match.
  struct Piece {
    std::string_view text;
    std::size_t group;
    bool is_group;
  };

  std::size_t read_reference(std::string_view text, const SearchPattern& pattern);
  void add_text(std::string_view text);
  void add_group(std::string_view name, const SearchPattern& pattern);

  std::vector<Piece> pieces_;
  std::size_t highest_group_ = 0;
};

}  // namespace duso::stdlib
