#include "cli/markdown_page.hpp"

#include <unistd.h>

#include "cli/colour.hpp"
#include "runtime/markdown/parser.hpp"
#include "runtime/markdown/terminal.hpp"

namespace duso::cli {

std::string rendered_page(std::string_view page, bool colour) {
  return markdown::to_terminal(markdown::parse(page, {}), colour ? markdown::ansi_style() : markdown::TerminalStyle());
}

std::optional<std::string> rendered_page(const Invocation& invocation, std::string_view page) {
  try {
    return rendered_page(page, wants_colour(STDOUT_FILENO, invocation.line));
  } catch (const markdown::Unavailable& reason) {
    invocation.console.write_error("Error: " + std::string(reason.what()) + '\n');
    return std::nullopt;
  }
}

}  // namespace duso::cli
