#include "runtime/size_text.hpp"

#include <charconv>
#include <cstdint>
#include <system_error>

namespace duso {

namespace {

// The power of two that [suffix] multiplies by; nothing for a suffix that does not exist.
std::optional<int> shift_of(std::string_view suffix) {
  if (suffix.empty()) return 0;
  if (suffix.size() > 2 || (suffix.size() == 2 && suffix[1] != 'b' && suffix[1] != 'B')) return std::nullopt;
  switch (suffix[0]) {
    case 'k':
    case 'K':
      return 10;
    case 'm':
    case 'M':
      return 20;
    case 'g':
    case 'G':
      return 30;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::size_t> parse_size(std::string_view text) {
  std::size_t number = 0;
  const char* const start = text.data();
  const char* const end = start + text.size();
  const auto [rest, error] = std::from_chars(start, end, number);
  if (error != std::errc()) return std::nullopt;
  const std::optional<int> shift = shift_of({rest, static_cast<std::size_t>(end - rest)});
  if (!shift || number > SIZE_MAX >> *shift) return std::nullopt;
  return number << *shift;
}

}  // namespace duso
