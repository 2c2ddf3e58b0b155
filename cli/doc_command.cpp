// duso doc [TOPIC]: shows a page of the reference.
#include <unistd.h>

#include <string>

#include "cli/colour.hpp"
#include "cli/commands.hpp"
#include "cli/doc_page.hpp"
#include "runtime/markdown/parser.hpp"
#include "runtime/markdown/terminal.hpp"
#include "stdlib/reference/pages.hpp"

namespace duso::cli {

namespace {

// The page for a [topic] that there is none about.
std::string missing_page(const std::string& topic) {
  std::string page = "# Cannot find a doc for `" + topic + "`\n\n";
  const std::string_view meant = stdlib::similar_page(topic);
  if (!meant.empty()) page += "Did you mean `" + std::string(meant) + "`?\n\n";
  return page +
         "    duso doc           the list of all topics\n"
         "    duso doc TOPIC     the page about one of them, such as split\n"
         "    duso help          the commands of duso\n";
}

}  // namespace

DocPage doc_page(const std::string& topic, bool colour) {
  const std::optional<std::string> page = stdlib::find_page(topic);
  // Pages are known by the place that they have inside of the program.
  const std::string text =
      page ? "Documentation from: /EMBED/docs/reference/" + topic + ".md\n\n" + *page : missing_page(topic);
  const markdown::TerminalStyle style = colour ? markdown::ansi_style() : markdown::TerminalStyle();
  return {'\n' + markdown::to_terminal(markdown::parse(text, {}), style), page.has_value()};
}

namespace {

class DocCommand final : public Command {
 public:
  int run(const Invocation& invocation) override {
    const auto& words = invocation.line.words();
    const std::string topic = words.empty() ? std::string(stdlib::kIndexPage) : words.front();
    try {
      const DocPage page = doc_page(topic, wants_colour(STDOUT_FILENO, invocation.line));
      invocation.console.write(page.text);
      return page.is_found ? 0 : 1;
    } catch (const markdown::Unavailable& reason) {
      invocation.console.write_error("Error: " + std::string(reason.what()) + '\n');
      return 1;
    }
  }
};

}  // namespace

extern const CommandEntry kDocCommand{
    .name = "doc",
    .operands = "[TOPIC]",
    .summary = "show a page of the reference, or the list of all",
    .details =
        "Shows the page of the reference about TOPIC. For a builtin it says how to call\n"
        "it, what it returns, which errors it raises; words of the language and types of\n"
        "values have pages as well. Without a topic, the list of all there are.",
    .make = make_command<DocCommand>,
};

}  // namespace duso::cli
