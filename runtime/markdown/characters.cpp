#include "runtime/markdown/characters.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>

#include "interpreter/values/utf8.hpp"

namespace duso::markdown {

namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// kPunctuation, sorted ranges; kEntities, the names in byte order, each as '\1' NAME '\2' TEXT, and a last '\1'. A
// single string needs no pointers that would have to be adjusted whenever the program starts.
#include "runtime/markdown/character_tables.inc"

// The text of the entity called [name]; empty if there is none. Halves the table until one entry is left.
std::string_view find_entity(std::string_view name) {
  const std::string_view table(kEntities, sizeof kEntities - 1);
  std::size_t low = 0;  // offsets of entries
  std::size_t high = table.size() - 1;
  while (low < high) {
    const std::size_t entry = table.rfind('\1', low + (high - low) / 2);
    const std::size_t name_end = table.find('\2', entry);
    const std::size_t end = table.find('\1', name_end);
    const int order = name.compare(table.substr(entry + 1, name_end - entry - 1));
    if (order == 0) return table.substr(name_end + 1, end - name_end - 1);
    if (order < 0) {
      high = entry;
    } else {
      low = end;
    }
  }
  return {};
}

std::string decode_number(std::string_view digits, int base) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (error != std::errc() || end != digits.data() + digits.size() || number == 0) number = utf8::kReplacement;
  std::string text;
  utf8::append(text, number);
  return text;
}

}  // namespace

std::string decode_entity(std::string_view reference) {
  const std::string_view body = reference.substr(1, reference.size() - 2);
  if (body.starts_with("#x") || body.starts_with("#X")) return decode_number(body.substr(2), 16);
  if (body.starts_with('#')) return decode_number(body.substr(1), 10);
  const std::string_view text = find_entity(body);
  return std::string(text.empty() ? reference : text);
}

bool is_punctuation(char32_t character) {
  const auto* range = std::ranges::lower_bound(kPunctuation, character, {}, &Range::last);
  return range != std::end(kPunctuation) && range->first <= character;
}

}  // namespace duso::markdown
