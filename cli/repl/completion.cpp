#include "cli/repl/completion.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "cli/repl/input_text.hpp"
#include "interpreter/syntax/lexer.hpp"
#include "interpreter/values/utf8.hpp"

namespace duso::cli::repl {

namespace {

using syntax::Token;
using syntax::TokenKind;

// The tokens of [source], without the end of the file.
std::vector<Token> tokens_of(const syntax::Source& source, std::vector<syntax::Comment>& comments) {
  std::vector<Token> tokens;
  syntax::Lexer lexer(source, &comments);
  for (Token token = lexer.next(); token.kind != TokenKind::kEndOfFile; token = lexer.next()) tokens.push_back(token);
  return tokens;
}

bool is_word(const Token& token) {
  return token.kind == TokenKind::kIdentifier || syntax::is_reserved_word(token.kind);
}

CompletionPoint point_in_command(std::string_view line) {
  const std::string_view text = utf8::trim_start(line);
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return {CompletionPoint::Kind::kCommand, {}, std::string(text)};
  const std::string_view command = text.substr(0, blank);
  const std::string_view operand = utf8::trim_start(text.substr(blank));
  if (command == ":doc") return {CompletionPoint::Kind::kTopic, {}, std::string(operand)};
  if (command == ":type" || command == ":time") return completion_point(operand);
  return {};
}

}  // namespace

CompletionPoint completion_point(std::string_view line) {
  if (is_command(line)) return point_in_command(line);
  const syntax::Source source("<stdin>", std::string(line));
  std::vector<syntax::Comment> comments;
  std::vector<Token> tokens = tokens_of(source, comments);
  const std::string_view text = source.text();

  if (!comments.empty() && comments.back().end == text.size()) return {};
  CompletionPoint point{.kind = CompletionPoint::Kind::kName};
  if (!tokens.empty() && tokens.back().end == text.size()) {
    const Token& last = tokens.back();
    if (is_mistake(last.kind) || last.kind == TokenKind::kNumber || last.kind == TokenKind::kString) return {};
    if (is_word(last)) {
      point.prefix = text.substr(last.begin);
      tokens.pop_back();
    }
  }
  // Backwards over `.name` as long as there is one.
  while (!tokens.empty() && tokens.back().kind == TokenKind::kDot) {
    tokens.pop_back();
    if (tokens.empty() || !is_word(tokens.back())) return {};
    point.path.emplace(point.path.begin(), text.substr(tokens.back().begin, tokens.back().end - tokens.back().begin));
    point.kind = CompletionPoint::Kind::kMember;
    tokens.pop_back();
  }
  return point;
}

std::vector<std::string> matching(std::vector<std::string> words, std::string_view prefix) {
  std::erase_if(words, [prefix](const std::string& word) { return !word.starts_with(prefix); });
  std::ranges::sort(words);
  const auto repeated = std::ranges::unique(words);
  words.erase(repeated.begin(), repeated.end());
  return words;
}

std::string common_beginning(const std::vector<std::string>& words) {
  std::string_view common = words.front();
  for (const std::string& word : words) {
    common = common.substr(0, static_cast<std::size_t>(std::ranges::mismatch(common, word).in1 - common.begin()));
  }
  // The first byte that differs may be inside a character.
  const auto is_inside = [&](std::size_t at) {
    return at < words.front().size() && (static_cast<unsigned char>(words.front()[at]) & 0xC0) == 0x80;
  };
  while (is_inside(common.size())) common.remove_suffix(1);
  return std::string(common);
}

std::string in_columns(const std::vector<std::string>& words, std::size_t width) {
  std::size_t widest = 0;
  for (const std::string& word : words) widest = std::max(widest, utf8::count(word));
  const std::size_t column_width = widest + 2;
  const std::size_t columns = std::max<std::size_t>(1, (width + 1) / column_width);
  const std::size_t rows = (words.size() + columns - 1) / columns;
  std::string text;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t at = row; at < words.size(); at += rows) {
      text += words[at];
      if (at + rows < words.size()) text.append(column_width - utf8::count(words[at]), ' ');
    }
    text += '\n';
  }
  return text;
}

}  // namespace duso::cli::repl
