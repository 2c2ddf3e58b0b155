// Character classes come from a generated table of ranges, everything else is short enough to be written down. Decoding
// is strict: overlong forms, surrogates and numbers above U+10FFFF are no characters (RFC 3629).
#include "interpreter/syntax/unicode.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace duso::syntax {

namespace {

struct IdentifierRange {
  std::uint32_t first;
  std::uint32_t last;
  bool is_letter;
};

constexpr IdentifierRange kIdentifierRanges[] = {
#include "interpreter/syntax/unicode_identifiers.inc"
};

constexpr DecodedCharacter kInvalid{kReplacementCharacter, 1};

// By length: the first code point that needs so many bytes. A smaller one in so many bytes is an overlong form.
constexpr std::array<char32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};

// The range [character] (above U+007F) is in, or null.
const IdentifierRange* find_range(char32_t character) {
  const auto* const after = std::upper_bound(std::begin(kIdentifierRanges), std::end(kIdentifierRanges), character,
                                             [](char32_t c, const IdentifierRange& range) { return c < range.first; });
  if (after == std::begin(kIdentifierRanges)) return nullptr;
  const IdentifierRange* const candidate = after - 1;
  return character <= candidate->last ? candidate : nullptr;
}

constexpr bool is_ascii_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr bool is_ascii_digit(char32_t c) { return c >= '0' && c <= '9'; }

constexpr bool is_continuation_byte(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// Property White_Space of the Unicode Character Database.
constexpr bool is_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// The last character of [text], which must not be empty.
DecodedCharacter decode_last(std::string_view text) {
  std::size_t start = text.size() - 1;
  while (start > 0 && text.size() - start < 4 && is_continuation_byte(static_cast<unsigned char>(text[start]))) --start;
  const DecodedCharacter character = decode_utf8(text, start);
  const bool reaches_the_end = start + character.length == text.size();
  return reaches_the_end ? character : kInvalid;
}

}  // namespace

DecodedCharacter decode_utf8(std::string_view text, std::size_t offset) {
  const auto first = static_cast<unsigned char>(text[offset]);
  if (first < 0x80) return {first, 1};
  if (first < 0xC0 || first > 0xF7) return kInvalid;
  const std::uint8_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (text.size() - offset < length) return kInvalid;

  char32_t code_point = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[offset + i]);
    if (!is_continuation_byte(byte)) return kInvalid;
    code_point = code_point << 6 | (byte & 0x3FU);
  }
  const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < kSmallest[length] || code_point > 0x10FFFF || is_surrogate) return kInvalid;
  return {code_point, length};
}

bool starts_identifier(char32_t character) {
  if (character < 0x80) return is_ascii_letter(character) || character == '_';
  const IdentifierRange* const range = find_range(character);
  return range != nullptr && range->is_letter;
}

bool continues_identifier(char32_t character) {
  if (character < 0x80) return is_ascii_letter(character) || is_ascii_digit(character) || character == '_';
  return find_range(character) != nullptr;
}

std::string_view trim_white_space(std::string_view text) {
  while (!text.empty()) {
    const DecodedCharacter first = decode_utf8(text, 0);
    if (!is_white_space(first.code_point)) break;
    text.remove_prefix(first.length);
  }
  while (!text.empty()) {
    const DecodedCharacter last = decode_last(text);
    if (!is_white_space(last.code_point)) break;
    text.remove_suffix(last.length);
  }
  return text;
}

}  // namespace duso::syntax
