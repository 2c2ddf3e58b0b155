// duso SCRIPT, duso run SCRIPT: runs a script from a file or from standard input.
#include <string>

#include "cli/commands.hpp"
#include "cli/main_script.hpp"
#include "cli/watch.hpp"
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
    return leading_flag(invocation.line, "watch") != nullptr ? run_watched(invocation) : run_once(invocation);
  }

 private:
  int run_once(const Invocation& invocation) {
    const LoadedScript loaded = script_.load(invocation, script_of(invocation));
    if (loaded.source == nullptr) {
      invocation.console.write_error("Error: " + loaded.error + '\n' + hint_for(invocation.line));
      return 1;
    }
    return script_.run(invocation, loaded.source, loaded.directory);
  }

  int run_watched(const Invocation& invocation) {
    const std::string& path = invocation.line.words().front();
    if (path == "-" || path == "/dev/stdin") {
      invocation.console.write_error("Error: -watch requires a script in a file\n");
      return 1;
    }
    return run_again_and_again(invocation.console, [&](const Files::CodeObserver& observer) {
      Console console({.read_input = invocation.console.reads_input()});
      const Invocation own{console, invocation.line, invocation.application, invocation.starts_application};
      script_.observe_code(own, observer);
      const int status = run_once(own);
      console.flush();
      return status;
    });
  }

  // The application's script is the one that it came with, whatever is on the disk.
  static std::string script_of(const Invocation& invocation) {
    return invocation.starts_application ? invocation.application->start_place() : invocation.line.words().front();
  }

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
