#include "cli/markdown_page.hpp"

#include <unistd.h>

#include "cli/colour.hpp"
#include "runtime/markdown/parser.hpp"
#include "runtime/markdown/terminal.hpp"

namespace duso::cli {

std::optional<std::string> rendered_page(const Invocation& invocation, std::string_view page) {
  using namespace markdown;
  const TerminalStyle style = wants_colour(STDOUT_FILENO, invocation.line) ? ansi_style() : TerminalStyle();
  try {
    return to_terminal(parse(page, {}), style);
  } catch (const Unavailable& reason) {
    invocation.console.write_error("Error: " + std::string(reason.what()) + '\n');
    return std::nullopt;
  }
}

}  // namespace duso::cli
