// duso check FILE...: says whether scripts can be parsed.
#include "cli/commands.hpp"
#include "cli/operands.hpp"
#include "cli/source_check.hpp"

namespace duso::cli {

namespace {

class CheckCommand final : public Command {
 public:
  void declare(Usage& usage) override { check_.declare(usage); }

  int run(const Invocation& invocation) override {
    Operands operands = read_operands(invocation.line, *this);
    if (operands.problem.empty() && operands.words.empty())
      operands.problem = "Error: check requires at least one file";
    if (!operands.problem.empty()) {
      invocation.console.write_error(operands.problem + '\n');
      return 1;
    }
    return check_.run(invocation.console, operands.words, syntax::find_error, false);
  }

 private:
  SourceCheck check_;
};

}  // namespace

extern const CommandEntry kCheckCommand{
    .name = "check",
    .operands = "FILE|DIR|-...",
    .summary = "find syntax errors without running anything",
    .details =
        "Parses scripts and reports the first error of each. A directory stands for all\n"
        ".du files below it; of a Markdown file, the ```duso blocks are checked.",
    .make = make_command<CheckCommand>,
};

}  // namespace duso::cli
