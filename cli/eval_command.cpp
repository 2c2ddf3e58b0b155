// duso eval CODE, duso -e CODE, duso -p CODE: runs the code in the argument.
#include <optional>
#include <string>
#include <utility>

#include "cli/commands.hpp"
#include "cli/main_script.hpp"

namespace duso::cli {

namespace {

// The code on [line], which may be empty; nothing if there is none.
std::optional<std::string> code_on(const CommandLine& line) {
  for (const std::string_view name : {"e", "p"}) {
    if (const CommandLine::Flag* flag = leading_flag(line, name)) return flag->text;
  }
  if (line.words().empty()) return std::nullopt;
  return line.words().front();
}

class EvalCommand final : public Command {
 public:
  void declare(Usage& usage) override { script_.declare(usage); }

  int run(const Invocation& invocation) override {
    if (leading_flag(invocation.line, "watch") != nullptr) {
      invocation.console.write_error("Error: -watch requires a script in a file\n");
      return 1;
    }
    std::optional<std::string> code = code_on(invocation.line);
    if (!code) {
      invocation.console.write_error("Error: eval requires CODE argument\n");
      return 1;
    }
    return script_.run(invocation, std::make_shared<const syntax::Source>("<inline>", *std::move(code)), ".",
                       leading_flag(invocation.line, "p") != nullptr);
  }

 private:
  MainScript script_;
};

}  // namespace

extern const CommandEntry kEvalCommand{
    .name = "eval",
    .operands = "CODE [WORDS...]",
    .summary = "run the code in the argument; also duso -e and -p",
    .details =
        "Runs CODE like a script called <inline>. Print what you want to see: the value\n"
        "of the last expression is only shown by duso -p CODE.",
    .make = make_command<EvalCommand>,
};

}  // namespace duso::cli
