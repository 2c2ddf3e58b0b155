// duso lint FILE...: finds probable mistakes in scripts.
#include <memory>
#include <string>
#include <string_view>

#include "cli/builtin_names.hpp"
#include "cli/commands.hpp"
#include "cli/operands.hpp"
#include "cli/source_check.hpp"
#include "cli/test_files.hpp"
#include "interpreter/syntax/lint/linter.hpp"
#include "runtime/files/files.hpp"
#include "runtime/files/path_text.hpp"
#include "runtime/module_search.hpp"
#include "stdlib/builtins/table.hpp"

namespace duso::cli {

namespace {

// The program that `include(name)` runs in [file]; null if there is none or it does not parse.
std::shared_ptr<const syntax::Program> find_included(const syntax::Source& file, std::string_view name) {
  const std::string directory = paths::directory_of(file.name());
  Files files(FilesConfig{.app_directory = directory});
  const std::optional<Location> place = find_module(files, name, directory).found;
  if (!place.has_value()) return nullptr;
  Result<FileSnapshot> included = files.snapshot(*place, Purpose::kCode);
  if (!included.ok()) return nullptr;
  const auto parsed =
      syntax::parse(std::make_shared<const syntax::Source>(place->path, std::move(included.value().bytes)));
  return parsed.ok() ? parsed.program : nullptr;
}

// The functions that `duso test` calls in the files that it takes for tests (cli.md 14).
bool is_test_function(const syntax::Source& file, std::string_view name) {
  return is_test_file(file.name()) && is_called_by_test_runner(name);
}

syntax::LintSurroundings surroundings() {
  syntax::LintSurroundings known;
  for (const std::string_view name : reference_builtins()) known.builtins[name].reports_shadowing = true;
  for (const std::string_view name : added_builtins()) known.builtins[name];
  for (const execution::BuiltinSpec* spec : stdlib::all_builtins()) {
    syntax::Signature signature{
        .parameters = {}, .takes_more = spec->rest.has_value(), .takes_other_names = spec->takes_other_names};
    for (const execution::Parameter& parameter : spec->parameters) signature.parameters.push_back(parameter.name);
    known.builtins[spec->name].signature = std::move(signature);
  }
  known.included = find_included;
  known.is_entry_point = is_test_function;
  return known;
}

class LintCommand final : public Command {
 public:
  void declare(Usage& usage) override {
    usage.add_switch("ignore-warnings", errors_only_, true, "errors only");
    usage.add_switch("strict", is_strict_, true, "status 1 also if there are only warnings");
    check_.declare(usage);
  }

  int run(const Invocation& invocation) override {
    Operands operands = read_operands(invocation.line, *this);
    if (operands.problem.empty() && operands.words.empty()) operands.problem = "Error: lint requires at least one file";
    if (!operands.problem.empty()) {
      invocation.console.write_error(operands.problem + '\n');
      return 1;
    }
    const syntax::LintSurroundings known = surroundings();
    const auto examine = [&](const syntax::ParseResult& parsed) {
      return errors_only_ ? syntax::find_error(parsed) : syntax::lint(parsed, known);
    };
    return check_.run(invocation.console, operands.words, examine, is_strict_);
  }

 private:
  SourceCheck check_;
  bool errors_only_ = false;
  bool is_strict_ = false;
};

}  // namespace

extern const CommandEntry kLintCommand{
    .name = "lint",
    .operands = "FILE|DIR|-...",
    .summary = "find probable mistakes in scripts",
    .details =
        "Reads scripts and points at what is probably wrong in them. Status 1 if there is\n"
        "an error, 0 if there are only warnings. A directory stands for all .du files\n"
        "below it; of a Markdown file, the ```duso blocks are looked at.\n"
        "\n"
        "// lint-ignore RULE behind a line, or alone in the line above it, silences the\n"
        "rule there. docs/cli.md describes the rules; -json shows which one has spoken.",
    .make = make_command<LintCommand>,
};

}  // namespace duso::cli
