// A program as the formatter sees it: its words, and what lies between them.
//
// Laying out a program means deciding about the gaps between its words and about nothing else, so the two are kept
// apart here: a word is a token with the gap in front of it, and a gap is comments and line breaks. That nothing is
// lost or changed is then easy to check, by reading the result again and comparing words and comments one by one.
//
// A comma belongs to what it follows. Where a line begins with one, the gap in front of it is moved behind it, so that
// the line break and the comments come after the comma: the only liberty that is taken with the order of things.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "interpreter/syntax/source.hpp"
#include "interpreter/syntax/token.hpp"

namespace duso::syntax {

// A comment in a gap.
struct Remark {
  std::string_view text;   // as written, without blanks at the end of a line comment
  bool block = false;      // of the /* */ kind
  std::size_t breaks = 0;  // line breaks in front of it, up to the comment or word before
  std::size_t spaces = 0;  // spaces directly in front of it; 0 if there is a tab among the blanks
  std::size_t column = 0;  // where it begins in its line, in characters from 0
};

// What stands in front of a word.
struct Gap {
  std::vector<Remark> remarks;
  std::size_t breaks = 0;  // line breaks between the last comment, or the word before, and the word
  bool semicolon = false;  // there is one outside comments

  // Whether the word, or a comment before it, begins a line.
  bool has_break() const;
};

struct Word {
  Token token;
  std::string_view text;   // empty for the end of the file
  std::size_t column = 0;  // where it begins in its line, in characters from 0
  Gap before;
};

// The line for the shell that [source] begins with, `#!` and all, without its line end; empty if there is none.
std::string_view shell_line_of(const Source& source);

// The words of [source], whose tokens must be without mistakes. The last one is the end of the file.
std::vector<Word> split_words(const Source& source);

// Whether [a] and [b] have the same words in the same order, and the same comments and line
// for the shell. Blanks at the end of line comments do not count.
bool same_words(const Source& a, const Source& b);

// How many characters [text] has: the columns it takes on a screen where each takes one.
std::size_t count_characters(std::string_view text);

}  // namespace duso::syntax
