// Regular expressions: RE2 behind the language's regex values. No other file calls that library.
//
// The language's patterns are RE2's (builtins.md 2.2): leftmost-first, and linear in the text whatever the pattern.
// What differs is ironed out here. A named group may be written `(?<name>...)`, two groups may not share a name, and
// `\C`, which would cut characters open, does not exist.
//
// The language matches code points, RE2 the bytes of valid UTF-8, which leaves two gaps:
//
//   - Between the bytes of one character RE2 sees a place where `\B` holds. Such a match is passed over.
//   - An invalid byte is one character to the language and nothing at all to RE2. So the functions below want valid
//     text, and a caller that has other text hands in `utf8::replace_invalid` of it: the stand-in for an invalid byte
//     is one code point too, matched by `.` and by negated classes, so positions counted in code points hold for both.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "interpreter/values/opaque.hpp"

namespace duso {

// Where a match, or one group of it, lies: byte offsets into the text. A group that took no part in the match begins at
// kNowhere.
struct RegexMatch {
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
  std::size_t begin = kNowhere;
  std::size_t end = kNowhere;

  bool took_part() const { return begin != kNowhere; }
};

// Compiles [pattern]. Returns null and puts the reason, which begins with "error parsing regexp: ", into [problem] when
// it is malformed. Compiled patterns are remembered per thread, so a literal in a loop is compiled once.
std::shared_ptr<const re2::RE2> compile_regex(std::string_view pattern, std::string& problem);

// Owned by the caller; retains [pattern].
Regex* new_regex(memory::Heap& heap, String* pattern, std::shared_ptr<const re2::RE2> compiled);

// The leftmost match of [regex] in [text], which must be valid UTF-8, that begins at byte [from] or later; what lies
// before [from] still counts for `^` and `\b`. On success [groups], at least one long, receives the match and then its
// groups, as many as fit; on failure its content is unspecified.
bool search(const Regex* regex, std::string_view text, std::size_t from, std::span<RegexMatch> groups);

// Whether [regex] matches somewhere in [text], from its very start, up to its very end. [text] must be valid UTF-8.
bool matches_within(const Regex* regex, std::string_view text);
bool matches_at_start(const Regex* regex, std::string_view text);
bool matches_at_end(const Regex* regex, std::string_view text);

// How many groups [regex] has, the whole match not counted.
std::size_t group_count(const Regex* regex);

// The number of the group called [name], from 1; nothing when there is none.
std::optional<std::size_t> group_named(const Regex* regex, std::string_view name);

}  // namespace duso
