// The words of the language.
//
// A token is a kind and a place; its text is looked up in the text it was read from. What cannot be a word at all, such
// as a string that never ends, is a token too, of a kind that says what is wrong with it: so the lexer needs no way
// out, and whoever reads the tokens decides whether a mistake counts (behind a template expression it does not).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "interpreter/syntax/source.hpp"

namespace duso::syntax {

enum class TokenKind : std::uint8_t {
  kEndOfFile,
  kIdentifier,
  kNumber,
  kString,
  kRegex,

  // Reserved words: kIf to kNil.
  kIf,
  kThen,
  kElse,
  kElseif,
  kEnd,
  kWhile,
  kDo,
  kFor,
  kIn,
  kFunction,
  kReturn,
  kBreak,
  kContinue,
  kTry,
  kCatch,
  kAnd,
  kOr,
  kNot,
  kVar,
  kRaw,
  kTrue,
  kFalse,
  kNil,

  // Operators and punctuation: kAssign to kColon.
  kAssign,
  kEqual,
  kNotEqual,
  kExclamation,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kPlus,
  kIncrement,
  kPlusAssign,
  kMinus,
  kDecrement,
  kMinusAssign,
  kStar,
  kStarAssign,
  kSlash,
  kSlashAssign,
  kPercent,
  kPercentAssign,
  kLeftParenthesis,
  kRightParenthesis,
  kLeftBracket,
  kRightBracket,
  kLeftBrace,
  kRightBrace,
  kComma,
  kDot,
  kQuestion,
  kColon,

  // Mistakes: kUnexpectedCharacter to kMalformedNumber.
  kUnexpectedCharacter,
  kUnterminatedString,
  kUnterminatedRegex,
  kMalformedNumber,
};

struct Token {
  TokenKind kind = TokenKind::kEndOfFile;
  Position position;
  std::uint32_t begin = 0;  // offsets into the text it was read from, quotes included
  std::uint32_t end = 0;
};

// How messages call tokens of this [kind]: `THEN`, `IDENT`, `EOF`, `<=`.
std::string_view name_of(TokenKind kind);

// The reserved words.
std::span<const std::string_view> reserved_words();

// The reserved word [text] is, or kIdentifier.
TokenKind classify_word(std::string_view text);

inline bool is_reserved_word(TokenKind kind) { return kind >= TokenKind::kIf && kind <= TokenKind::kNil; }

inline bool is_mistake(TokenKind kind) { return kind >= TokenKind::kUnexpectedCharacter; }

// What to say about a mistake of this [kind] that consists of [text].
std::string describe_mistake(TokenKind kind, std::string_view text);

}  // namespace duso::syntax
