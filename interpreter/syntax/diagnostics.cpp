// Columns count bytes, what is shown counts characters: the caret of an excerpt has to bridge that.
#include "interpreter/syntax/diagnostics.hpp"

#include <algorithm>
#include <cstddef>

namespace duso::syntax {

namespace {

// Bytes shown before and after the place.
constexpr std::size_t kExcerptReach = 80;

constexpr bool is_continuation_byte(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// The nearest beginning of a character at or before [offset] of [line].
std::size_t character_start(std::string_view line, std::size_t offset) {
  while (offset > 0 && offset < line.size() && is_continuation_byte(line[offset])) --offset;
  return offset;
}

// Blanks as wide as [text]: one for a character, and a tab where it has a tab.
std::string blanks_for(std::string_view text) {
  std::string blanks;
  for (const char c : text) {
    if (!is_continuation_byte(c)) blanks += c == '\t' ? '\t' : ' ';
  }
  return blanks;
}

}  // namespace

std::string compose(std::initializer_list<std::string_view> parts) {
  std::string message;
  for (const std::string_view part : parts) message += part;
  return message;
}

std::string format(const Source& source, const Diagnostic& diagnostic) {
  const std::string_view severity = diagnostic.severity == Severity::kWarning ? "warning: " : "";
  return compose({source.name(), ":", std::to_string(diagnostic.position.line), ":",
                  std::to_string(diagnostic.position.column), ": ", severity, diagnostic.message});
}

std::string excerpt(const Source& source, Position position) {
  const std::string_view line = source.line(position.line);
  const std::size_t place = std::min<std::size_t>(position.column - 1, line.size());
  const std::size_t first = place > kExcerptReach ? character_start(line, place - kExcerptReach) : 0;
  const std::size_t last = character_start(line, std::min(place + kExcerptReach, line.size()));
  return compose({line.substr(first, last - first), "\n", blanks_for(line.substr(first, place - first)), "^\n"});
}

}  // namespace duso::syntax
