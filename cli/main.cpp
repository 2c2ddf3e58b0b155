// The duso command: takes the command line apart, finds the command that it asks for, runs it, and ends the process.
//
// Nothing is done here twice or before it is needed: most runs of duso are short, and an empty script has to come and
// go within a few milliseconds.
#include <cstdlib>
#include <optional>
#include <span>
#include <string>

#include "cli/application_start.hpp"
#include "cli/commands.hpp"
#include "runtime/bundle/program.hpp"
#include "runtime/memory/sanitizers.hpp"
#include "runtime/panic/panic.hpp"

namespace duso::cli {

namespace {

int run_command(const Invocation& invocation) {
  const CommandEntry* entry = choose_command(invocation.line);
  if (entry == nullptr) {
    const std::string& word = invocation.line.command();
    invocation.console.write_error("Error: this version of duso has no command '" + word +
                                   "' (a script of that name is run as ./" + word + ")\n");
    return 1;
  }
  const std::unique_ptr<Command> command = entry->make();
  if (!invocation.line.flags().empty()) {
    Usage usage({}, {});
    command->declare(usage);
    if (const std::optional<std::string> complaint = usage.read(invocation.line)) {
      invocation.console.write_error(*complaint + '\n');
      return 1;
    }
  }
  return command->run(invocation);
}

// Runs [invocation]'s command; an exception that nobody expected ends it with a report instead of an abort.
int run_guarded(const Invocation& invocation) {
  try {
    return run_command(invocation);
  } catch (...) {
    const panic::PanicInfo info = panic::note_exception();
    invocation.console.flush();
    panic::report(info);
    return panic::kExitCode;
  }
}

// Ends the process as fast as it can be done: what is still there, the kernel takes back in one sweep. A sanitizer's
// build goes the long way, so that everything that has been forgotten shows.
int end_process(Console& console, int status) {
  console.stop_spinner();
  console.flush();
  if (status == 0 && console.has_lost_output()) status = 1;
#if !DUSO_ADDRESS_SANITIZER && !DUSO_THREAD_SANITIZER
  std::_Exit(status);
#endif
  return status;
}

// The same for a program that carries an application.
int run_bundle(std::span<const char* const> arguments) {
  const Result<bundle::Application, std::string> application = bundle::Application::open();
  const bool is_whole = application.ok();
  const ApplicationStart start =
      is_whole ? start_application(arguments, application.value().description()) : ApplicationStart{};
  Console console({.read_input = start.line.flag("no-stdin") == nullptr});
  if (!is_whole) {
    console.write_error("Error: the application in this program cannot run: " + application.error() + '\n');
    return end_process(console, 1);
  }
  return end_process(console, run_guarded({console, start.line, &application.value(), start.starts_application}));
}

}  // namespace

}  // namespace duso::cli

int main(int argument_count, char** arguments) {
  using namespace duso;
  Console::prepare_process();
  const std::span<const char* const> all(arguments, static_cast<std::size_t>(argument_count));
  const std::span<const char* const> own = all.empty() ? all : all.subspan(1);
  if (bundle::carries_application()) return cli::run_bundle(own);
  const CommandLine line(own);
  Console console({.read_input = line.flag("no-stdin") == nullptr});
  return cli::end_process(console, cli::run_guarded({console, line}));
}
