// duso fmt [FILE|DIR|-]...: gives scripts their usual appearance.
#include <string>

#include "cli/commands.hpp"
#include "cli/operands.hpp"
#include "cli/source_paths.hpp"
#include "cli/unified_diff.hpp"
#include "interpreter/syntax/diagnostics.hpp"
#include "interpreter/syntax/format/formatter.hpp"
#include "interpreter/syntax/parser.hpp"
#include "runtime/script_runner.hpp"

namespace duso::cli {

namespace {

class FmtCommand final : public Command {
 public:
  void declare(Usage& usage) override {
    usage.add_switch("check", check_, true,
                     "change nothing; list the files that would change,\nstatus 1 if there is one");
    usage.add_switch("diff", diff_, true, "change nothing; show what would change");
    usage.add_mention("no-color", "", "accepted; there are no colours to do without");
  }

  int run(const Invocation& invocation) override {
    Operands operands = read_operands(invocation.line, *this);
    if (operands.problem.empty() && operands.words.empty()) operands.problem = "Error: fmt requires at least one file";
    if (!operands.problem.empty()) {
      invocation.console.write_error(operands.problem + '\n');
      return 1;
    }
    int status = 0;
    for (const std::string& path : expand_directories(operands.words)) {
      if (!format_file(invocation.console, path)) status = 1;
    }
    return status;
  }

 private:
  // Formats the file at [path]. False if it could not be done, or if it was not to be done but had to be.
  bool format_file(Console& console, const std::string& path) const {
    const FileText file = read_file(path);
    if (!file.text) {
      console.write_error(path + ": " + file.problem + '\n');
      return false;
    }
    const bool is_filter = path == "-";
    const std::string name = is_filter ? std::string(kStandardInputName) : path;
    const syntax::ParseResult parsed = syntax::parse(std::make_shared<const syntax::Source>(name, *file.text));
    if (!parsed.ok()) {
      console.write_error(syntax::format(parsed.program->source(), parsed.diagnostics.front()) + '\n');
      return false;
    }
    const std::string text = syntax::format_program(*parsed.program);
    if (check_ || diff_) return report(console, name, *file.text, text);
    if (is_filter) {
      console.write(text);
    } else if (text != *file.text) {
      if (const std::optional<std::string> problem = replace_file(path, text)) {
        console.write_error(path + ": " + *problem + '\n');
        return false;
      }
    }
    return true;
  }

  // Says that the file [name] would change, if it would. False if that is a failure.
  bool report(Console& console, const std::string& name, const std::string& before, const std::string& after) const {
    if (before == after) return true;
    if (check_) console.write(name + '\n');
    if (diff_) console.write(unified_diff(name, before, name + " (formatted)", after));
    return !check_;
  }

  bool check_ = false;
  bool diff_ = false;
};

}  // namespace

extern const CommandEntry kFmtCommand{
    .name = "fmt",
    .operands = "FILE|DIR|-...",
    .summary = "give scripts their usual appearance",
    .details =
        "Lays out scripts, in place: indentation, spaces and line breaks change, nothing\n"
        "else. A directory stands for all .du files below it. - reads standard input\n"
        "and writes to standard output. A script with syntax errors is left alone.",
    .make = make_command<FmtCommand>,
};

}  // namespace duso::cli
