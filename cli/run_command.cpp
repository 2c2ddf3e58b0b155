// duso SCRIPT, duso run SCRIPT: runs a script from a file or from standard input.
#include <string>

#include "cli/commands.hpp"
#include "cli/main_script.hpp"
#include "runtime/script_runner.hpp"

namespace duso::cli {

namespace {

class RunCommand final : public Command {
 public:
  void declare(Usage& usage) override { script_.declare(usage); }

  int run(const Invocation& invocation) override {
    if (invocation.line.words().empty()) {
      invocation.console.write_error("Error: run requires SCRIPT argument\n");
      return 1;
    }
    const std::string& path = invocation.line.words().front();
    const LoadedScript loaded = script_.load(invocation, path);
    if (loaded.source == nullptr) {
      invocation.console.write_error("Error: " + loaded.error + '\n' + hint_for(invocation.line));
      return 1;
    }
    return script_.run(invocation, loaded.source, loaded.directory);
  }

 private:
  // Whoever types `duso versoin` meant no file.
  static std::string hint_for(const CommandLine& line) {
    if (!line.command().empty()) return {};
    const std::string_view meant = similar_command(line.words().front());
    return meant.empty() ? "" : "Did you mean the command '" + std::string(meant) + "'?\n";
  }

  MainScript script_;
};

}  // namespace

extern const CommandEntry kRunCommand{
    .name = "run",
    .operands = "SCRIPT [WORDS...]",
    .summary = "run a script; the word may be left out",
    .details =
        "Runs a script. The name - reads it from standard input.\n"
        "\n"
        "The words behind it, and all flags that duso does not know, are the script's:\n"
        "it finds them in sys(\"args\") and, -x for example, in sys(\"-x\"). A flag's value\n"
        "may stand behind a space or behind =. The flags below may also stand before\n"
        "the script; two dashes are as good as one.",
    .make = make_command<RunCommand>,
};

}  // namespace duso::cli
