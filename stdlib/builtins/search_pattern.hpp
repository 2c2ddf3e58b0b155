// What a script looks for in a text: literal text, literal text without regard to case, or a regex.
//
// contains(), find(), replace() and their kin take any of the three, and tell them apart here and nowhere else. Two of
// them do not search the text as it is, but a rewritten one: case is ignored by folding both sides, and a regex is
// matched against text whose invalid bytes were replaced (regex.hpp). Either way one code point becomes one code point.
// So a walk over the matches steps through the original and the rewritten text side by side and needs no map from one
// to the other, and text that is ASCII, which is most text, is not walked through at all: there, positions are byte
// offsets.
#pragma once

#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/values/regex.hpp"
#include "interpreter/values/string.hpp"
#include "interpreter/values/utf8.hpp"
#include "interpreter/values/value.hpp"

namespace duso::stdlib {

// Text to be found as it stands.
class Literal {
 public:
  static constexpr std::size_t kNowhere = std::string_view::npos;

  // [text] must outlive this.
  explicit Literal(std::string_view text) : text_(text), is_valid_(utf8::is_valid(text)) {}
  explicit Literal(const String* text)
      : text_(text->view()), is_valid_(text->is_ascii() || utf8::is_valid(text->view())) {}

  // Where this lies first in [text], at byte [from] or later; kNowhere if it does not. Linear in the size of [text].
  std::size_t find(std::string_view text, std::size_t from = 0) const {
    const std::size_t at = find_bytes(text, from);
    return at == kNowhere || is_valid_ ? at : find_whole(text, at);
  }

  // Whether [text] begins with this, ends with it.
  bool starts(std::string_view text) const {
    return text.starts_with(text_) && (is_valid_ || is_boundary(text, text_.size()));
  }
  bool ends(std::string_view text) const {
    return text.ends_with(text_) && (is_valid_ || is_boundary(text, text.size() - text_.size()));
  }

  std::string_view text() const { return text_; }

 private:
  std::size_t find_bytes(std::string_view text, std::size_t from) const {
    const char* start = text.data() + from;
    const std::size_t size = text.size() - from;
    const void* found =
        text_.size() == 1 ? std::memchr(start, text_.front(), size) : memmem(start, size, text_.data(), text_.size());
    return found != nullptr ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) : kNowhere;
  }
  std::size_t find_whole(std::string_view text, std::size_t at) const;
  static bool is_boundary(std::string_view text, std::size_t offset);

  std::string_view text_;
  bool is_valid_;  // valid UTF-8 is never found in the middle of a character; other bytes might be
};

// The second argument of the search functions.
class SearchPattern {
 public:
  // Whether [value] can be one: a string or a regex.
  static bool accepts(Value value) { return value.is_string() || value.is(HeapType::kRegex); }

  // [value] must be accepted, and outlive this. A regex has its own say about case, so [ignore_case] is for text only.
  SearchPattern(Value value, bool ignore_case)
      : regex_(value.is_string() ? nullptr : as_regex(value)),
        ignore_case_(ignore_case && value.is_string()),
        folded_(ignore_case_ ? fold(value.string()->view()) : std::string()),
        literal_(value.is_string() && !ignore_case ? Literal(value.string()) : Literal(folded_)) {}
  SearchPattern(const SearchPattern&) = delete;
  SearchPattern& operator=(const SearchPattern&) = delete;

  // Whether [text] contains a match, has one that begins at its start, has one that finishes at its end.
  bool occurs_in(const String* text) const {
    return is_plain() ? literal_.find(text->view()) != Literal::kNowhere : occurs_in_slow(text);
  }
  bool starts(const String* text) const { return is_plain() ? literal_.starts(text->view()) : starts_slow(text); }
  bool ends(const String* text) const { return is_plain() ? literal_.ends(text->view()) : ends_slow(text); }

  // Group numbers for replacement texts. Literal text has group 0, the whole match, only.
  std::size_t group_count() const { return regex_ != nullptr ? duso::group_count(regex_) : 0; }
  std::optional<std::size_t> group_named(std::string_view name) const;

 private:
  friend class SearchMatches;

  // Whether any text is searched as it is.
  bool is_plain() const { return regex_ == nullptr && !ignore_case_; }

  // Whether [text] is not searched as it is, and what is searched instead.
  bool needs_rewriting(const String* text) const;
  std::string rewritten(std::string_view text) const;
  static std::string fold(std::string_view text);

  bool occurs_in_slow(const String* text) const;
  bool starts_slow(const String* text) const;
  bool ends_slow(const String* text) const;

  const Regex* regex_ = nullptr;
  bool ignore_case_ = false;
  std::string folded_;  // what [literal_] looks for when case is ignored
  Literal literal_;     // empty if there is a regex
};

// A walk over the matches of a pattern in a text: leftmost first, not overlapping, without empty matches right behind
// another match (builtins.md 2.1). Linear in the size of the text.
//
//     SearchMatches matches(pattern, text);
//     while (matches.next()) use(matches.text(), matches.position());
class SearchMatches {
 public:
  // Both must outlive this. Groups up to number [highest_group] can be asked for.
  SearchMatches(const SearchPattern& pattern, const String* text, std::size_t highest_group = 0);
  SearchMatches(const SearchMatches&) = delete;
  SearchMatches& operator=(const SearchMatches&) = delete;

  // Goes to the next match; false when there is none, and then for ever.
  bool next();

  // The match: bytes [begin] to [end] of the text, the [length] code points behind the first [position].
  std::size_t begin() const { return begin_.original; }
  std::size_t end() const { return end_.original; }
  std::size_t position() const { return begin_.code_points; }
  std::size_t length() const { return end_.code_points - begin_.code_points; }
  std::string_view text() const { return original_.substr(begin(), end() - begin()); }

  // What group [number] matched, at most the highest one asked for; empty if it took no part. Group 0 is the match.
  std::string_view group(std::size_t number) const;

 private:
  // One place in both texts.
  struct Place {
    std::size_t searched = 0;     // bytes
    std::size_t original = 0;     // bytes
    std::size_t code_points = 0;  // in either
  };

  bool find();
  Place place_at(std::size_t searched, Place behind) const;

  const SearchPattern& pattern_;
  std::string rewritten_;
  std::string_view original_;
  std::string_view searched_;  // the original or the rewritten text
  bool is_ascii_;
  std::size_t from_ = 0;  // where to look on, in the searched text
  std::size_t previous_end_ = RegexMatch::kNowhere;
  RegexMatch match_;                // in the searched text
  std::vector<RegexMatch> groups_;  // the same with groups, if any were asked for
  Place begin_;
  Place end_;
};

}  // namespace duso::stdlib
