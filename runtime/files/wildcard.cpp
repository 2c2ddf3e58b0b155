#include "runtime/files/wildcard.hpp"

#include <algorithm>

#include "interpreter/values/utf8.hpp"
#include "runtime/files/path_text.hpp"

namespace duso {

namespace {

constexpr char32_t kFirstLooseByte = 0x11'0000;

FileError pattern_error(std::string text) { return {FileError::Kind::kPattern, {}, std::move(text), 0}; }

}  // namespace

std::vector<NamePattern::Character> NamePattern::characters_of(std::string_view text) {
  std::vector<Character> characters;
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded decoded = utf8::decode(text, at);
    characters.push_back(decoded.valid ? decoded.code_point : kFirstLooseByte + static_cast<unsigned char>(text[at]));
    at += decoded.length;
  }
  return characters;
}

bool NamePattern::Token::accepts(Character character) const {
  if (kind == Kind::kAnyCharacter) return true;
  const bool inside = std::ranges::any_of(
      ranges, [character](const auto& range) { return range.first <= character && character <= range.second; });
  return inside != negated;
}

// character := any but "-" and "]" | "\\" any
bool NamePattern::parse_class_character(const std::vector<Character>& text, std::size_t& at, Character& character) {
  if (at == text.size() || text[at] == U'-' || text[at] == U']') return false;
  if (text[at] == U'\\') ++at;
  if (at == text.size()) return false;
  character = text[at];
  ++at;
  return true;
}

// class := "[" ["^"] range { range } "]"        range := character [ "-" character ]
bool NamePattern::parse_class(const std::vector<Character>& text, std::size_t& at, Token& token) {
  token.kind = Token::Kind::kClass;
  token.negated = at < text.size() && text[at] == U'^';
  if (token.negated) ++at;
  while (at < text.size() && (text[at] != U']' || token.ranges.empty())) {
    Character first;
    if (!parse_class_character(text, at, first)) return false;
    Character last = first;
    if (at < text.size() && text[at] == U'-') {
      ++at;
      if (!parse_class_character(text, at, last)) return false;
    }
    token.ranges.emplace_back(first, last);
  }
  if (at == text.size()) return false;
  ++at;  // the bracket
  return true;
}

bool NamePattern::parse(std::string_view text, NamePattern& pattern) {
  const std::vector<Character> characters = characters_of(text);
  for (std::size_t at = 0; at < characters.size();) {
    const Character character = characters[at++];
    Token token{Token::Kind::kCharacter};
    switch (character) {
      case U'*':
        token.kind = Token::Kind::kAnyRun;
        break;
      case U'?':
        token.kind = Token::Kind::kAnyCharacter;
        break;
      case U'[':
        if (!parse_class(characters, at, token)) return false;
        break;
      default: {
        if (character == U'\\' && at == characters.size()) return false;
        const Character meant = character == U'\\' ? characters[at++] : character;
        token.ranges.emplace_back(meant, meant);
        if (meant < kFirstLooseByte) {
          utf8::append(pattern.literal_, meant);
        } else {
          pattern.literal_ += static_cast<char>(meant - kFirstLooseByte);
        }
      }
    }
    if (token.kind != Token::Kind::kCharacter) pattern.is_literal_ = false;
    pattern.tokens_.push_back(std::move(token));
  }
  return true;
}

bool NamePattern::matches(std::string_view name) const {
  if (is_literal_) return name == literal_;
  // Where two runs could share the text between them, the first one may always be the shortest. So there is never a
  // choice to come back to but how much the last run takes.
  const std::vector<Character> text = characters_of(name);
  std::size_t token = 0;
  std::size_t at = 0;
  bool has_run = false;
  std::size_t after_run = 0;
  std::size_t run_end = 0;
  while (at < text.size()) {
    if (token < tokens_.size() && tokens_[token].kind == Token::Kind::kAnyRun) {
      has_run = true;
      after_run = ++token;
      run_end = at;
    } else if (token < tokens_.size() && tokens_[token].accepts(text[at])) {
      ++token;
      ++at;
    } else if (has_run) {
      token = after_run;
      at = ++run_end;
    } else {
      return false;
    }
  }
  return std::all_of(tokens_.begin() + static_cast<std::ptrdiff_t>(token), tokens_.end(),
                     [](const Token& rest) { return rest.kind == Token::Kind::kAnyRun; });
}

Result<PathPattern> PathPattern::parse(std::string_view text) {
  if (text.find("**") != std::string_view::npos) {
    return pattern_error(
        "** (recursive wildcard) is not supported\n"
        "Available patterns: * (match anything), ? (match single character)");
  }
  PathPattern pattern;
  if (text.empty()) return pattern;
  const std::string cleaned = paths::clean(text);
  pattern.is_absolute_ = cleaned.starts_with('/');
  for (std::size_t at = pattern.is_absolute_ ? 1 : 0; at < cleaned.size();) {
    const std::size_t end = std::min(cleaned.find('/', at), cleaned.size());
    if (!NamePattern::parse(std::string_view(cleaned).substr(at, end - at), pattern.parts_.emplace_back())) {
      return pattern_error("invalid pattern: syntax error in pattern");
    }
    at = end + 1;
  }
  return pattern;
}

bool PathPattern::matches(std::string_view path) const {
  std::size_t at = path.starts_with('/') ? 1 : 0;
  if ((at == 1) != is_absolute_) return false;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (at > path.size() || !parts_[i].matches(path.substr(at, end - at))) return false;
    at = end + 1;
  }
  return at > path.size();
}

}  // namespace duso
