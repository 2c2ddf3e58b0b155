#include "stdlib/builtins/replacement_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

#include "interpreter/syntax/unicode.hpp"
#include "interpreter/values/utf8.hpp"

namespace duso::stdlib {

namespace {

// The letters, digits and underscores that [text] begins with.
std::string_view leading_name(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size()) {
    const utf8::Decoded next = utf8::decode(text, size);
    if (!syntax::continues_identifier(next.code_point)) break;
    size += next.length;
  }
  return text.substr(0, size);
}

// [name] as the number of a group: decimal digits without a leading zero.
std::optional<std::size_t> group_number(std::string_view name) {
  if (name.size() > 1 && name.front() == '0') return std::nullopt;
  std::size_t number = 0;
  const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (problem != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

}  // namespace

ReplacementText::ReplacementText(std::string_view text, const SearchPattern& pattern) {
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('$'), text.size());
    add_text(text.substr(0, plain));
    text.remove_prefix(plain);
    if (!text.empty()) text.remove_prefix(read_reference(text, pattern));
  }
}

// Reads what [text], which begins with a dollar sign, refers to. Returns how many bytes that took.
std::size_t ReplacementText::read_reference(std::string_view text, const SearchPattern& pattern) {
  if (text.starts_with("$$")) {
    add_text("$");
    return 2;
  }
  const bool is_braced = text.starts_with("${");
  const std::size_t start = is_braced ? 2 : 1;
  const std::string_view name = leading_name(text.substr(start));
  const std::size_t end = start + name.size();
  if (name.empty() || (is_braced && !text.substr(end).starts_with('}'))) {
    add_text("$");
    return 1;
  }
  add_group(name, pattern);
  return is_braced ? end + 1 : end;
}

void ReplacementText::add_text(std::string_view text) {
  if (!text.empty()) pieces_.push_back({text, 0, false});
}

void ReplacementText::add_group(std::string_view name, const SearchPattern& pattern) {
  std::optional<std::size_t> group = group_number(name);
  if (!group) group = pattern.group_named(name);
  if (!group || *group > pattern.group_count()) return;
  pieces_.push_back({{}, *group, true});
  highest_group_ = std::max(highest_group_, *group);
}

}  // namespace duso::stdlib
