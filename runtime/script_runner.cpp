#include "runtime/script_runner.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "interpreter/execution/builtin.hpp"
#include "interpreter/syntax/diagnostics.hpp"
#include "interpreter/syntax/parser.hpp"
#include "interpreter/syntax/spelling.hpp"
#include "runtime/console.hpp"
#include "runtime/files/path_text.hpp"
#include "runtime/host.hpp"
#include "runtime/panic/panic.hpp"
#include "runtime/tasks/runtime.hpp"
#include "runtime/termination.hpp"

namespace duso {

namespace {

constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kGrey = "\x1b[90m";
constexpr std::string_view kPlain = "\x1b[0m";

// --- reading ---

// Why a script can not be read, by the number of the operating system's error.
LoadedScript failure(const std::string& path, int problem) {
  // What is no file to read from does not exist as a script, and is not told apart (cli.md 2).
  const bool is_none = problem == ENOENT || problem == ENOTDIR || problem == EISDIR;
  const std::string reason = is_none ? "file does not exist" : reason_of(problem);
  return {nullptr, ".", "could not read script '" + path + "': open " + path + ": " + reason};
}

// Standard input is the program, so the program has no input. At the end of a pipe that would be so by itself, but a
// terminal offers to type on.
void leave_input_at_its_end() {
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing < 0) return;
  dup2(nothing, STDIN_FILENO);
  close(nothing);
}

LoadedScript load_input(const std::string& path) {
  std::string text;
  const int problem = read_to_end(STDIN_FILENO, syntax::Source::kMaxBytes + 1, text);
  leave_input_at_its_end();
  if (problem != 0) return failure(path, problem);
  return {std::make_shared<const syntax::Source>(std::string(kStandardInputName), std::move(text)), ".", {}};
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

}  // namespace

std::string spelling_hint(const UncaughtError& error, std::vector<std::string_view> candidates) {
  constexpr std::string_view kMessage = ": undefined variable: ";
  if (error.source == nullptr) return {};
  const std::string_view message = error.text.substr(0, error.text.find('\n'));
  const std::size_t found = message.rfind(kMessage);
  if (found == std::string_view::npos) return {};
  const std::string_view name = message.substr(found + kMessage.size());
  // A script may throw these words itself; then no such name stands where it happened.
  if (!error.source->text().substr(error.source->offset_at(error.position)).starts_with(name)) return {};

  const std::vector<std::string> given = syntax::names_given_in(*error.source);
  candidates.insert(candidates.end(), given.begin(), given.end());
  std::erase(candidates, name);  // it may well be given a value elsewhere
  const std::string_view meant = syntax::most_similar(name, candidates);
  return meant.empty() ? "" : "did you mean '" + std::string(meant) + "'?";
}

LoadedScript load_script(Files& files, const std::string& path) {
  if (path == "-" || path == "/dev/stdin") return load_input(path);
  // More than a source can hold is not needed by anybody: the parser will refuse it.
  constexpr std::size_t kEnough = syntax::Source::kMaxBytes + 1;
  Location place = location_of(path);
  Result<FileSnapshot> taken = files.snapshot_of_main_script(place, kEnough);
  if (!taken.ok() && place.volume == Volume::kDisk) {
    const Location embedded = location_below("/EMBED", path);
    if (files.type(embedded).ok()) {
      place = embedded;
      taken = files.snapshot(place, Purpose::kCode, kEnough);
    }
  }
  if (!taken.ok()) return failure(path, taken.error().problem);
  return {
      std::make_shared<const syntax::Source>(place.path, std::move(taken.value().bytes), syntax::Source::Origin::kFile),
      paths::directory_of(place.path),
      {}};
}

int run_script(tasks::Runtime& runtime, const std::shared_ptr<const syntax::Source>& source,
               const std::string& directory, const RunOptions& options) {
  Console& console = runtime.host().console();
  syntax::ParseResult parsed = syntax::parse(source);
  if (!parsed.ok()) {
    const syntax::Diagnostic& first = parsed.diagnostics.front();
    const std::string text = syntax::format(*source, first);
    const UncaughtError error{
        .text = text, .source = source.get(), .position = first.position, .message = first.message};
    console.write_error(options.report(error, options.style));
    return 1;
  }
  const TerminationSignals signals(runtime, console);
  const tasks::Ending ending =
      runtime.run_main(std::move(parsed.program), std::string(source->name()), directory, options.prints_value);
  console.stop_reading();  // whoever still waits for input does so for nobody
  const bool has_value = ending.kind == execution::PendingKind::kNone;
  if (options.prints_value && has_value) console.write(ending.result_text + '\n');
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
  UncaughtError error{.text = ending.error_text,
                      .source = ending.source,
                      .position = ending.position,
                      .message = ending.message,
                      .stack = ending.stack};
  std::vector<std::string_view> names;
  for (const execution::BuiltinSpec* builtin : runtime.builtins()) names.emplace_back(builtin->name);
  error.hint = spelling_hint(error, std::move(names));
  console.write_error(options.report(error, options.style));
  return 1;
}

std::string uncaught_text(const UncaughtError& error, ReportStyle style) {
  const bool colour = style == ReportStyle::kColoured;
  std::string report = colour ? painted(kRed, "Error:") : "Error:";
  report += ' ';
  report += error.text;
  report += '\n';
  if (error.source != nullptr && style != ReportStyle::kText) {
    const std::string excerpt = numbered_excerpt(error, colour);
    if (!excerpt.empty()) report += '\n' + excerpt;
  }
  return report;
}

}  // namespace duso
