// duso completions bash|zsh|fish: prints a script with which a shell completes duso's command line.
#include <string>

#include "cli/commands.hpp"
#include "cli/completions.hpp"
#include "cli/operands.hpp"

namespace duso::cli {

namespace {

class CompletionsCommand final : public Command {
 public:
  int run(const Invocation& invocation) override {
    Operands operands = read_operands(invocation.line, *this);
    const std::string shell = operands.words.size() == 1 ? operands.words.front() : "";
    const bool is_known = shell == "bash" || shell == "zsh" || shell == "fish";
    if (operands.problem.empty() && !is_known)
      operands.problem = "Error: completions requires a shell: bash, zsh or fish";
    if (!operands.problem.empty()) {
      invocation.console.write_error(operands.problem + '\n');
      return 1;
    }
    const std::vector<CompletedCommand> commands = completed_commands();
    invocation.console.write(shell == "bash"  ? bash_completions(commands)
                             : shell == "zsh" ? zsh_completions(commands)
                                              : fish_completions(commands));
    return 0;
  }
};

}  // namespace

extern const CommandEntry kCompletionsCommand{
    .name = "completions",
    .operands = "bash|zsh|fish",
    .summary = "print a script that completes duso's words in a shell",
    .details =
        "Prints a script with which a shell completes commands, flags and files:\n"
        "\n"
        "  source <(duso completions bash)     in ~/.bashrc\n"
        "  source <(duso completions zsh)      in ~/.zshrc, behind compinit\n"
        "  duso completions fish | source      in ~/.config/fish/config.fish",
    .make = make_command<CompletionsCommand>,
};

}  // namespace duso::cli
