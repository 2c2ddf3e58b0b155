#include "stdlib/builtins/json_reader.hpp"

#include <cstdint>
#include <utility>

#include "interpreter/values/number_text.hpp"
#include "interpreter/values/utf8.hpp"

namespace duso::stdlib {

namespace {

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

// The value of a hexadecimal digit, or -1.
int hex_value(char byte) {
  if (is_digit(byte)) return byte - '0';
  const char lower = static_cast<char>(byte | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// A byte as messages show it: the character with that number.
std::string quoted(char byte) {
  std::string text = "'";
  utf8::append(text, static_cast<unsigned char>(byte));
  return text + "'";
}

constexpr bool is_high_surrogate(std::uint32_t unit) { return (unit & 0xFC00) == 0xD800; }
constexpr bool is_low_surrogate(std::uint32_t unit) { return (unit & 0xFC00) == 0xDC00; }

// The four hexadecimal digits at the start of [text], which were checked before.
std::uint32_t code_unit(std::string_view text) {
  std::uint32_t unit = 0;
  for (std::size_t i = 0; i < 4; ++i) unit = unit << 4 | static_cast<std::uint32_t>(hex_value(text[i]));
  return unit;
}

}  // namespace

std::optional<JsonProblem> JsonReader::read() {
  Next next = Next::kValue;
  for (;;) {
    skip_space();
    switch (next) {
      case Next::kValue:
        next = read_value();
        break;
      case Next::kName:
        next = read_name();
        break;
      case Next::kAfterValue:
        next = read_after_value();
        break;
      case Next::kDone:
        return std::nullopt;
      case Next::kFailed:
        return std::move(problem_);
    }
  }
}

// value = object | array | string | number | "true" | "false" | "null"
JsonReader::Next JsonReader::read_value() {
  if (at_end()) return fail("unexpected end of input", at_);
  if (builder_.depth() > kMaxJsonDepth) {
    return fail("exceeded maximum nesting depth of " + std::to_string(kMaxJsonDepth), at_);
  }
  switch (peek()) {
    case '{':
      ++at_;
      builder_.open_object();
      skip_space();
      if (at_end() || peek() != '}') return Next::kName;
      ++at_;
      builder_.close_object();
      return Next::kAfterValue;
    case '[':
      ++at_;
      builder_.open_array();
      skip_space();
      if (at_end() || peek() != ']') return Next::kValue;
      ++at_;
      builder_.close_array();
      return Next::kAfterValue;
    case '"': {
      std::string_view text;
      if (!read_string(text)) return Next::kFailed;
      builder_.add_string(text);
      return Next::kAfterValue;
    }
    case 't':
      return read_literal("true", Value(true));
    case 'f':
      return read_literal("false", Value(false));
    case 'n':
      return read_literal("null", Value::nil());
    default:
      return peek() == '-' || is_digit(peek()) ? read_number() : unexpected_character();
  }
}

// name = string ":"
JsonReader::Next JsonReader::read_name() {
  if (at_end() || peek() != '"') return fail("expected object key", at_);
  std::string_view name;
  if (!read_string(name)) return Next::kFailed;
  skip_space();
  if (at_end() || peek() != ':') return fail("expected ':' after object key", at_);
  ++at_;
  builder_.add_name(name);
  return Next::kValue;
}

JsonReader::Next JsonReader::read_after_value() {
  if (builder_.depth() == 0) return at_end() ? Next::kDone : fail("unexpected trailing data", at_);
  const bool in_array = builder_.in_array();
  if (at_end()) return fail(in_array ? "unexpected end of input in array" : "unexpected end of input in object", at_);
  const char byte = peek();
  if (byte == ',') {
    ++at_;
    return in_array ? Next::kValue : Next::kName;
  }
  if (byte != (in_array ? ']' : '}')) {
    return fail(in_array ? "expected ',' or ']' in array" : "expected ',' or '}' in object", at_);
  }
  ++at_;
  if (in_array) {
    builder_.close_array();
  } else {
    builder_.close_object();
  }
  return Next::kAfterValue;
}

JsonReader::Next JsonReader::read_literal(std::string_view literal, Value value) {
  if (!text_.substr(at_).starts_with(literal)) {
    return fail("invalid literal, expected \"" + std::string(literal) + "\"", at_);
  }
  at_ += literal.size();
  builder_.add(value);
  return Next::kAfterValue;
}

// number = ["-"] ("0" | digit19 {digit}) ["." digit {digit}] [("e" | "E") ["+" | "-"] digit {digit}]
JsonReader::Next JsonReader::read_number() {
  const std::size_t start = at_;
  if (peek() == '-') ++at_;
  const std::size_t first = at_;
  const std::size_t whole = skip_digits();
  if (whole == 0) return fail("invalid number", at_);
  if (whole > 1 && text_[first] == '0') return fail("invalid number: leading zero", at_);
  bool is_whole = true;
  if (!at_end() && peek() == '.') {
    is_whole = false;
    ++at_;
    if (skip_digits() == 0) return fail("invalid number: no digits after decimal point", at_);
  }
  if (!at_end() && (peek() | 0x20) == 'e') {
    is_whole = false;
    ++at_;
    if (!at_end() && (peek() == '+' || peek() == '-')) ++at_;
    if (skip_digits() == 0) return fail("invalid number: no digits in exponent", at_);
  }
  if (is_whole && whole <= 15) {  // as a sum of digits it is exact
    double number = 0;
    for (std::size_t i = first; i < at_; ++i) number = number * 10 + (text_[i] - '0');
    builder_.add(Value(first == start ? number : -number));
    return Next::kAfterValue;
  }
  const std::string_view digits = text_.substr(start, at_ - start);
  const auto number = parse_entire_number(digits);
  if (!number) return fail("invalid number \"" + std::string(digits) + "\"", at_);
  builder_.add(Value(*number));
  return Next::kAfterValue;
}

// string = '"' {character | escape} '"'
bool JsonReader::read_string(std::string_view& result) {
  const std::size_t start = ++at_;
  bool is_plain = true;
  bool is_ascii = true;
  for (; !at_end(); ++at_) {
    const char byte = peek();
    if (byte == '"') {
      result = text_.substr(start, at_ - start);
      ++at_;
      if (is_plain && (is_ascii || utf8::is_valid(result))) return true;
      decode_string(result);
      result = scratch_;
      return true;
    }
    if (byte == '\\') {
      is_plain = false;
      ++at_;
      if (!check_escape()) return false;
    } else if (static_cast<unsigned char>(byte) < 0x20) {
      fail("invalid control character in string", at_);
      return false;
    } else if (static_cast<unsigned char>(byte) >= 0x80) {
      is_ascii = false;
    }
  }
  fail("unterminated string", at_);
  return false;
}

// Moves from behind a backslash to the last byte of its escape.
bool JsonReader::check_escape() {
  const std::size_t start = at_;
  if (at_end()) {
    fail("unterminated escape sequence", start);
    return false;
  }
  if (peek() != 'u') {
    if (std::string_view("\"\\/bfnrt").find(peek()) != std::string_view::npos) return true;
    fail("invalid escape character " + quoted(peek()), start);
    return false;
  }
  if (text_.size() - start < 5) {
    fail("incomplete \\u escape", start);
    return false;
  }
  for (std::size_t i = 1; i <= 4; ++i) {
    if (hex_value(text_[start + i]) >= 0) continue;
    fail("invalid hex digit " + quoted(text_[start + i]) + " in \\u escape", start);
    return false;
  }
  at_ = start + 4;
  return true;
}

// Puts the text of [raw], whose escapes were checked, into scratch_.
void JsonReader::decode_string(std::string_view raw) {
  static constexpr std::string_view kEscapes = "\"\\/bfnrt";
  static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  scratch_.clear();
  for (std::size_t at = 0; at < raw.size();) {
    const char byte = raw[at];
    if (byte != '\\') {
      const utf8::Decoded decoded = utf8::decode(raw, at);
      if (decoded.valid) {
        scratch_.append(raw, at, decoded.length);
      } else {
        utf8::append(scratch_, utf8::kReplacement);
      }
      at += decoded.length;
    } else if (raw[at + 1] == 'u') {
      at = decode_unicode_escape(raw, at);
    } else {
      scratch_ += kMeanings[kEscapes.find(raw[at + 1])];
      at += 2;
    }
  }
}

// Decodes the `\u` escape at [at], and the one behind it if they are a pair. Returns where it ends.
std::size_t JsonReader::decode_unicode_escape(std::string_view raw, std::size_t at) {
  const std::uint32_t unit = code_unit(raw.substr(at + 2));
  at += 6;
  if (is_high_surrogate(unit) && raw.substr(at).starts_with("\\u")) {
    const std::uint32_t second = code_unit(raw.substr(at + 2));
    if (is_low_surrogate(second)) {
      utf8::append(scratch_, 0x10000 + ((unit & 0x3FF) << 10 | (second & 0x3FF)));
      return at + 6;
    }
  }
  utf8::append(scratch_, unit);  // a lone surrogate is written as U+FFFD
  return at;
}

void JsonReader::skip_space() {
  while (!at_end() && (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t')) ++at_;
}

// Moves over digits and returns how many there were.
std::size_t JsonReader::skip_digits() {
  const std::size_t start = at_;
  while (!at_end() && is_digit(peek())) ++at_;
  return at_ - start;
}

JsonReader::Next JsonReader::fail(std::string reason, std::size_t offset) {
  problem_ = {std::move(reason), offset};
  return Next::kFailed;
}

JsonReader::Next JsonReader::unexpected_character() { return fail("unexpected character " + quoted(peek()), at_); }

}  // namespace duso::stdlib
