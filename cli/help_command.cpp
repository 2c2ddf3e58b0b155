// duso help [COMMAND]: prints how duso, or one of its commands, is used.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"
#include "cli/embedded_copy.hpp"
#include "cli/markdown_page.hpp"
#include "interpreter/syntax/spelling.hpp"
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

// What is said where a misspelled flag in front of a script kept that from being seen: nothing if none is.
std::string unknown_flag_text(const CommandLine& line) {
  Usage known({}, {});
  find_command("run")->make()->declare(known);
  std::vector<std::string_view> names{"h", "help", "e", "p"};
  for (const DeclaredFlag& flag : known.flags()) names.push_back(flag.name);
  for (const CommandLine::Flag& flag : line.flags()) {
    if (flag.name.empty() || std::ranges::find(names, flag.name) != names.end()) continue;
    const std::string_view meant = syntax::most_similar(flag.name, names);
    if (!meant.empty()) return "'-" + flag.name + "' is no flag of duso, did you mean '-" + std::string(meant) + "'?\n";
  }
  return {};
}

class HelpCommand final : public Command {
 public:
  int run(const Invocation& invocation) override {
    // Without a command word the help is shown for want of a script, and there is nothing that it could be about.
    if (invocation.line.command().empty() || invocation.line.words().empty()) {
      const int status = show_overview(invocation);
      if (invocation.line.command().empty()) invocation.console.write_error(unknown_flag_text(invocation.line));
      return status;
    }
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
