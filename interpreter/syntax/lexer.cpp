// A hand-written lexer. The first byte of a token tells what it is, except for `/` (a comment or an operator) and `.`
// (a number or an operator), where the second one does. So `next` is a chain of questions, and there is a function for
// each kind of token.
#include "interpreter/syntax/lexer.hpp"

#include <algorithm>
#include <cstddef>

#include "interpreter/syntax/unicode.hpp"

namespace duso::syntax {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr bool is_quote(char c) { return c == '"' || c == '\''; }

constexpr bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == ';'; }

struct Operator {
  TokenKind kind;
  std::uint32_t length;
};

// The operator or punctuation that begins with [first], given the byte after it. Of length 0 if there is none.
constexpr Operator operator_at(char first, char second) {
  using enum TokenKind;
  const auto longer_if = [second](char expected, TokenKind longer, Operator otherwise) {
    return second == expected ? Operator{longer, 2} : otherwise;
  };
  switch (first) {
    case '=':
      return longer_if('=', kEqual, {kAssign, 1});
    case '!':
      return longer_if('=', kNotEqual, {kExclamation, 1});
    case '<':
      return longer_if('=', kLessEqual, {kLess, 1});
    case '>':
      return longer_if('=', kGreaterEqual, {kGreater, 1});
    case '+':
      return longer_if('+', kIncrement, longer_if('=', kPlusAssign, {kPlus, 1}));
    case '-':
      return longer_if('-', kDecrement, longer_if('=', kMinusAssign, {kMinus, 1}));
    case '*':
      return longer_if('=', kStarAssign, {kStar, 1});
    case '/':
      return longer_if('=', kSlashAssign, {kSlash, 1});
    case '%':
      return longer_if('=', kPercentAssign, {kPercent, 1});
    case '(':
      return {kLeftParenthesis, 1};
    case ')':
      return {kRightParenthesis, 1};
    case '[':
      return {kLeftBracket, 1};
    case ']':
      return {kRightBracket, 1};
    case '{':
      return {kLeftBrace, 1};
    case '}':
      return {kRightBrace, 1};
    case ',':
      return {kComma, 1};
    case '.':
      return {kDot, 1};
    case '?':
      return {kQuestion, 1};
    case ':':
      return {kColon, 1};
    default:
      return {kUnexpectedCharacter, 0};
  }
}

}  // namespace

Lexer::Lexer(const Source& source, std::vector<Comment>* comments)
    : source_(&source),
      comments_(comments),
      text_(MappedText::whole(source)),
      offset_(source.first_offset()),
      end_(static_cast<std::uint32_t>(source.text().size())),
      line_(1) {
  if (looking_at("#!")) skip_line_comment();
}

Lexer::Lexer(const Source& source, const TextRange& range)
    : source_(&source),
      comments_(nullptr),
      text_(range.text),
      offset_(range.begin),
      end_(range.end),
      line_(source.position_at(text_.source_offset(range.begin)).line) {}

Token Lexer::next() {
  skip_blanks();
  const char first = peek();
  if (at_end()) return finish(TokenKind::kEndOfFile, offset_);
  if (is_digit(first) || (first == '.' && is_digit(peek(1)))) return read_number();
  if (is_quote(first)) return read_string();
  if (first == '~') return read_regex();
  if (const std::uint32_t length = length_of_word(); length > 0) return read_word(length);
  return read_operator();
}

char Lexer::peek(std::uint32_t ahead) const {
  return ahead < end_ - offset_ ? text_.bytes[std::size_t{offset_} + ahead] : '\0';
}

Position Lexer::position_of(std::uint32_t offset) {
  const std::uint32_t place = text_.source_offset(offset);
  while (line_ < source_->line_count() && source_->line_start(line_ + 1) <= place) ++line_;
  return {line_, place - source_->line_start(line_) + 1};
}

// The token of [kind] from [begin] up to where reading has got.
Token Lexer::finish(TokenKind kind, std::uint32_t begin) { return {kind, position_of(begin), begin, offset_}; }

// ---- Between tokens ----

void Lexer::skip_blanks() {
  for (;;) {
    while (is_blank(peek())) ++offset_;
    if (peek() != '/') return;
    const std::uint32_t begin = offset_;
    if (peek(1) == '/') {
      skip_line_comment();
      keep_comment(begin, false);
    } else if (peek(1) == '*') {
      skip_block_comment();
      keep_comment(begin, true);
    } else {
      return;
    }
  }
}

// Up to the newline, which is left.
void Lexer::skip_line_comment() {
  const std::size_t newline = text_.slice(offset_, end_).find('\n');
  offset_ = newline == std::string_view::npos ? end_ : offset_ + static_cast<std::uint32_t>(newline);
}

