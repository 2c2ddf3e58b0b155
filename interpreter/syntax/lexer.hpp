// Text to tokens, one at a time.
//
// The lexer never fails and never looks back: every call of `next` yields the next token, a mistake being a token as
// well (token.hpp), and at the end the end-of-file token for ever. It leaves strings as they are written;
// string_literal.hpp knows what is inside them. White space (to which `;` belongs) and comments separate tokens and are
// skipped, comments being collected for those who want to keep them.
//
// It reads a whole file or a range of some text, and places its tokens in the source that the text came from. Each byte
// is looked at a bounded number of times, whatever the input.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "interpreter/syntax/ast.hpp"
#include "interpreter/syntax/mapped_text.hpp"
#include "interpreter/syntax/source.hpp"
#include "interpreter/syntax/token.hpp"

namespace duso::syntax {

class Lexer {
 public:
  // Reads [source] from its beginning, over a byte order mark and a `#!` line. Comments are appended to [comments] if
  // that is not null; it must outlive the lexer.
  explicit Lexer(const Source& source, std::vector<Comment>* comments = nullptr);

  // Reads [range] of a text that came out of [source]. Comments are skipped.
  Lexer(const Source& source, const TextRange& range);

  // Reads on to the next token.
  Token next();

  // The text that offsets in tokens refer to.
  const MappedText& text() const { return text_; }

 private:
  // The byte [ahead] of the current one; NUL at the end, which no token contains.
  char peek(std::uint32_t ahead = 0) const;
  bool at_end() const { return offset_ >= end_; }
  bool looking_at(std::string_view text) const { return text_.slice(offset_, end_).starts_with(text); }

  Position position_of(std::uint32_t offset);
  Token finish(TokenKind kind, std::uint32_t begin);

  void skip_blanks();
  void skip_line_comment();
  void skip_block_comment();
  void keep_comment(std::uint32_t begin, bool block);

  Token read_word(std::uint32_t length);
  Token read_number();
  Token read_string();
  Token read_triple_string();
  Token read_regex();
  Token read_operator();
  Token read_unexpected_character();

  std::uint32_t length_of_word() const;
  bool skip_past(char closing);
  void skip_digits();

  const Source* source_;
  std::vector<Comment>* comments_;
  MappedText text_;
  std::uint32_t offset_;
  std::uint32_t end_;
  std::uint32_t line_;  // of the last token; positions only ever grow
};

}  // namespace duso::syntax
