// duso help [COMMAND]: prints how duso, or one of its commands, is used.
#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "cli/embedded_copy.hpp"
#include "cli/markdown_page.hpp"
#include "runtime/version.hpp"

namespace duso::cli {

namespace {

std::string overview() {
  Usage usage(
      "  duso script.du [WORDS...] [FLAGS...]\n"
      "  duso COMMAND [WORDS...] [FLAGS...]\n",
      "duso " + std::string(runtime::kVersion) + " runs scripts written in Duso.");
  for (const CommandEntry* entry : all_commands()) {
    usage.add_command(std::string(entry->name), std::string(entry->summary));
  }
  // The flags for running scripts are the ones that everybody needs.
  find_command("run")->make()->declare(usage);
  return usage.page() + "\nduso help COMMAND says more about a command.\n";
}

std::string page_of(const CommandEntry& entry) {
  std::string form = "  duso " + std::string(entry.name);
  if (!entry.operands.empty()) form += ' ' + std::string(entry.operands);
  Usage usage(form + " [FLAGS...]\n", std::string(entry.details));
  entry.make()->declare(usage);
  return usage.page();
}

// Shows how the program is used: as an application, if it carries one that has something to say about that.
int show_overview(const Invocation& invocation) {
  if (invocation.application != nullptr) {
    const bundle::Description& application = invocation.application->description();
    invocation.console.write_error("Custom bundled Duso application: " + application.name +
                                   "\nRuns: " + application.start_script + '\n');
    Files files;
    const Result<std::string> page = files.read(embedded_place("app/help.md"));
    if (page.ok()) {
      const std::optional<std::string> rendered = rendered_page(invocation, page.value());
      invocation.console.write(rendered.value_or(""));
      return rendered ? 0 : 1;
    }
  }
  invocation.console.write(overview());
  return 0;
}

class HelpCommand final : public Command {
 public:
  int run(const Invocation& invocation) override {
    // Without a command word the help is shown for want of a script, and there is nothing that it could be about.
    if (invocation.line.command().empty() || invocation.line.words().empty()) return show_overview(invocation);
    const std::string& name = invocation.line.words().front();
    if (const CommandEntry* entry = find_command(name)) {
      invocation.console.write(page_of(*entry));
      return 0;
    }
    const std::string_view meant = similar_command(name);
    invocation.console.write_error("Error: no command '" + name + "'\n" +
                                   (meant.empty() ? "" : "Did you mean '" + std::string(meant) + "'?\n"));
    return 1;
  }
};

}  // namespace

extern const CommandEntry kHelpCommand{
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "print this page, or the page of a command",
    .details = "Prints how duso is used, or how one of its commands is.",
    .make = make_command<HelpCommand>,
};

}  // namespace duso::cli
