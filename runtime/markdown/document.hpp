// A Markdown document as a tree.
//
// Blocks and inlines are nodes of one type: a node is a kind, a text or a number where its kind has one, and children.
// It says what the document means and nothing of how it was written, so that a renderer is one walk over it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace duso::markdown {

enum class Kind : std::uint8_t {
  // Blocks.
  kDocument,
  kParagraph,
  kHeading,  // number: its level, 1 to 6
  kQuote,
  kCodeBlock,  // text: the code, with all its line ends
  kRule,
  kBulletList,
  kOrderedList,  // number: that of its first item
  kItem,
  kTable,
  kRow,
  kHeaderRow,
  kCell,

  // Inlines.
  kText,       // text
  kLineBreak,  // hard or soft
  kCode,       // text
  kEmphasis,
  kStrong,
  kStrikethrough,
  kHighlight,
  kLink,      // text: where it leads
  kAutolink,  // the same, written <http://...>
  kImage,     // children: what to read in its place

  kHtml,  // block or inline; text: the HTML as it is
};

// Whether an item of a list can be ticked off.
enum class Task : std::uint8_t { kNone, kOpen, kDone };

struct Node {
  Kind kind = Kind::kDocument;
  Task task = Task::kNone;  // of a kItem
  bool is_literal = false;  // of a kText: its characters were escaped, so they mark nothing
  std::uint32_t number = 0;
  std::string text = {};
  std::vector<Node> children = {};
};

// Which extensions of CommonMark count (markdown-and-images.md).
struct Dialect {
  bool tables = true;
  bool strikethrough = true;
  bool highlight = false;
  bool tasklists = true;
};

}  // namespace duso::markdown
