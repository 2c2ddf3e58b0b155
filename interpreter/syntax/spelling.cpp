#include "interpreter/syntax/spelling.hpp"

#include <algorithm>
#include <unordered_set>

#include "interpreter/syntax/lexer.hpp"

namespace duso::syntax {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // distance[i][j] is the distance of the first i bytes of [a] from the first j bytes of [b].
  std::vector<std::vector<std::size_t>> distance(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) distance[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) distance[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = distance[i - 1][j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0);
      distance[i][j] = std::min({distance[i - 1][j] + 1, distance[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        distance[i][j] = std::min(distance[i][j], distance[i - 2][j - 2] + 1);
      }
    }
  }
  return distance[a.size()][b.size()];
}

std::string_view most_similar(std::string_view word, std::span<const std::string_view> candidates) {
  const std::size_t tolerance = word.size() < 2 ? 0 : word.size() <= 4 ? 1 : 2;
  std::size_t least = tolerance + 1;
  std::string_view best;
  for (const std::string_view candidate : candidates) {
    // The lengths alone rule out most candidates, and whole paths and programs as words.
    if (std::max(word.size(), candidate.size()) - std::min(word.size(), candidate.size()) > tolerance) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

std::vector<std::string> names_given_in(const Source& source) {
  std::vector<std::string> names;
  std::unordered_set<std::string> seen;
  Lexer lexer(source);
  bool in_parameters = false;  // between the parentheses behind `function` or `catch`
  bool is_declared = false;    // a word before the token declares what it names
  Token token = lexer.next();
  while (token.kind != TokenKind::kEndOfFile) {
    const Token next = lexer.next();
    if (token.kind == TokenKind::kIdentifier && (is_declared || in_parameters || next.kind == TokenKind::kAssign)) {
      std::string name(lexer.text().slice(token.begin, token.end));
      if (seen.insert(name).second) names.push_back(std::move(name));
    }
    switch (token.kind) {
      case TokenKind::kFunction:
      case TokenKind::kCatch:
        in_parameters = true;
        break;
      case TokenKind::kRightParenthesis:
        in_parameters = false;
        break;
      default:
        break;
    }
    is_declared = token.kind == TokenKind::kVar || token.kind == TokenKind::kFor;
    token = next;
  }
  return names;
}

}  // namespace duso::syntax
