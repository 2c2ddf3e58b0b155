#include "cli/source_check.hpp"

#include <memory>

#include "cli/json_line.hpp"
#include "cli/markdown_blocks.hpp"
#include "cli/source_paths.hpp"
#include "interpreter/syntax/diagnostics.hpp"
#include "runtime/script_runner.hpp"

namespace duso::cli {

namespace {

// The pieces of Duso in [text]: the blocks of a Markdown file, all of every other one.
std::vector<std::shared_ptr<const syntax::Source>> sources_in(const std::string& path, std::string text) {
  if (path.ends_with(".md")) return markdown_blocks(path, text);
  const std::string name = path == "-" ? std::string(kStandardInputName) : path;
  return {std::make_shared<const syntax::Source>(name, std::move(text))};
}

}  // namespace

void SourceCheck::declare(Usage& usage) {
  usage.add_switch("json", json_, true, "print one JSON object a line");
  usage.add_choice("format", format_, {"text", "json"}, "FORMAT", "text, or json, which is the same as -json");
  usage.add_mention("no-color", "", "accepted; there are no colours to do without");
}

int SourceCheck::run(Console& console, const std::vector<std::string>& paths, const Examine& examine,
                     bool is_strict) const {
  bool failed = false;
  for (const std::string& path : expand_directories(paths)) {
    FileText file = read_file(path);
    if (!file.text) {
      console.write_error(path + ": " + file.problem + '\n');
      failed = true;
      continue;
    }
    for (const std::shared_ptr<const syntax::Source>& source : sources_in(path, *std::move(file.text))) {
      for (const syntax::Finding& finding : examine(syntax::parse(source))) {
        const bool is_error = report(console, *source, finding);
        failed = failed || is_error || is_strict;
      }
    }
  }
  return failed ? 1 : 0;
}

// Reports [finding]. Returns whether it is an error.
bool SourceCheck::report(Console& console, const syntax::Source& source, const syntax::Finding& finding) const {
  const bool is_error = finding.severity == syntax::Severity::kError;
  if (wants_json()) {
    console.write(JsonLine()
                      .add("file", source.name())
                      .add("line", finding.begin.line)
                      .add("column", finding.begin.column)
                      .add("end_line", finding.end.line)
                      .add("end_column", finding.end.column)
                      .add("severity", is_error ? "error" : "warning")
                      .add("rule", finding.rule)
                      .add("message", finding.message)
                      .finish());
    return is_error;
  }
  const std::string line = syntax::format(source, {finding.begin, finding.message, finding.severity}) + '\n';
  if (is_error) {
    console.write_error(line);
  } else {
    console.write(line);
  }
  return is_error;
}

}  // namespace duso::cli
