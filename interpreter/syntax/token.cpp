#include "interpreter/syntax/token.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>

#include "interpreter/syntax/unicode.hpp"

namespace duso::syntax {

namespace {

// Both in the order of TokenKind; the words begin at kIf.
constexpr auto kNames = std::to_array<std::string_view>({
    "EOF",
    "IDENT",
    "NUMBER",
    "STRING",
    "TILDE_STRING",  // what the text decides
    "IF",
    "THEN",
    "ELSE",
    "ELSEIF",
    "END",  // reserved words
    "WHILE",
    "DO",
    "FOR",
    "IN",
    "FUNCTION",  //
    "RETURN",
    "BREAK",
    "CONTINUE",
    "TRY",
    "CATCH",  //
    "AND",
    "OR",
    "NOT",
    "VAR",
    "RAW",  //
    "TRUE",
    "FALSE",
    "NIL",  //
    "=",
    "==",
    "!=",
    "!",
    "<",  // operators
    "<=",
    ">",
    ">=",
    "+",
    "++",  //
    "+=",
    "-",
    "--",
    "-=",
    "*",  //
    "*=",
    "/",
    "/=",
    "%",
    "%=",  //
    "(",
    ")",
    "[",
    "]",
    "{",  // punctuation
    "}",
    ",",
    ".",
    "?",
    ":",  //
    "CHARACTER",
    "STRING",
    "TILDE_STRING",
    "NUMBER",  // mistakes
});

constexpr auto kWords = std::to_array<std::string_view>({
    "if",    "then",  "else", "elseif", "end",                                                      //
    "while", "do",    "for",  "in",     "function", "return", "break", "continue", "try", "catch",  //
    "and",   "or",    "not",  "var",    "raw",                                                      //
    "true",  "false", "nil",
});

constexpr auto kFirstWord = static_cast<std::size_t>(TokenKind::kIf);

static_assert(kNames.size() == static_cast<std::size_t>(TokenKind::kMalformedNumber) + 1);
static_assert(kFirstWord + kWords.size() == static_cast<std::size_t>(TokenKind::kAssign));

// `'@' (U+0040)`. What would not show, or would disturb a terminal, is written as an escape.
std::string describe_character(std::string_view bytes) {
  const char32_t code_point = decode_utf8(bytes, 0).code_point;
  const auto number = static_cast<unsigned>(code_point);
  const bool is_control = number < 0x20 || (number >= 0x7F && number < 0xA0);
  char shown[16];
  std::snprintf(shown, sizeof shown, "\\x%02X", number);
  char name[16];
  std::snprintf(name, sizeof name, "U+%04X", number);

  std::string description = "'";
  if (is_control) {
    description += shown;
  } else if (code_point == kReplacementCharacter) {
    description += "\xEF\xBF\xBD";
  } else {
    description += bytes;
  }
  return description + "' (" + name + ")";
}

}  // namespace

std::string_view name_of(TokenKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

TokenKind classify_word(std::string_view text) {
  const auto* const word = std::find(kWords.begin(), kWords.end(), text);
  if (word == kWords.end()) return TokenKind::kIdentifier;
  return static_cast<TokenKind>(kFirstWord + static_cast<std::size_t>(word - kWords.begin()));
}

std::string describe_mistake(TokenKind kind, std::string_view text) {
  switch (kind) {
    case TokenKind::kUnexpectedCharacter:
      return "unexpected character " + describe_character(text);
    case TokenKind::kUnterminatedString:
      return "unterminated string";
    case TokenKind::kUnterminatedRegex:
      return "unterminated regex";
    case TokenKind::kMalformedNumber:
      return "malformed number";
    default:
      return "";
  }
}

}  // namespace duso::syntax
