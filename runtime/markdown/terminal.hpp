// A Markdown document as text for a terminal.
//
// The layout is the same with and without colours: plain text is what comes out when every style is empty. It is a
// simple layout on purpose - scripts compare it to the letter (markdown-and-images.md, "ANSI and text") - and lines are
// not wrapped: they end where the document ends them.
#pragma once

#include <array>
#include <string>

#include "runtime/markdown/document.hpp"

namespace duso::markdown {

// What is written in front of things to change how they look; [reset] is what follows them.
struct TerminalStyle {
  std::array<std::string, 6> headings;  // of level 1 to 6
  std::string code_block;
  std::string code;
  std::string quote;
  std::string rule;
  std::string bold;
  std::string italic;
  std::string strikethrough;
  std::string highlight;
  std::string link;
  std::string reset;
};

// The style of markdown_ansi(): the usual escape sequences. A style without anything in it makes plain text.
TerminalStyle ansi_style();

// [document] in [style]. Empty for a document without content; otherwise its last line is ended.
std::string to_terminal(const Node& document, const TerminalStyle& style);

}  // namespace duso::markdown
