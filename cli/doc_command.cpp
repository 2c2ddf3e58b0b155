// duso doc [TOPIC]: shows a page of the reference.
#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "cli/doc_page.hpp"
#include "cli/markdown_page.hpp"
#include "stdlib/reference/pages.hpp"

namespace duso::cli {

namespace {

class DocCommand final : public Command {
 public:
  int run(const Invocation& invocation) override {
    const auto& words = invocation.line.words();
    const DocPage page = doc_page(words.empty() ? std::string(stdlib::kIndexPage) : words.front());
    const std::optional<std::string> rendered = rendered_page(invocation, page.text);
    if (!rendered) return 1;
    invocation.console.write('\n' + *rendered);
    return page.is_found ? 0 : 1;
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
