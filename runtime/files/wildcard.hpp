// Wildcard patterns for paths (files-and-modules.md 2.1).
//
//   *      any run of characters of one part, also none, also behind nothing but a dot
//   ?      one character
//   [a-z]  one of a class, [^a] none of it
//   \c     the character c
//
// A pattern is taken apart once: into the parts between its slashes, each either plain text or a list of tokens. So a
// bad pattern is found before any directory is read, and plain parts are looked up instead of searched for.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/files/file_error.hpp"

namespace duso {

// The pattern of one part of a path.
class NamePattern {
 public:
  // Whether [text] was a good pattern; if not, this one matches nothing.
  static bool parse(std::string_view text, NamePattern& pattern);

  // Whether only one name matches, and which.
  bool is_literal() const { return is_literal_; }
  const std::string& literal() const { return literal_; }

  bool matches(std::string_view name) const;

 private:
  // A character, or a byte that is part of none: those lie above all characters.
  using Character = char32_t;
  struct Token {
    enum class Kind : unsigned char { kCharacter, kAnyCharacter, kAnyRun, kClass } kind;
    bool negated = false;
    std::vector<std::pair<Character, Character>> ranges = {};  // both ends belong to it

    bool accepts(Character character) const;
  };

  static std::vector<Character> characters_of(std::string_view text);
  static bool parse_class_character(const std::vector<Character>& text, std::size_t& at, Character& character);
  static bool parse_class(const std::vector<Character>& text, std::size_t& at, Token& token);

  std::vector<Token> tokens_;
  std::string literal_;
  bool is_literal_ = true;
};

// The pattern of a whole path.
class PathPattern {
 public:
  // Takes [text] apart, in clean form. The error of a bad pattern is its whole message.
  static Result<PathPattern> parse(std::string_view text);

  bool is_absolute() const { return is_absolute_; }
  const std::vector<NamePattern>& parts() const { return parts_; }

  // Whether the names of [path], which are separated by slashes, match part by part.
  bool matches(std::string_view path) const;

 private:
  bool is_absolute_ = false;
  std::vector<NamePattern> parts_;
};

// Whether functions that take one path or a pattern take [path] for a pattern.
inline bool has_wildcard(std::string_view path) { return path.find_first_of("*?") != std::string_view::npos; }

}  // namespace duso
