// The table of lines is made once; every question about a place is a binary search in it.
#include "interpreter/syntax/source.hpp"

#include <algorithm>
#include <utility>

namespace duso::syntax {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

Source::Source(std::string name, std::string text, Origin origin)
    : name_(std::move(name)), text_(std::move(text)), origin_(origin) {
  const std::string_view all = text_;
  line_starts_.push_back(all.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
  for (std::size_t at = all.find('\n'); at != all.npos && at < kMaxBytes; at = all.find('\n', at + 1)) {
    line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
  }
}

std::string_view Source::line(std::uint32_t number) const {
  if (number < 1 || number > line_count()) return {};
  const std::string_view rest = text().substr(line_start(number));
  std::string_view found = rest.substr(0, rest.find('\n'));
  if (found.ends_with('\r')) found.remove_suffix(1);
  return found;
}

Position Source::position_at(std::uint32_t offset) const {
  offset = std::max(offset, first_offset());
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return {static_cast<std::uint32_t>(after - line_starts_.begin()), offset - *(after - 1) + 1};
}

std::uint32_t Source::offset_at(Position position) const {
  if (position.line < 1) return first_offset();
  if (position.line > line_count()) return static_cast<std::uint32_t>(text_.size());
  const std::uint32_t start = line_start(position.line);
  const std::uint32_t length =
      (position.line < line_count() ? line_start(position.line + 1) - 1 : static_cast<std::uint32_t>(text_.size())) -
      start;
  return start + std::min(std::max(position.column, 1U) - 1, length);
}

}  // namespace duso::syntax
