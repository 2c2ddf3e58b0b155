// duso repl: an interactive session.
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

#include "cli/colour.hpp"
#include "cli/commands.hpp"
#include "cli/main_script.hpp"
#include "cli/native_main.hpp"
#include "cli/repl/commands.hpp"
#include "cli/repl/completion.hpp"
#include "cli/repl/plain_reader.hpp"
#include "cli/repl/repl.hpp"
#include "cli/repl/terminal_reader.hpp"
#include "interpreter/syntax/token.hpp"
#include "runtime/panic/panic.hpp"
#include "runtime/termination.hpp"
#include "stdlib/builtins/table.hpp"
#include "stdlib/reference/pages.hpp"

namespace duso::cli {

namespace {

using namespace repl;

constexpr const char* kGreeting = "Duso REPL (type 'exit' to quit, use \\ for line continuation)\n";
constexpr const char* kHint = "Tab completes, Ctrl-C interrupts, :help says more.\n";

// The words that [point] may be completed to, those of the session being asked from [names].
std::vector<std::string> words_for(const CompletionPoint& point, const SessionNames& names) {
  std::vector<std::string> words;
  switch (point.kind) {
    case CompletionPoint::Kind::kNothing:
      break;
    case CompletionPoint::Kind::kName:
      words = names.ask({});
      for (const std::string_view word : syntax::reserved_words()) words.emplace_back(word);
      for (const execution::BuiltinSpec* builtin : stdlib::all_builtins()) words.emplace_back(builtin->name);
      break;
    case CompletionPoint::Kind::kMember:
      words = names.ask(point.path);
      break;
    case CompletionPoint::Kind::kCommand:
      for (const ReplCommand& command : repl::all_commands()) words.emplace_back(command.name);
      break;
    case CompletionPoint::Kind::kTopic:
      for (const std::string_view name : stdlib::page_names()) words.emplace_back(name);
      break;
  }
  return matching(std::move(words), point.prefix);
}

class ReplCommandLine final : public Command {
 public:
  void declare(Usage& usage) override { script_.declare_surroundings(usage); }

  int run(const Invocation& invocation) override {
    Console& console = invocation.console;
    SessionNames names;
    const ReplOptions options{.on_terminal = TerminalReader::is_possible(),
                              .colours_values = wants_colour(STDOUT_FILENO, invocation.line),
                              .colours_errors = wants_colour(STDERR_FILENO, invocation.line)};
    const std::unique_ptr<LineReader> reader = reader_for(console, names, options);
    Repl repl(invocation, script_, *reader, names, options);
    const NativeMain main([&repl](execution::Call& call) { return repl.run(call); });
    console.write_error(std::string(kGreeting) + (options.on_terminal ? kHint : "") + '\n');
    return script_.with_runtime(invocation, ".", main.builtins(), [&](tasks::Runtime& runtime) {
      const TerminationSignals signals(runtime, console,
                                       options.on_terminal ? OnInterrupt::kBreakOff : OnInterrupt::kEnd);
      const tasks::Ending ending = runtime.run_main(main.program(), std::string(kStandardInputName), ".");
      console.stop_reading();  // whoever still reads does so for nobody
      return status_of(ending, console);
    });
  }

 private:
  static std::unique_ptr<LineReader> reader_for(Console& console, const SessionNames& names,
                                                const ReplOptions& options) {
    if (!options.on_terminal) return std::make_unique<PlainReader>(console);
    return std::make_unique<TerminalReader>(
        console, TerminalReader::Options{.colour = options.colours_errors,
                                         .history_path = HistoryFile::usual_path(),
                                         .complete = [&names](std::string_view line) {
                                           const CompletionPoint point = completion_point(line);
                                           return TerminalReader::Candidates{words_for(point, names), point.prefix};
                                         }});
  }

  // The exit status of a session that ended as [ending] says, and the last words.
  static int status_of(const tasks::Ending& ending, Console& console) {
    if (ending.kind == execution::PendingKind::kPanic) {
      panic::report(*ending.panic);
      return panic::kExitCode;
    }
    if (ending.kind != execution::PendingKind::kStopped) console.write_error("\nGoodbye!\n");
    return ending.kind == execution::PendingKind::kShutdown ? static_cast<int>(ending.exit_code) : 0;
  }

  MainScript script_;
};

}  // namespace

extern const CommandEntry kReplCommand{
    .name = "repl",
    .operands = "",
    .summary = "try things out at a prompt",
    .details =
        "Reads code line by line, runs it, and shows the values of expressions. On a\n"
        "terminal lines can be edited: Tab completes, the arrow keys go through what was\n"
        "typed before, Ctrl-C ends what is running, and :help lists commands. What was\n"
        "typed is kept in ~/.duso_history, or in the file that DUSO_HISTORY names; if\n"
        "that is empty, nowhere.",
    .make = make_command<ReplCommandLine>,
};

}  // namespace duso::cli
