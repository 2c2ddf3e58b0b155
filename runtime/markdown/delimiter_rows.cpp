#include "runtime/markdown/delimiter_rows.hpp"

#include <algorithm>
#include <functional>

namespace duso::markdown {

namespace {

constexpr std::size_t kDashes = 3;

// Whether [line] can be a delimiter row, in a quote perhaps. Two columns without outer pipes may look like an item of a
// list, `- | -`, which they are then.
bool may_be_delimiter_row(std::string_view line) {
  if (line.find('|') == std::string_view::npos || line.find('-') == std::string_view::npos) return false;
  const std::size_t start = line.find_first_not_of(" \t>");
  if (line.find_first_not_of("|:- \t\r", start) != std::string_view::npos) return false;
  return line.substr(start, 2) != "- ";
}

}  // namespace

PreparedText::PreparedText(std::string_view source) : source_(source) {
  std::string_view above;
  for (std::size_t begin = 0; begin < source.size();) {
    const std::size_t end = std::min(source.find_first_of("\r\n", begin), source.size());
    const std::string_view line = source.substr(begin, end - begin);
    if (may_be_delimiter_row(line)) prepare_row(begin, line, above.find('|') != std::string_view::npos);
    above = line;
    begin = end + (source.substr(end, 2) == "\r\n" ? 2 : 1);
  }
  if (!inserted_.empty()) prepared_ += source.substr(copied_);
}

void PreparedText::prepare_row(std::size_t offset, std::string_view row, bool has_header) {
  if (!has_header) return insert(offset + row.find('|'), "\\");
  for (std::size_t at = row.find('-'); at != std::string_view::npos; at = row.find('-', at)) {
    const std::size_t count = std::min(row.find_first_not_of('-', at), row.size()) - at;
    at += count;
    if (count < kDashes) insert(offset + at, std::string_view("---").substr(count));
  }
}

void PreparedText::insert(std::size_t offset, std::string_view bytes) {
  prepared_ += source_.substr(copied_, offset - copied_);
  copied_ = offset;
  for (const char byte : bytes) {
    inserted_.push_back(prepared_.size());
    prepared_ += byte;
  }
}

bool PreparedText::contains(std::string_view piece) const {
  const std::less_equal<> not_behind;
  const std::string_view all = view();
  return not_behind(all.data(), piece.data()) && not_behind(piece.data() + piece.size(), all.data() + all.size());
}

std::string PreparedText::original(std::string_view piece) const {
  std::string text(piece);
  if (inserted_.empty() || !contains(piece)) return text;
  const auto begin = static_cast<std::size_t>(piece.data() - view().data());
  auto last = std::ranges::lower_bound(inserted_, begin + piece.size());
  while (last != inserted_.begin() && *--last >= begin) text.erase(*last - begin, 1);
  return text;
}

char PreparedText::byte_before(std::string_view piece) const {
  return contains(piece) && piece.data() != view().data() ? piece.data()[-1] : '\0';
}

}  // namespace duso::markdown
