#include "interpreter/values/regex.hpp"

#include <unordered_map>
#include <utility>
#include <vector>

#include <re2/re2.h>

#include "interpreter/values/hash.hpp"
#include "interpreter/values/type_table.hpp"
#include "interpreter/values/utf8.hpp"

namespace duso {

namespace {

using CompiledRegex = std::shared_ptr<const re2::RE2>;

// Compiled patterns by their text. A thread runs many instances, one after the other; none can change a compiled
// pattern.
class RegexCache {
 public:
  CompiledRegex find(std::string_view pattern) const {
    const auto known = patterns_.find(pattern);
    return known != patterns_.end() ? known->second : nullptr;
  }

  void remember(std::string_view pattern, const CompiledRegex& compiled) {
    const auto size = static_cast<std::size_t>(compiled->ProgramSize());
    if (patterns_.size() >= kMostPatterns || instructions_ + size > kMostInstructions) {
      patterns_.clear();
      instructions_ = 0;
    }
    instructions_ += size;
    patterns_.emplace(pattern, compiled);
  }

 private:
  // Patterns made from data must not fill the memory. An instruction takes 16 bytes, twice: RE2 also reads backwards.
  static constexpr std::size_t kMostPatterns = 1000;
  static constexpr std::size_t kMostInstructions = 1'000'000;

  struct Hash {
    using is_transparent = void;  // lookups need no std::string
    std::size_t operator()(std::string_view text) const { return hash_bytes(text); }
  };

  std::unordered_map<std::string, CompiledRegex, Hash, std::equal_to<>> patterns_;
  std::size_t instructions_ = 0;
};

// Patterns as scripts write them.
RegexCache& compiled_patterns() {
  thread_local RegexCache cache;
  return cache;
}

// The same patterns, tied to the end of the text.
RegexCache& patterns_at_end() {
  thread_local RegexCache cache;
  return cache;
}

// Reads a pattern the way RE2's parser does, as far as it takes to know which brackets and parentheses are syntax, and
// writes it in the words of RE2. Malformed patterns come out malformed: to judge them is RE2's business.
class PatternTranslator {
 public:
  explicit PatternTranslator(std::string_view pattern) : rest_(pattern) { out_.reserve(pattern.size() + 8); }

  // False if the pattern uses an escape that RE2 knows and the language does not.
  bool translate() {
    while (!rest_.empty()) {
      if (rest_.starts_with("\\C")) return false;
      if (rest_.starts_with("\\Q")) {
        copy_quotation();
      } else if (rest_.front() == '\\') {
        copy(2);
      } else if (rest_.front() == '[') {
        copy_class();
      } else if (rest_.starts_with("(?<") && !rest_.starts_with("(?<=") && !rest_.starts_with("(?<!")) {
        out_ += "(?P<";
        rest_.remove_prefix(3);
      } else {
        copy(1);
      }
    }
    return true;
  }

  std::string take() { return std::move(out_); }

 private:
  void copy(std::size_t size) {
    const std::string_view piece = rest_.substr(0, size);
    out_ += piece;
    rest_.remove_prefix(piece.size());
  }

  // \Q...\E; the end of the pattern closes it too, which is written down here so that something may be put behind it.
  void copy_quotation() {
    const std::size_t end = rest_.find("\\E", 2);
    if (end != std::string_view::npos) return copy(end + 2);
    copy(rest_.size());
    out_ += "\\E";
  }

  // A bracket at once behind the opening one, or behind its `^`, is a member and does not close the class.
  void copy_class() {
    copy(rest_.starts_with("[^") ? 2 : 1);
    if (rest_.starts_with(']')) copy(1);
    while (!rest_.empty() && rest_.front() != ']') {
      const std::size_t name_end = rest_.starts_with("[:") ? rest_.find(":]", 2) : std::string_view::npos;
      if (name_end != std::string_view::npos) {
        copy(name_end + 2);
      } else {
        copy(rest_.front() == '\\' ? 2 : 1);
      }
    }
    copy(1);
  }

