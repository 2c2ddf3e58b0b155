// What all parts of the walk share: writing words and the gaps between them, and finding out how lines go on.
#include "interpreter/syntax/format/layout.hpp"

#include <string_view>

namespace duso::syntax {

namespace {

// Nothing is aligned with what stands farther to the right than this.
constexpr std::size_t kLastAlignedColumn = 80;

bool closes_bracket(TokenKind kind) {
  return kind == TokenKind::kRightParenthesis || kind == TokenKind::kRightBracket || kind == TokenKind::kRightBrace;
}

bool opens_bracket(TokenKind kind) {
  return kind == TokenKind::kLeftParenthesis || kind == TokenKind::kLeftBracket || kind == TokenKind::kLeftBrace;
}

// How much deeper the words behind one of this [kind] are nested than it is itself.
int nesting_change(TokenKind kind) {
  switch (kind) {
    case TokenKind::kIf:
    case TokenKind::kWhile:
    case TokenKind::kFor:
    case TokenKind::kFunction:
    case TokenKind::kTry:
      return 1;
    case TokenKind::kEnd:
      return -1;
    default:
      return opens_bracket(kind) ? 1 : closes_bracket(kind) ? -1 : 0;
  }
}

// Whether the block comment [text] has an end. One that has none goes on to the end of the file.
bool is_closed(std::string_view text) {
  int depth = 0;
  for (std::size_t at = 0; at + 1 < text.size();) {
    const std::string_view two = text.substr(at, 2);
    depth += two == "/*" ? 1 : two == "*/" ? -1 : 0;
    at += two == "/*" || two == "*/" ? 2 : 1;
  }
  return depth == 0;
}

}  // namespace

Layout::Layout(const Program& program) : program_(program), words_(split_words(program.source())) {}

std::string Layout::run() {
  const std::string_view source = program_.source().text();
  const std::string_view byte_order_mark = source.substr(0, program_.source().first_offset());
  if (const std::string_view line = shell_line_of(program_.source()); !line.empty()) page_.write(line);
  block(program_.body(), Shape::kOpen, 0);

  const Gap& rest = words_.back().before;
  spacing_ = {.line = Spacing::Break::kAlways, .blank_lines = true, .opens = page_.is_empty()};
  write_remarks(rest, true);

  const std::size_t first_break = source.find('\n');
  const bool has_returns = first_break != source.npos && first_break > 0 && source[first_break - 1] == '\r';
  const std::string_view line_end = has_returns ? "\r\n" : "\n";
  std::string text(byte_order_mark);
  const bool is_open = !rest.remarks.empty() && rest.remarks.back().block && !is_closed(rest.remarks.back().text);
  const bool needs_line_end = !page_.is_empty() && !is_open;
  text += page_.take(line_end);
  if (needs_line_end) text += line_end;
  return text;
}

// ---- Spacings ----

void Layout::tight_or_line() {
  spacing_ = {.line = Spacing::Break::kAsWritten, .indent = indent_, .remark_indent = indent_};
}

void Layout::space_or_line() {
  spacing_ = {.line = Spacing::Break::kAsWritten, .space = true, .indent = indent_, .remark_indent = indent_};
}

// The next word begins a line; if it [opens] a block, there is no blank line in front of it.
void Layout::line(std::size_t indent, bool opens) {
  spacing_ = {
      .line = Spacing::Break::kAlways, .blank_lines = true, .opens = opens, .indent = indent, .remark_indent = indent};
}

// The next word begins a line behind the last one of a block, whose comments are indented by [remark_indent].
void Layout::closing_line(std::size_t indent, std::size_t remark_indent) {
  spacing_ = {.line = Spacing::Break::kAlways,
              .blank_lines = true,
              .opens = remark_indent == indent,
              .closes = true,
              .indent = indent,
              .remark_indent = remark_indent};
}

// ---- Words ----

// Writes the gap in front of the next word as it was decided, and the word.
void Layout::word() {
  write_gap(words_[next_].before);
  page_.write(words_[next_].text);
  ++next_;
}

// Whether the word behind [gap] begins a line.
bool Layout::breaks_before_word(const Gap& gap) const {
  if (!gap.remarks.empty() && !gap.remarks.back().block) return true;
  if (spacing_.line == Spacing::Break::kNever) return false;
  if (spacing_.line == Spacing::Break::kAsWritten || gap.remarks.empty() || spacing_.closes) {
    return spacing_.line == Spacing::Break::kAlways || gap.breaks > 0;
  }
  // A comment may stand in front of a statement in its line: /* first */ begin()
  const bool remark_begins_line = page_.is_empty() || gap.has_break();
  return gap.breaks > 0 || !remark_begins_line;
}

void Layout::write_gap(const Gap& gap) {
  if (spacing_.semicolon) page_.write(";");
  const bool breaks = breaks_before_word(gap);
  write_remarks(gap, breaks);
  if (breaks) {
    begin_line(spacing_.indent, gap.breaks > 1 && !spacing_.closes);
  } else if (gap.remarks.empty() ? spacing_.space : !closes_bracket(words_[next_].token.kind)) {
    page_.write(" ");
  }
}

// Begins a line in the gap. Where the source [has_blank_line] in front of it, one is kept if it may be.
void Layout::begin_line(std::size_t indent, bool has_blank_line) {
  page_.begin_line(indent, has_blank_line && spacing_.blank_lines && !spacing_.opens);
  spacing_.opens = false;
}

// Writes the comments of [gap]. [word_breaks]: whether the word behind them begins a line.
void Layout::write_remarks(const Gap& gap, bool word_breaks) {
  for (std::size_t i = 0; i < gap.remarks.size(); ++i) {
    const Remark& remark = gap.remarks[i];
    const bool is_last_in_line = i + 1 < gap.remarks.size() ? gap.remarks[i + 1].breaks > 0 : word_breaks;
    if (remark.breaks > 0 || page_.is_empty()) {
      begin_line(spacing_.remark_indent, remark.breaks > 1);
      page_.write(remark.text);
    } else if (is_last_in_line) {
      page_.write_at_end(remark);
    } else {
      const bool is_first = i == 0 && next_ > 0 && opens_bracket(words_[next_ - 1].token.kind);
      if (!is_first) page_.write(" ");
      page_.write(remark.text);
    }
  }
}

// ---- How lines go on ----

// Whether the author aligned what begins with the next word: whether the first line that goes on with it, up to the
// offset [end] and outside of brackets and blocks, begins in its column.
bool Layout::is_aligned(std::uint32_t end) const {
  int depth = 0;
  for (std::size_t i = next_; words_[i].token.begin < end; ++i) {
    const Word& word = words_[i];
    const int change = nesting_change(word.token.kind);
    if (depth + change < 0) return false;
    if (i > next_ && depth == 0 && word.before.has_break()) return word.column == words_[next_].column;
    depth += change;
  }
  return false;
}

// The indentation for lines that go on with what begins with the next word and goes up to the offset [end]: aligned
// with it if that is what the author did, [otherwise] as it says.
std::size_t Layout::continuation(std::size_t otherwise, std::uint32_t end) const {
  const Gap& gap = words_[next_].before;
  const std::size_t column = page_.column() + (spacing_.space ? 1 : 0);
  if (gap.has_break() || !gap.remarks.empty() || column > kLastAlignedColumn) return otherwise;
  return is_aligned(end) ? column : otherwise;
}

}  // namespace duso::syntax
