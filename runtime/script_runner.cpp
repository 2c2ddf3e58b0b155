#include "runtime/script_runner.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include "interpreter/syntax/diagnostics.hpp"
#include "interpreter/syntax/parser.hpp"
#include "interpreter/syntax/spelling.hpp"
#include "runtime/console.hpp"
#include "runtime/host.hpp"
#include "runtime/panic/panic.hpp"
#include "runtime/tasks/runtime.hpp"
#include "runtime/termination.hpp"

namespace duso {

namespace {

constexpr std::size_t kReadSize = std::size_t{64} << 10;

constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kGrey = "\x1b[90m";
constexpr std::string_view kPlain = "\x1b[0m";

// --- reading ---

// Reads everything that [descriptor] has to say into [text]. Returns 0, or the errno of the failure.
int read_all(int descriptor, std::string& text) {
  // A regular file is read in one go. Pipes, and files that somebody is writing to, only end where a read says so. More
  // than a source can hold is not needed by anybody: the parser will refuse it.
  struct stat info {};
  const bool has_size = fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode);
  std::size_t step =
      has_size ? std::min(static_cast<std::size_t>(info.st_size), syntax::Source::kMaxBytes) + 1 : kReadSize;
  std::size_t length = 0;
  while (length <= syntax::Source::kMaxBytes) {
    text.resize(length + step);
    const ssize_t count = read(descriptor, text.data() + length, step);
    if (count > 0) {
      length += static_cast<std::size_t>(count);
      step = kReadSize;
    } else if (count == 0) {
      break;
    } else if (errno == EAGAIN) {  // somebody made it non-blocking
      pollfd waiting{descriptor, POLLIN, 0};
      poll(&waiting, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  text.resize(length);
  return 0;
}

// The reason of [error], an errno, in the words that the language uses for it.
std::string reason_of(int error) {
  // What is no file to read from does not exist as a script, and is not told apart (cli.md 2).
  if (error == ENOENT || error == ENOTDIR || error == EISDIR) return "file does not exist";
  std::string words = std::generic_category().message(error);
  words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
  return words;
}

LoadedScript failure(const std::string& path, int error) {
  return {nullptr, "could not read script '" + path + "': open " + path + ": " + reason_of(error)};
}

// Standard input is the program, so the program has no input. At the end of a pipe that would be so by itself, but a
// terminal offers to type on.
void leave_input_at_its_end() {
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing < 0) return;
  dup2(nothing, STDIN_FILENO);
  close(nothing);
}

// --- reporting ---

// [text] between [colour] and the terminal's own.
std::string painted(std::string_view colour, std::string_view text) {
  return std::string(colour) + std::string(text) + std::string(kPlain);
}

// The excerpt of the source with the line's number in front:
//
//     12 | print(nothing)
//        |       ^ did you mean 'anything'?
//
// Nothing if the line has nothing to show, as at an unexpected end of the file.
std::string numbered_excerpt(const UncaughtError& error, bool colour) {
  const syntax::Source& source = *error.source;
  const syntax::Position position = error.position;
  if (source.line(position.line).find_first_not_of(" \t") == std::string_view::npos) return {};
  const std::string lines = syntax::excerpt(source, position);
  const std::size_t code_end = lines.find('\n') + 1;
  const std::size_t caret = lines.rfind('^');

  const std::string number = std::to_string(position.line);
  const std::string gutter = "  " + number + " | ";
  const std::string empty_gutter = std::string(2 + number.size(), ' ') + " | ";
  return (colour ? painted(kGrey, gutter) : gutter) + lines.substr(0, code_end) +
         (colour ? painted(kGrey, empty_gutter) : empty_gutter) + lines.substr(code_end, caret - code_end) +
         (colour ? painted(kRed, "^") : "^") + (error.hint.empty() ? "" : " " + error.hint) + '\n';
}

// A hint for who mistyped the name of a variable: the name of a builtin, or of something in the same source, that it
// looks like. Empty if [ending] is another error, or if there is none.
std::string spelling_hint(const tasks::Ending& ending, std::span<const execution::BuiltinSpec* const> builtins) {
  constexpr std::string_view kMessage = ": undefined variable: ";
  if (ending.source == nullptr) return {};
  const std::string_view message = std::string_view(ending.error_text).substr(0, ending.error_text.find('\n'));
  const std::size_t found = message.rfind(kMessage);
  if (found == std::string_view::npos) return {};
  const std::string_view name = message.substr(found + kMessage.size());
  // A script may throw these words itself; then no such name stands where it happened.
  if (!ending.source->text().substr(ending.source->offset_at(ending.position)).starts_with(name)) return {};

  const std::vector<std::string> given = syntax::names_given_in(*ending.source);
  std::vector<std::string_view> candidates(given.begin(), given.end());
  for (const execution::BuiltinSpec* builtin : builtins) candidates.emplace_back(builtin->name);
  std::erase(candidates, name);  // it may well be given a value elsewhere
  const std::string_view meant = syntax::most_similar(name, candidates);
  return meant.empty() ? "" : "did you mean '" + std::string(meant) + "'?";
}

}  // namespace

LoadedScript load_script(const std::string& path) {
  const bool is_input = path == "-" || path == "/dev/stdin";
  const int descriptor = is_input ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failure(path, errno);
  std::string text;
  const int error = read_all(descriptor, text);
  if (is_input) {
    leave_input_at_its_end();
  } else {
    close(descriptor);
  }
  if (error != 0) return failure(path, error);
  return {std::make_shared<const syntax::Source>(is_input ? std::string(kStandardInputName) : path, std::move(text)),
          {}};
}

int run_script(tasks::Runtime& runtime, const std::shared_ptr<const syntax::Source>& source, bool colour) {
  Console& console = runtime.host().console();
  syntax::ParseResult parsed = syntax::parse(source);
  if (!parsed.ok()) {
    const syntax::Diagnostic& first = parsed.diagnostics.front();
    report_uncaught(console, {syntax::format(*source, first), source.get(), first.position}, colour);
    return 1;
  }
  const TerminationSignals signals(runtime, console);
  const std::string directory = std::filesystem::path(source->name()).parent_path().string();
  const tasks::Ending ending = runtime.run_main(std::move(parsed.program), std::string(source->name()), directory);
  console.stop_reading();  // whoever still waits for input does so for nobody
  switch (ending.kind) {
    case execution::PendingKind::kNone:
    case execution::PendingKind::kExit:
      return ending.has_failed_task ? 1 : 0;
    case execution::PendingKind::kStopped:  // by a signal, which asks for an orderly end
      return 0;
    case execution::PendingKind::kShutdown:
      return static_cast<int>(ending.exit_code);
    case execution::PendingKind::kPanic:
      panic::report(*ending.panic);
      return panic::kExitCode;
    case execution::PendingKind::kError:
      break;
  }
  const std::string hint = spelling_hint(ending, runtime.builtins());
  report_uncaught(console, {ending.error_text, ending.source, ending.position, hint}, colour);
  return 1;
}

void report_uncaught(Console& console, const UncaughtError& error, bool colour) {
  std::string report = colour ? painted(kRed, "Error:") : "Error:";
  report += ' ';
  report += error.text;
  report += '\n';
  if (error.source != nullptr) {
    const std::string excerpt = numbered_excerpt(error, colour);
    if (!excerpt.empty()) report += '\n' + excerpt;
  }
  console.write_error(report);
}

}  // namespace duso
