// Fuzz target: Markdown for terminals.
//
// Every text is a document. Whatever it says, the tree has bounded depth, and what is shown in colours is the plain
// form with nothing but colours added - and a bar, where the end of a colour has a line of a quote to itself.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "runtime/markdown/parser.hpp"
#include "runtime/markdown/terminal.hpp"

namespace {

using namespace duso::markdown;

void expect(bool holds) {
  if (!holds) std::abort();
}

std::size_t depth_of(const Node& node) {
  std::size_t deepest = 0;
  for (const Node& child : node.children) deepest = std::max(deepest, depth_of(child));
  return deepest + 1;
}

// [text] without escape sequences, of which ours all end with an m, and without what surrounds lines.
std::string words_of(std::string text) {
  for (std::size_t start; (start = text.find('\x1b')) != std::string::npos;) {
    const std::size_t end = text.find('m', start);
    expect(end != std::string::npos);
    text.erase(start, end + 1 - start);
  }
  for (const std::string_view bar : {"│", " ", "\n"}) {
    for (std::size_t at = 0; (at = text.find(bar, at)) != std::string::npos;) text.erase(at, bar.size());
  }
  return text;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the fuzzer looks for this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = size != 0 ? std::string_view(reinterpret_cast<const char*>(data), size) : "";
  for (const bool extended : {false, true}) {
    const Dialect dialect{.tables = extended, .strikethrough = extended, .highlight = extended, .tasklists = extended};
    const Node document = parse(text, dialect);
    expect(depth_of(document) <= kMaxDepth + 4);
    const std::string plain = to_terminal(document, {});
    const std::string styled = to_terminal(document, ansi_style());
    // An escape in the text, or a reference to one, is shown as it is.
    if (plain.find('\x1b') == std::string::npos) expect(words_of(styled) == words_of(plain));
  }
  return 0;
}
