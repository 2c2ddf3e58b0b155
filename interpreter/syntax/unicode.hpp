// What the lexer has to know about characters beyond ASCII.
//
// Scripts are UTF-8. Identifiers may contain the letters, marks and digits of any writing (section 18.2 of the
// language's specification), triple-quoted strings are trimmed of any Unicode white space, and a character that nothing
// can begin with is reported by its code point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace duso::syntax {

// A character and how many bytes it takes. A byte that is no valid UTF-8 is U+FFFD of length 1.
struct DecodedCharacter {
  char32_t code_point;
  std::uint8_t length;
};

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

// The character at [offset] of [text], which must not be the end.
DecodedCharacter decode_utf8(std::string_view text, std::size_t offset);

// Whether an identifier may begin with [character]: a letter or an underscore.
bool starts_identifier(char32_t character);

// Whether [character] may stand in an identifier behind its first one: a letter, mark or digit, or an underscore.
bool continues_identifier(char32_t character);

// [text] without the Unicode white space at its ends.
std::string_view trim_white_space(std::string_view text);

}  // namespace duso::syntax
