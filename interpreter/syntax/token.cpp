// The words as tables in the order of TokenKind, and the messages about what is no word.
#include "interpreter/syntax/token.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <iterator>

#include "interpreter/syntax/diagnostics.hpp"
#include "interpreter/syntax/unicode.hpp"

namespace duso::syntax {

namespace {

// The reserved words in the order of TokenKind from kIf on, and how messages call them.
constexpr std::string_view kWords[] = {
    "if",       "then", "else",  "elseif", "end", "while", "do",  "for", "in",   "function", "return", "break",
    "continue", "try",  "catch", "and",    "or",  "not",   "var", "raw", "true", "false",    "nil",
};
constexpr std::string_view kWordNames[] = {
    "IF",       "THEN", "ELSE",  "ELSEIF", "END", "WHILE", "DO",  "FOR", "IN",   "FUNCTION", "RETURN", "BREAK",
    "CONTINUE", "TRY",  "CATCH", "AND",    "OR",  "NOT",   "VAR", "RAW", "TRUE", "FALSE",    "NIL",
};

// Operators and punctuation in the order of TokenKind from kAssign on.
constexpr std::string_view kSymbols[] = {
    "=",  "==", "!=", "!", "<",  "<=", ">", ">=", "+", "++", "+=", "-", "--", "-=", "*",
    "*=", "/",  "/=", "%", "%=", "(",  ")", "[",  "]", "{",  "}",  ",", ".",  "?",  ":",
};

constexpr std::size_t index_of(TokenKind kind) { return static_cast<std::size_t>(kind); }

constexpr std::size_t kFirstWord = index_of(TokenKind::kIf);
constexpr std::size_t kFirstSymbol = index_of(TokenKind::kAssign);

static_assert(std::size(kWords) == kFirstSymbol - kFirstWord && std::size(kWordNames) == std::size(kWords));
static_assert(std::size(kSymbols) == index_of(TokenKind::kUnexpectedCharacter) - kFirstSymbol);

// [number] in hexadecimal, with at least so many [digits].
std::string hexadecimal(unsigned number, int digits) {
  char text[16];
  const int length = std::snprintf(text, sizeof text, "%0*X", digits, number);
  return {text, static_cast<std::size_t>(length)};
}

// `'@' (U+0040)`. A control character, which would not show or disturb a terminal, is written as an escape.
std::string describe_character(std::string_view bytes) {
  const auto number = static_cast<unsigned>(decode_utf8(bytes, 0).code_point);
  const bool is_control = number < 0x20 || (number >= 0x7F && number < 0xA0);
  std::string shown(bytes);
  if (is_control) shown = compose({"\\x", hexadecimal(number, 2)});
  if (number == kReplacementCharacter) shown = "\xEF\xBF\xBD";
  return compose({"'", shown, "' (U+", hexadecimal(number, 4), ")"});
}

}  // namespace

std::string_view name_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEndOfFile:
      return "EOF";
    case TokenKind::kIdentifier:
      return "IDENT";
    case TokenKind::kNumber:
    case TokenKind::kMalformedNumber:
      return "NUMBER";
    case TokenKind::kString:
    case TokenKind::kUnterminatedString:
      return "STRING";
    case TokenKind::kRegex:
    case TokenKind::kUnterminatedRegex:
      return "TILDE_STRING";
    case TokenKind::kUnexpectedCharacter:
      return "CHARACTER";
    default:
      return is_reserved_word(kind) ? kWordNames[index_of(kind) - kFirstWord] : kSymbols[index_of(kind) - kFirstSymbol];
  }
}

std::span<const std::string_view> reserved_words() { return kWords; }

TokenKind classify_word(std::string_view text) {
  const auto* const word = std::find(std::begin(kWords), std::end(kWords), text);
  if (word == std::end(kWords)) return TokenKind::kIdentifier;
  return static_cast<TokenKind>(kFirstWord + static_cast<std::size_t>(word - std::begin(kWords)));
}

std::string describe_mistake(TokenKind kind, std::string_view text) {
  switch (kind) {
    case TokenKind::kUnexpectedCharacter:
      return compose({"unexpected character ", describe_character(text)});
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
