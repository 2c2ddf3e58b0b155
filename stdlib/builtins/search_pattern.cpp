#include "stdlib/builtins/search_pattern.hpp"

#include <algorithm>
#include <cstdint>

#include "interpreter/values/utf8.hpp"

namespace duso::stdlib {

namespace {

// The first and the last [count] code points of [text].
std::string_view first_code_points(std::string_view text, std::size_t count) {
  return text.substr(0, utf8::offset_of(text, count));
}

std::string_view last_code_points(std::string_view text, std::size_t count) {
  std::string_view before = text;
  for (; count > 0 && !before.empty(); --count) before.remove_suffix(utf8::decode_last(before).length);
  return text.substr(before.size());
}

}  // namespace

std::size_t Literal::find_whole(std::string_view text, std::size_t at) const {
  while (at != kNowhere && !(is_boundary(text, at) && is_boundary(text, at + text_.size()))) {
    at = find_bytes(text, at + 1);
  }
  return at;
}

// Whether a walk over the code points of [text] from its start comes by byte [offset].
bool Literal::is_boundary(std::string_view text, std::size_t offset) {
  const std::size_t reach = std::min(offset, utf8::kMaxEncodedSize - 1);
  for (std::size_t back = 1; back <= reach; ++back) {
    if (utf8::decode(text, offset - back).length > back) return false;
  }
  return true;
}

// [text] as far as case does not matter. Invalid bytes stay as they are: they only equal themselves.
std::string SearchPattern::fold(std::string_view text) {
  std::string out;
  if (utf8::is_ascii(text)) {
    out.resize(text.size());
    utf8::lower_ascii(text, out.data());
    return out;
  }
  out.reserve(text.size());
  while (!text.empty()) {
    const utf8::Decoded next = utf8::decode(text);
    if (next.valid) {
      utf8::append(out, utf8::fold(next.code_point));
    } else {
      out += text.front();
    }
    text.remove_prefix(next.length);
  }
  return out;
}

bool SearchPattern::needs_rewriting(const String* text) const {
  if (regex_ != nullptr) return !text->is_ascii() && !utf8::is_valid(text->view());
  return ignore_case_;
}

std::string SearchPattern::rewritten(std::string_view text) const {
  return regex_ != nullptr ? utf8::replace_invalid(text) : fold(text);
}

bool SearchPattern::occurs_in_slow(const String* text) const {
  std::string rewritten_text;
  std::string_view searched = text->view();
  if (needs_rewriting(text)) searched = rewritten_text = rewritten(searched);
  return regex_ != nullptr ? matches_within(regex_, searched) : literal_.find(searched) != Literal::kNowhere;
}

// Without regard to case, no more than the one end of the text is folded.
bool SearchPattern::starts_slow(const String* text) const {
  const std::string_view view = text->view();
  if (regex_ == nullptr) return fold(first_code_points(view, utf8::count(literal_.text()))) == literal_.text();
  return needs_rewriting(text) ? matches_at_start(regex_, rewritten(view)) : matches_at_start(regex_, view);
}

bool SearchPattern::ends_slow(const String* text) const {
  const std::string_view view = text->view();
  if (regex_ == nullptr) return fold(last_code_points(view, utf8::count(literal_.text()))) == literal_.text();
  return needs_rewriting(text) ? matches_at_end(regex_, rewritten(view)) : matches_at_end(regex_, view);
}

std::optional<std::size_t> SearchPattern::group_named(std::string_view name) const {
  return regex_ != nullptr ? duso::group_named(regex_, name) : std::nullopt;
}

SearchMatches::SearchMatches(const SearchPattern& pattern, const String* text, std::size_t highest_group)
    : pattern_(pattern), original_(text->view()), searched_(original_), is_ascii_(text->is_ascii()) {
  if (pattern.needs_rewriting(text)) searched_ = rewritten_ = pattern.rewritten(original_);
  if (highest_group > 0) groups_.resize(highest_group + 1);
}

// Puts the leftmost match from [from_] on into [match_].
bool SearchMatches::find() {
  if (pattern_.regex_ == nullptr) {
    match_.begin = pattern_.literal_.find(searched_, from_);
    match_.end = match_.begin + pattern_.literal_.text().size();
    return match_.took_part();
  }
  if (groups_.empty()) return search(pattern_.regex_, searched_, from_, {&match_, 1});
  if (!search(pattern_.regex_, searched_, from_, groups_)) return false;
  match_ = groups_.front();
  return true;
}

bool SearchMatches::next() {
  for (;;) {
    if (from_ > searched_.size() || !find()) {
      from_ = searched_.size() + 1;
      return false;
    }
    const bool is_empty_here = match_.end == from_;
    const bool is_behind_another = is_empty_here && match_.begin == previous_end_;
    // An empty match must not be found again.
    const std::size_t step = !is_empty_here ? 0 : from_ < searched_.size() ? utf8::decode(searched_, from_).length : 1;
    from_ = match_.end + step;
    previous_end_ = match_.end;
    if (is_behind_another) continue;
    begin_ = place_at(match_.begin, end_);
    end_ = place_at(match_.end, begin_);
    return true;
  }
}

// The place at byte [searched] of the searched text, which is not in front of the place [behind].
SearchMatches::Place SearchMatches::place_at(std::size_t searched, Place behind) const {
  if (is_ascii_) return {searched, searched, searched};
  if (rewritten_.empty()) {
    const std::string_view between = original_.substr(behind.searched, searched - behind.searched);
    return {searched, searched, behind.code_points + utf8::count(between)};
  }
  while (behind.searched < searched) {
    behind.searched += utf8::decode(searched_, behind.searched).length;
    behind.original += utf8::decode(original_, behind.original).length;
    ++behind.code_points;
  }
  return behind;
}

std::string_view SearchMatches::group(std::size_t number) const {
  if (number == 0) return text();
  const RegexMatch& group = groups_[number];
  if (!group.took_part()) return {};
  const Place begin = place_at(group.begin, begin_);
  return original_.substr(begin.original, place_at(group.end, begin).original - begin.original);
}

}  // namespace duso::stdlib