  std::string_view rest_;
  std::string out_;
};

// RE2 limits the bytes that a program and its caches may take. Its usual 8 MB are enough for nearly every pattern, but
// not for a thousand times `\pL`, which is as legal. A pattern that is tied to the end gets some more, so that it never
// fails where the pattern itself did not.
constexpr std::int64_t kLargeProgram = std::int64_t{64} << 20;
constexpr std::int64_t kLargeProgramAtEnd = kLargeProgram + kLargeProgram / 8;

// Compiles a pattern in RE2's words, which may take [limit] bytes; the caller asks the result whether that worked.
CompiledRegex compile_translated(const std::string& pattern, std::int64_t limit) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<const re2::RE2>(pattern, options);
  if (compiled->error_code() == re2::RE2::ErrorPatternTooLarge) {
    options.set_max_mem(limit);
    compiled = std::make_shared<const re2::RE2>(pattern, options);
  }
  return compiled;
}

// A pattern that matches where [regex] matches at the end of a text.
CompiledRegex compile_at_end(const Regex* regex) {
  const std::string_view pattern = regex->pattern->view();
  if (CompiledRegex known = patterns_at_end().find(pattern)) return known;
  PatternTranslator translator(pattern);
  translator.translate();
  CompiledRegex compiled = compile_translated("(?:" + translator.take() + ")\\z", kLargeProgramAtEnd);
  patterns_at_end().remember(pattern, compiled);
  return compiled;
}

const re2::RE2& program_of(const Regex* regex) { return **regex->compiled; }

re2::StringPiece piece_of(std::string_view text) { return {text.data(), text.size()}; }

// Whether the byte at [offset] of valid UTF-8 is not the first one of its character.
bool is_inside_character(std::string_view text, std::size_t offset) {
  return offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80;
}

// The leftmost match from byte [from] on, and its groups, as RE2 reports them.
bool find_leftmost(const Regex* regex, std::string_view text, std::size_t from, std::span<re2::StringPiece> found) {
  const auto groups = static_cast<int>(found.size());
  while (from <= text.size() &&
         program_of(regex).Match(piece_of(text), from, text.size(), re2::RE2::UNANCHORED, found.data(), groups)) {
    const auto begin = static_cast<std::size_t>(found.front().data() - text.data());
    if (!found.front().empty() || !is_inside_character(text, begin)) return true;
    from = begin + 1;
  }
  return false;
}

// RE2 points to nowhere for a group that took no part.
RegexMatch match_of(re2::StringPiece piece, std::string_view text) {
  if (piece.data() == nullptr) return {};
  const auto begin = static_cast<std::size_t>(piece.data() - text.data());
  return {begin, begin + piece.size()};
}

}  // namespace

std::shared_ptr<const re2::RE2> compile_regex(std::string_view pattern, std::string& problem) {
  if (CompiledRegex known = compiled_patterns().find(pattern)) return known;
  PatternTranslator translator(pattern);
  const auto fail = [&problem](std::string_view reason) {
    problem = "error parsing regexp: ";
    problem += reason;
    return nullptr;
  };
  if (!translator.translate()) return fail("invalid escape sequence: \\C");
  CompiledRegex compiled = compile_translated(translator.take(), kLargeProgram);
  if (!compiled->ok()) return fail(compiled->error());
  if (compiled->NamedCapturingGroups().size() != compiled->CapturingGroupNames().size()) {
    return fail("duplicate capture group name");
  }
  compiled_patterns().remember(pattern, compiled);
  return compiled;
}

Regex* new_regex(memory::Heap& heap, String* pattern, std::shared_ptr<const re2::RE2> compiled) {
  auto holder = std::make_unique<std::shared_ptr<const re2::RE2>>(std::move(compiled));
  auto* regex = static_cast<Regex*>(heap.allocate_object(static_cast<std::uint8_t>(HeapType::kRegex), sizeof(Regex)));
  memory::retain(pattern);
  regex->pattern = pattern;
  regex->compiled = holder.release();
  return regex;
}

bool search(const Regex* regex, std::string_view text, std::size_t from, std::span<RegexMatch> groups) {
  if (groups.size() == 1) {
    re2::StringPiece found;
    if (!find_leftmost(regex, text, from, {&found, 1})) return false;
    groups.front() = match_of(found, text);
    return true;
  }
  std::vector<re2::StringPiece> found(groups.size());
  if (!find_leftmost(regex, text, from, found)) return false;
  for (std::size_t index = 0; index < groups.size(); ++index) groups[index] = match_of(found[index], text);
  return true;
}

bool matches_within(const Regex* regex, std::string_view text) {
  // Where the match lies need only be known if it could be one of those between the bytes of a character.
  if (regex->pattern->view().find("\\B") != std::string_view::npos && !utf8::is_ascii(text)) {
    RegexMatch match;
    return search(regex, text, 0, {&match, 1});
  }
  return program_of(regex).Match(piece_of(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

bool matches_at_start(const Regex* regex, std::string_view text) {
  return program_of(regex).Match(piece_of(text), 0, text.size(), re2::RE2::ANCHOR_START, nullptr, 0);
}

bool matches_at_end(const Regex* regex, std::string_view text) {
  return compile_at_end(regex)->Match(piece_of(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

std::size_t group_count(const Regex* regex) {
  return static_cast<std::size_t>(program_of(regex).NumberOfCapturingGroups());
}

std::optional<std::size_t> group_named(const Regex* regex, std::string_view name) {
  const auto& names = program_of(regex).NamedCapturingGroups();
  const auto known = names.find(std::string(name));
  if (known == names.end()) return std::nullopt;
  return static_cast<std::size_t>(known->second);
}

void drop_regex(memory::Heap&, memory::HeapObject* object) {
  auto* regex = static_cast<Regex*>(object);
  delete std::exchange(regex->compiled, nullptr);
  if (regex->pattern != nullptr) memory::release(std::exchange(regex->pattern, nullptr));
}

}  // namespace duso