// Block comments nest. One that is not closed swallows the rest of the text, which is no mistake.
void Lexer::skip_block_comment() {
  std::uint32_t depth = 0;
  while (!at_end()) {
    if (looking_at("/*")) {
      ++depth;
      offset_ += 2;
    } else if (looking_at("*/")) {
      --depth;
      offset_ += 2;
      if (depth == 0) return;
    } else {
      ++offset_;
    }
  }
}

void Lexer::keep_comment(std::uint32_t begin, bool block) {
  if (comments_ == nullptr) return;
  std::string_view written = text_.slice(begin, offset_);
  if (!block && written.ends_with('\r')) written.remove_suffix(1);
  comments_->push_back({.text = written,
                        .position = position_of(begin),
                        .begin = begin,
                        .end = begin + static_cast<std::uint32_t>(written.size()),
                        .block = block});
}

// ---- Words and numbers ----

// How many bytes from here on are an identifier or a reserved word; 0 if none can begin here.
std::uint32_t Lexer::length_of_word() const {
  const std::string_view rest = text_.slice(offset_, end_);
  std::size_t length = 0;
  while (length < rest.size()) {
    const DecodedCharacter character = decode_utf8(rest, length);
    const bool fits =
        length == 0 ? starts_identifier(character.code_point) : continues_identifier(character.code_point);
    if (!fits) break;
    length += character.length;
  }
  return static_cast<std::uint32_t>(length);
}

Token Lexer::read_word(std::uint32_t length) {
  const std::uint32_t begin = offset_;
  offset_ += length;
  return finish(classify_word(text_.slice(begin, offset_)), begin);
}

void Lexer::skip_digits() {
  while (is_digit(peek())) ++offset_;
}

// digits[.digits][(e|E)[+|-]digits] or .digits. Without a digit behind it, a point belongs to what follows.
Token Lexer::read_number() {
  const std::uint32_t begin = offset_;
  if (peek() == '.') {
    ++offset_;
    skip_digits();
    return finish(TokenKind::kNumber, begin);
  }
  skip_digits();
  if (peek() == '.' && is_digit(peek(1))) {
    ++offset_;
    skip_digits();
  }
  if (peek() != 'e' && peek() != 'E') return finish(TokenKind::kNumber, begin);
  ++offset_;
  if (peek() == '+' || peek() == '-') ++offset_;
  if (!is_digit(peek())) return finish(TokenKind::kMalformedNumber, begin);
  skip_digits();
  return finish(TokenKind::kNumber, begin);
}

// ---- Quoted text ----

// Goes behind the next [closing], a backslash taking the byte after it along. False if there is none: then everything
// up to the end is skipped.
bool Lexer::skip_past(char closing) {
  while (!at_end()) {
    const char c = peek();
    offset_ += c == '\\' ? 2 : 1;
    if (c == closing) return true;
  }
  offset_ = end_;
  return false;
}

Token Lexer::read_string() {
  const std::uint32_t begin = offset_;
  const char quote = peek();
  if (peek(1) == quote && peek(2) == quote) return read_triple_string();
  ++offset_;
  const bool closed = skip_past(quote);
  return finish(closed ? TokenKind::kString : TokenKind::kUnterminatedString, begin);
}

// Nothing but three quotes ends it, not even after a backslash are they anything else.
Token Lexer::read_triple_string() {
  const std::uint32_t begin = offset_;
  const std::string_view quotes = text_.slice(begin, begin + 3);
  const std::size_t closing = text_.slice(begin + 3, end_).find(quotes);
  if (closing == std::string_view::npos) {
    offset_ = end_;
    return finish(TokenKind::kUnterminatedString, begin);
  }
  offset_ = begin + 3 + static_cast<std::uint32_t>(closing) + 3;
  return finish(TokenKind::kString, begin);
}

Token Lexer::read_regex() {
  const std::uint32_t begin = offset_;
  ++offset_;
  const bool closed = skip_past('~');
  return finish(closed ? TokenKind::kRegex : TokenKind::kUnterminatedRegex, begin);
}

// ---- The rest ----

Token Lexer::read_operator() {
  const std::uint32_t begin = offset_;
  const Operator found = operator_at(peek(), peek(1));
  if (found.length == 0) return read_unexpected_character();
  offset_ += found.length;
  return finish(found.kind, begin);
}

Token Lexer::read_unexpected_character() {
  const std::uint32_t begin = offset_;
  offset_ += decode_utf8(text_.slice(begin, end_), 0).length;
  return finish(TokenKind::kUnexpectedCharacter, begin);
}

}  // namespace duso::syntax
