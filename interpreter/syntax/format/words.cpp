#include "interpreter/syntax/format/words.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "interpreter/syntax/ast.hpp"
#include "interpreter/syntax/lexer.hpp"

namespace duso::syntax {

namespace {

std::string_view without_blanks_at_end(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r");
  return text.substr(0, last == text.npos ? 0 : last + 1);
}

std::string_view text_of(const Comment& comment) {
  return comment.block ? comment.text : without_blanks_at_end(comment.text);
}

std::size_t count_breaks(std::string_view blanks) {
  return static_cast<std::size_t>(std::count(blanks.begin(), blanks.end(), '\n'));
}

// The spaces that [blanks] end with.
std::size_t count_spaces_at_end(std::string_view blanks) {
  const std::size_t last = blanks.find_last_not_of(' ');
  if (last == blanks.npos) return blanks.size();
  return blanks[last] == '\t' ? 0 : blanks.size() - last - 1;
}

// Tells the columns of places that are asked for in ascending order, in one pass over the text.
class ColumnCounter {
 public:
  explicit ColumnCounter(const Source& source) : text_(source.text()), offset_(source.first_offset()) {}

  // The column, in characters from 0, of the byte at [offset].
  std::size_t at(std::uint32_t offset) {
    const std::string_view passed = text_.substr(offset_, offset - offset_);
    const std::size_t last_break = passed.rfind('\n');
    column_ = last_break == passed.npos ? column_ + count_characters(passed)
                                        : count_characters(passed.substr(last_break + 1));
    offset_ = offset;
    return column_;
  }

 private:
  std::string_view text_;
  std::uint32_t offset_;
  std::size_t column_ = 0;
};

// The gap from [begin] to [end] with these [comments] in it.
Gap read_gap(std::string_view text, std::uint32_t begin, std::uint32_t end, List<Comment> comments,
             ColumnCounter& columns) {
  Gap gap;
  for (const Comment& comment : comments) {
    const std::string_view blanks = text.substr(begin, comment.begin - begin);
    gap.remarks.push_back({.text = text_of(comment),
                           .block = comment.block,
                           .breaks = count_breaks(blanks),
                           .spaces = count_spaces_at_end(blanks),
                           .column = columns.at(comment.begin)});
    gap.semicolon = gap.semicolon || blanks.find(';') != blanks.npos;
    begin = comment.end;
  }
  const std::string_view blanks = text.substr(begin, end - begin);
  gap.breaks = count_breaks(blanks);
  gap.semicolon = gap.semicolon || blanks.find(';') != blanks.npos;
  return gap;
}

// Puts [front] in front of [gap], and leaves an empty gap in its place.
void move_to_front(Gap& front, Gap& gap) {
  (gap.remarks.empty() ? gap.breaks : gap.remarks.front().breaks) += front.breaks;
  gap.remarks.insert(gap.remarks.begin(), std::make_move_iterator(front.remarks.begin()),
                     std::make_move_iterator(front.remarks.end()));
  front = {};
}

}  // namespace

bool Gap::has_break() const {
  return breaks > 0 || std::ranges::any_of(remarks, [](const Remark& remark) { return remark.breaks > 0; });
}

std::string_view shell_line_of(const Source& source) {
  const std::string_view line = source.line(1);
  return line.starts_with("#!") ? line : std::string_view();
}

std::vector<Word> split_words(const Source& source) {
  std::vector<Word> words;
  std::vector<Comment> comments;
  Lexer lexer(source, &comments);
  ColumnCounter columns(source);
  std::uint32_t end = source.first_offset() + static_cast<std::uint32_t>(shell_line_of(source).size());
  for (bool is_last = false; !is_last;) {
    comments.clear();
    const Token token = lexer.next();
    Gap before = read_gap(source.text(), end, token.begin, comments, columns);
    const std::string_view text = source.text().substr(token.begin, token.end - token.begin);
    words.push_back({token, text, columns.at(token.begin), std::move(before)});
    end = token.end;
    is_last = token.kind == TokenKind::kEndOfFile;
  }
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i].token.kind == TokenKind::kComma) move_to_front(words[i].before, words[i + 1].before);
  }
  return words;
}

bool same_words(const Source& a, const Source& b) {
  std::vector<Comment> comments_a;
  std::vector<Comment> comments_b;
  Lexer lexer_a(a, &comments_a);
  Lexer lexer_b(b, &comments_b);
  for (;;) {
    const Token token_a = lexer_a.next();
    const Token token_b = lexer_b.next();
    if (token_a.kind != token_b.kind) return false;
    if (token_a.kind == TokenKind::kEndOfFile) break;
    if (lexer_a.text().slice(token_a.begin, token_a.end) != lexer_b.text().slice(token_b.begin, token_b.end)) {
      return false;
    }
  }
  if (shell_line_of(a) != shell_line_of(b)) return false;
  return std::ranges::equal(comments_a, comments_b, {}, text_of, text_of);
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

}  // namespace duso::syntax
