#include "interpreter/syntax/format/page.hpp"

#include <algorithm>

namespace duso::syntax {

namespace {

// The distance between code and comment where the source has none, or a tab.
constexpr std::size_t kRemarkSpaces = 2;

std::size_t spaces_before(const Remark& remark) { return remark.spaces > 0 ? remark.spaces : kRemarkSpaces; }

}  // namespace

void Page::begin_line(std::size_t indent, bool blank) {
  if (blank && !is_empty()) lines_.emplace_back();
  lines_.push_back({.text = std::string(indent, ' '), .width = indent});
  indent_ = column_ = indent;
}

void Page::write(std::string_view text) {
  if (lines_.empty()) lines_.emplace_back();
  lines_.back().text += text;
  const std::size_t last_break = text.rfind('\n');
  column_ = last_break == text.npos ? column_ + count_characters(text) : count_characters(text.substr(last_break + 1));
  lines_.back().width = column_;
}

void Page::write_at_end(const Remark& remark) { lines_.back().remark = &remark; }

// Writes the comments of the lines from [first] up to [last], which all have one, in the same column.
void Page::place_remarks(std::size_t first, std::size_t last) {
  std::size_t widest = 0;
  std::size_t spaces = spaces_before(*lines_[first].remark);
  for (std::size_t i = first; i < last; ++i) {
    widest = std::max(widest, lines_[i].width);
    spaces = std::min(spaces, spaces_before(*lines_[i].remark));
  }
  for (std::size_t i = first; i < last; ++i) {
    lines_[i].text.append(widest - lines_[i].width + spaces, ' ').append(lines_[i].remark->text);
  }
}

std::string Page::take(std::string_view line_end) {
  for (std::size_t first = 0, last = 0; first < lines_.size(); first = last) {
    last = first + 1;
    if (lines_[first].remark == nullptr) continue;
    while (last < lines_.size() && lines_[last].remark != nullptr &&
           lines_[last].remark->column == lines_[first].remark->column) {
      ++last;
    }
    place_remarks(first, last);
  }
  std::string text;
  for (const Line& line : lines_) {
    if (&line != &lines_.front()) text += line_end;
    text += line.text;
  }
  return text;
}

}  // namespace duso::syntax
