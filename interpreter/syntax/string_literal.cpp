// Indentation first, escapes last, as the header says; each half is a few functions that take text off the front of a
// view.
#include "interpreter/syntax/string_literal.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "interpreter/syntax/unicode.hpp"

namespace duso::syntax {

namespace {

// ---- Indentation ----

std::string_view indentation_of(std::string_view line) {
  return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

std::string_view common_beginning(std::string_view a, std::string_view b) {
  const auto differing = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
  return a.substr(0, static_cast<std::size_t>(differing - a.begin()));
}

// The text up to the first newline of [rest], which loses both.
std::string_view take_line(std::string_view& rest) {
  const std::size_t newline = rest.find('\n');
  const std::string_view line = rest.substr(0, newline);
  rest.remove_prefix(newline == rest.npos ? rest.size() : newline + 1);
  return line;
}

// What the lines of [content] that have any text begin with in common. Lines before the first indented one do not
// count; after it, one without indentation means that there is nothing in common.
std::string_view common_indentation(std::string_view content) {
  std::string_view common;
  while (!content.empty()) {
    const std::string_view line = take_line(content);
    if (trim_white_space(line).empty()) continue;
    const std::string_view own = indentation_of(line);
    if (common.empty()) {
      common = own;
      continue;
    }
    common = common_beginning(common, own);
    if (common.empty()) return {};
  }
  return common;
}

// Copies [range] without [indentation] at the beginning of any line, noting where something was left out.
TextRange without_indentation(const TextRange& range, std::string_view indentation, Arena& arena) {
  std::string kept;
  std::vector<Splice> splices;
  std::uint32_t offset = range.begin;
  while (offset < range.end) {
    std::string_view line = range.text.slice(offset, range.end);
    line = line.substr(0, line.find('\n'));
    const auto whole_length = static_cast<std::uint32_t>(line.size());
    std::uint32_t from = offset;
    if (line.starts_with(indentation)) from += static_cast<std::uint32_t>(indentation.size());
    splices.push_back({static_cast<std::uint32_t>(kept.size()), range.text.source_offset(from)});
    offset = std::min(offset + whole_length + 1, range.end);
    kept += range.text.slice(from, offset);
  }
  const std::span<const Splice> kept_splices = arena.copy(std::span<const Splice>(splices));
  return {{arena.copy(std::string_view(kept)), kept_splices}, 0, static_cast<std::uint32_t>(kept.size())};
}

// ---- Escapes ----

constexpr bool is_octal_digit(char c) { return c >= '0' && c <= '7'; }

// The value of the hexadecimal digit [c]; 0 if it is none.
constexpr unsigned hex_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return 0;
}

// Appends the character U+0000 to U+00FF with the number [code_point].
void append_latin(std::string& result, unsigned code_point) {
  if (code_point < 0x80) {
    result += static_cast<char>(code_point);
  } else {
    result += static_cast<char>(0xC0U | code_point >> 6);
    result += static_cast<char>(0x80U | (code_point & 0x3FU));
  }
}

// Takes the first character of [rest] off and returns its bytes.
std::string_view take_character(std::string_view& rest) {
  const std::string_view character = rest.substr(0, decode_utf8(rest, 0).length);
  rest.remove_prefix(character.size());
  return character;
}

// One to three octal digits: the character with that number modulo 256.
void resolve_octal(std::string_view& rest, std::string& result) {
  unsigned value = 0;
  for (int digits = 0; digits < 3 && !rest.empty() && is_octal_digit(rest.front()); ++digits) {
    value = value * 8 + static_cast<unsigned>(rest.front() - '0');
    rest.remove_prefix(1);
  }
  append_latin(result, value % 256);
}

// The two characters after `\x`; what is no digit counts as 0. With fewer than two left the x stands for itself.
void resolve_hexadecimal(std::string_view& rest, std::string& result) {
  std::string_view behind = rest;
  unsigned value = 0;
  for (int digits = 0; digits < 2; ++digits) {
    if (behind.empty()) {
      result += 'x';
      return;
    }
    const std::string_view digit = take_character(behind);
    value = value * 16 + hex_value(digit.front());
  }
  rest = behind;
  append_latin(result, value);
}

// Appends to [result] what the escape stands for whose backslash was just before [rest], and takes it off [rest].
void resolve_escape(std::string_view& rest, std::string& result) {
  if (rest.empty()) {
    result += '\\';
    return;
  }
  if (is_octal_digit(rest.front())) {
    resolve_octal(rest, result);
    return;
  }
  const std::string_view character = take_character(rest);
  switch (character.front()) {
    case 'n':
      result += '\n';
      break;
    case 't':
      result += '\t';
      break;
    case 'r':
      result += '\r';
      break;
    case 'x':
      resolve_hexadecimal(rest, result);
      break;
    default:
      result += character;
  }
}

}  // namespace

TextRange string_content(const MappedText& text, const Token& token, Arena& arena) {
  const std::string_view written = text.slice(token.begin, token.end);
  const bool is_triple = written.size() >= 6 && written[1] == written[0] && written[2] == written[0];
  if (!is_triple) return {text, token.begin + 1, token.end - 1};

  const std::string_view trimmed = trim_white_space(written.substr(3, written.size() - 6));
  const auto begin = static_cast<std::uint32_t>(trimmed.data() - text.bytes.data());
  const TextRange content{text, begin, begin + static_cast<std::uint32_t>(trimmed.size())};
  const std::string_view indentation = common_indentation(trimmed);
  return indentation.empty() ? content : without_indentation(content, indentation, arena);
}

std::string_view unescape(std::string_view text, Arena& arena) {
  std::size_t backslash = text.find('\\');
  if (backslash == text.npos) return text;
  std::string result;
  while (backslash != text.npos) {
    result += text.substr(0, backslash);
    text.remove_prefix(backslash + 1);
    resolve_escape(text, result);
    backslash = text.find('\\');
  }
  result += text;
  return arena.copy(std::string_view(result));
}

}  // namespace duso::syntax
