// From the name of a script to an exit status: loading it, running it, and saying what went wrong.
//
// Whoever runs scripts for a user - the command, the prompt, a test runner - takes these steps, and users know the
// words that are said when one of them fails (cli.md 2). So the words are formed here, once, and the steps stay
// separate: the prompt reads no file, a test runner reports in a form of its own.
//
// Which builtins a script has is none of this file's business: that was decided when the runtime was made.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/execution/interpreter.hpp"
#include "interpreter/syntax/source.hpp"

namespace duso {

class Console;
class Files;

namespace tasks {
class Runtime;
}

// The name under which a program from standard input appears in messages.
inline constexpr std::string_view kStandardInputName = "<stdin>";

// A script that was loaded, or the reason why it was not.
struct LoadedScript {
  std::shared_ptr<const syntax::Source> source;  // null if there is a reason
  std::string directory;                         // where it lies; `.` if it is no file
  std::string error;                             // "could not read script 'x.du': open x.du: file does not exist"
};

// Reads the script [path], to the letter: no extension is added, no folder searched. What is not on the disk may be
// inside the executable. `-` and `/dev/stdin` read all of standard input; whoever reads from there afterwards finds it
// at its end. The sandbox has no say: it is the user who names the script.
LoadedScript load_script(Files& files, const std::string& path);

// An error that nobody caught.
struct UncaughtError {
  std::string_view text;                              // position, message and call stack, as `e.stack` has them
  const syntax::Source* source = nullptr;             // where it happened; null when that is not known
  syntax::Position position = {};                     // in the source
  std::string hint = {};                              // what the reader may want to know: "did you mean 'push'?"
  std::string_view message = {};                      // of the text, what the error itself says
  std::span<const execution::ActiveCall> stack = {};  // the calls that were active, the innermost first
};

// How much is said about an error (cli.md 2, 14).
enum class ReportStyle : std::uint8_t {
  kText,     // the specified text, for programs that read it
  kExcerpt,  // for people also the line of source that it speaks of, a caret under the place, and the hint next to that
  kColoured,  // the same in terminal colours
};

// What is said about [error].
std::string uncaught_text(const UncaughtError& error, ReportStyle style);

// A hint for who mistyped the name of a variable: the one of [candidates], or of the names in the same source, that it
// looks like. Empty if [error] is another one, or if there is none.
std::string spelling_hint(const UncaughtError& error, std::vector<std::string_view> candidates);

struct RunOptions {
  ReportStyle style = ReportStyle::kText;
  bool prints_value = false;  // of the last statement, at the end
  // What to write to standard error about an error that nobody caught.
  std::string (*report)(const UncaughtError& error, ReportStyle style) = uncaught_text;
};

// Parses [source], which lies in [directory], and runs it as the main script of [runtime], whose host's console
// receives the report of a parse error or an uncaught error. Returns the exit status of the process (cli.md 2).
int run_script(tasks::Runtime& runtime, const std::shared_ptr<const syntax::Source>& source,
               const std::string& directory, const RunOptions& options);

}  // namespace duso
