#include "interpreter/syntax/lint/suppressions.hpp"

#include <algorithm>

namespace duso::syntax {

namespace {

constexpr std::string_view kOpening = "//";
constexpr std::string_view kKeyword = "lint-ignore";
constexpr std::string_view kBlanks = " \t";

std::string_view without_blanks_in_front(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(kBlanks), text.size()));
}

// The rules that [comment] names; empty if it is about something else.
std::string_view rules_in(const Comment& comment) {
  if (comment.block) return {};
  std::string_view text = without_blanks_in_front(comment.text.substr(kOpening.size()));
  if (!text.starts_with(kKeyword)) return {};
  text.remove_prefix(kKeyword.size());
  return text.empty() || kBlanks.find(text.front()) == kBlanks.npos ? std::string_view() : text;
}

bool begins_line(const Source& source, const Comment& comment) {
  const std::uint32_t start = source.line_start(comment.position.line);
  return without_blanks_in_front(source.text().substr(start, comment.begin - start)).empty();
}

}  // namespace

Suppressions::Suppressions(const Program& program) {
  // From the last comment to the first, so that one in a line of its own knows what the next line is about.
  const List<Comment> comments = program.comments();
  std::uint32_t line_below = 0;  // the line below which the last such comment stands, and what it speaks of
  std::uint32_t target_below = 0;
  for (auto comment = comments.rbegin(); comment != comments.rend(); ++comment) {
    const std::string_view rules = rules_in(*comment);
    if (rules.empty()) continue;
    const std::uint32_t line = comment->position.line;
    if (!begins_line(program.source(), *comment)) {
      add(rules, line);
      continue;
    }
    const std::uint32_t target = line + 1 == line_below ? target_below : line + 1;
    add(rules, target);
    line_below = line;
    target_below = target;
  }
}

// Adds all names in the list [rules] for [line]. What stands behind the names, a reason say, names no rule.
void Suppressions::add(std::string_view rules, std::uint32_t line) {
  while (!(rules = rules.substr(std::min(rules.find_first_not_of(" \t,"), rules.size()))).empty()) {
    const std::size_t length = std::min(rules.find_first_of(" \t,"), rules.size());
    entries_.push_back({line, rules.substr(0, length)});
    rules.remove_prefix(length);
  }
}

bool Suppressions::cover(const Finding& finding) const {
  return finding.severity != Severity::kError &&
         std::ranges::find(entries_, Entry{finding.begin.line, finding.rule}) != entries_.end();
}

}  // namespace duso::syntax
