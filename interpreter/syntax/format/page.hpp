// The text that the formatter writes, line by line.
//
// A line is code, and perhaps a comment behind it. Where such comments stand is only known when the lines around are
// complete: neighbours whose comments began in one column of the source keep a column of their own, wherever the code
// in front of them has moved. So lines are kept apart until the end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/syntax/format/words.hpp"

namespace duso::syntax {

class Page {
 public:
  // Ends the line, if there is one, and begins another, indented by [indent] columns. With [blank] there is an empty
  // line between the two, unless the page is still empty.
  void begin_line(std::size_t indent, bool blank = false);

  // Adds [text] to the line. It may contain line breaks of its own, which are nobody's business.
  void write(std::string_view text);

  // Ends the line's code with the comment [remark]. Nothing may be written to the line after that.
  void write_at_end(const Remark& remark);

  // The indentation of the line, and the column where it goes on.
  std::size_t indent() const { return indent_; }
  std::size_t column() const { return column_; }

  // Whether nothing was written yet.
  bool is_empty() const { return lines_.empty(); }

  // The text, each line but the last closed with [line_end].
  std::string take(std::string_view line_end);

 private:
  struct Line {
    std::string text;
    std::size_t width = 0;           // characters behind the last line break in it
    const Remark* remark = nullptr;  // the comment at its end
  };

  void place_remarks(std::size_t first, std::size_t last);

  std::vector<Line> lines_;
  std::size_t indent_ = 0;
  std::size_t column_ = 0;
};

}  // namespace duso::syntax
