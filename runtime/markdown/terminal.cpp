#include "runtime/markdown/terminal.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace duso::markdown {

namespace {

constexpr std::string_view kColumnGap = " │ ";
constexpr std::string_view kQuoteBar = "│ ";
constexpr std::string_view kBullet = "• ";
constexpr std::string_view kHeaderLine = "────────────────────────────────────────";

// Calls [visit] with every line of [text], which has one at least; line ends at its end do not count.
template <class Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  text = text.substr(0, text.find_last_not_of('\n') + 1);
  for (;;) {
    const std::size_t end = text.find('\n');
    visit(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

class Writer {
 public:
  // [depth]: how many lists there are around what is written.
  Writer(const TerminalStyle& style, std::size_t depth) : style_(style), depth_(depth) {}

  void write_blocks(const std::vector<Node>& blocks) {
    for (const Node& block : blocks) write_block(block);
  }

  std::string take() { return std::move(out_); }

 private:
  void write_block(const Node& block) {
    switch (block.kind) {
      case Kind::kHeading:
        out_ += style_.headings[block.number - 1];
        write_inlines(block.children);
        out_ += style_.reset;
        out_ += "\n\n";
        break;
      case Kind::kQuote:
        write_quote(block);
        break;
      case Kind::kCodeBlock:
        out_ += style_.code_block;
        for_each_line(block.text, [&](std::string_view line) { add({"  ", line, "\n"}); });
        out_ += style_.reset;
        end_block();
        break;
      case Kind::kRule:
        add({style_.rule, "---", style_.reset, "\n\n"});
        break;
      case Kind::kBulletList:
      case Kind::kOrderedList:
        write_list(block);
        end_block();
        break;
      case Kind::kTable:
        write_table(block);
        out_ += '\n';
        break;
      case Kind::kHtml:
        break;
      default:
        write_inlines(block.children);
        out_ += '\n';
        end_block();
    }
  }

  // Blocks that are not in a list have a blank line behind them.
  void end_block() {
    if (depth_ == 0) out_ += '\n';
  }

  void write_quote(const Node& quote) {
    Writer inner(style_, depth_);
    inner.write_blocks(quote.children);
    for_each_line(inner.take(), [&](std::string_view line) {
      add({style_.quote, kQuoteBar, line, style_.reset, "\n"});
    });
    end_block();
  }

  void write_list(const Node& list) {
    std::size_t number = std::max<std::size_t>(list.number, 1);
    for (const Node& item : list.children) {
      out_.append(2 * depth_, ' ');
      if (list.kind == Kind::kOrderedList) {
        add({std::to_string(number++), ". "});
      } else {
        out_ += kBullet;
      }
      if (item.task != Task::kNone) out_ += item.task == Task::kDone ? "[x] " : "[ ] ";
      const std::size_t start = out_.size();
      ++depth_;
      // Where nesting was cut off, a list may hold a paragraph without an item around it.
      if (item.kind == Kind::kItem) {
        write_blocks(item.children);
      } else {
        write_block(item);
      }
      --depth_;
      if (out_.size() == start) out_ += '\n';
    }
  }

  // The parts of a table, its header and its body, are tables themselves.
  void write_table(const Node& table) {
    for (const Node& row : table.children) {
      if (row.kind == Kind::kTable) {
        write_table(row);
        continue;
      }
      const bool is_header = row.kind == Kind::kHeaderRow;
      const std::string& heading = style_.headings[2];
      if (is_header) out_ += heading;
      for (const Node& cell : row.children) {
        if (&cell != &row.children.front()) out_ += kColumnGap;
        write_inlines(cell.children);
      }
      if (is_header && !heading.empty()) out_ += style_.reset;
      out_ += '\n';
      if (is_header) add({style_.rule, kHeaderLine, style_.reset, "\n"});
    }
  }

  void write_inlines(const std::vector<Node>& inlines) {
    for (const Node& node : inlines) write_inline(node);
  }

  void write_inline(const Node& node) {
    switch (node.kind) {
      case Kind::kText:
        out_ += node.text;
        break;
      case Kind::kLineBreak:
        out_ += '\n';
        break;
      case Kind::kCode:
        add({style_.code, node.text, style_.reset});
        break;
      case Kind::kEmphasis:
        write_styled(style_.italic, node);
        break;
      case Kind::kStrong:
        write_styled(style_.bold, node);
        break;
      case Kind::kStrikethrough:
        write_styled(style_.strikethrough, node);
        break;
      case Kind::kHighlight:
        write_styled(style_.highlight, node);
        break;
      case Kind::kAutolink:
        write_styled(style_.link, node);
        break;
      case Kind::kLink:
        add({style_.link, "["});
        write_inlines(node.children);
        add({style_.link, "](", node.text, ")", style_.reset});
        break;
      case Kind::kHtml:
        break;
      case Kind::kImage:
        write_plain(node.children);
        break;
      default:  // what nesting that was cut off has left
        write_inlines(node.children);
    }
  }

  void write_styled(const std::string& style, const Node& node) {
    out_ += style;
    write_inlines(node.children);
    out_ += style_.reset;
  }

  // The text of [inlines] alone.
  void write_plain(const std::vector<Node>& inlines) {
    for (const Node& node : inlines) {
      if (node.kind == Kind::kText || node.kind == Kind::kCode) out_ += node.text;
      if (node.kind == Kind::kLineBreak) out_ += '\n';
      write_plain(node.children);
    }
  }

  void add(std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) out_ += part;
  }

  const TerminalStyle& style_;
  std::size_t depth_;
  std::string out_;
};

}  // namespace

TerminalStyle ansi_style() {
  const std::string heading = "\x1b[37m\x1b[4m";
  return {
      .headings = {"\x1b[33m\x1b[1m\x1b[4m", "\x1b[37m\x1b[1m\x1b[4m", heading, heading, heading, heading},
      .code_block = "\x1b[96m",
      .code = "\x1b[96m",
      .quote = "\x1b[90m",
      .rule = "\x1b[90m",
      .bold = "\x1b[1m",
      .italic = "\x1b[3m",
      .strikethrough = "\x1b[9m",
      .highlight = "\x1b[43m\x1b[30m",
      .link = "\x1b[93m\x1b[1m\x1b[4m",
      .reset = "\x1b[0m",
  };
}

std::string to_terminal(const Node& document, const TerminalStyle& style) {
  Writer writer(style, 0);
  writer.write_blocks(document.children);
  return writer.take();
}

}  // namespace duso::markdown
