// duso primer: prints an introduction to the language.
#include <string>

#include "cli/commands.hpp"
#include "cli/embedded_copy.hpp"

namespace duso::cli {

namespace {

class PrimerCommand final : public Command {
 public:
  int run(const Invocation& invocation) override {
    Files files;
    const Result<std::string> text = files.read(embedded_place("docs/duso-primer.md"));
    if (!text.ok()) {
      invocation.console.write_error("Error: could not read the primer: " + text.error().cause() + '\n');
      return 1;
    }
    invocation.console.write(text.value());
    return 0;
  }
};

}  // namespace

extern const CommandEntry kPrimerCommand{
    .name = "primer",
    .operands = "",
    .summary = "print an introduction to the language",
    .details =
        "Prints an introduction to the language for people who know another one, and\n"
        "for their assistants, as Markdown.",
    .make = make_command<PrimerCommand>,
};

}  // namespace duso::cli
