// Fuzz target: the linter, on source text of any kind.
//
// Whatever the text is, there is an answer, sorted, and every finding marks a place in the text.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "interpreter/syntax/lint/linter.hpp"
#include "interpreter/syntax/parser.hpp"

namespace {

using namespace duso::syntax;

void expect(bool holds) {
  if (!holds) std::abort();
}

LintSurroundings surroundings() {
  LintSurroundings known;
  known.builtins["print"] = {.reports_shadowing = true, .signature = Signature{.parameters = {}, .takes_more = true}};
  known.builtins["len"] = {.reports_shadowing = true, .signature = Signature{.parameters = {"value"}}};
  known.builtins["include"] = {.reports_shadowing = true, .signature = {}};
  // Every file there is includes itself under another name.
  known.included = [](const Source& file, std::string_view) {
    const ParseResult parsed = parse(std::make_shared<const Source>(file.name() + "+", std::string(file.text())));
    return parsed.ok() && file.name().size() < 12 ? parsed.program : nullptr;
  };
  return known;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto source = std::make_shared<const Source>("fuzz.du", std::string(reinterpret_cast<const char*>(data), size));
  const ParseResult parsed = parse(source);
  const std::vector<Finding> findings = lint(parsed, surroundings());
  expect(parsed.ok() || find_error(parsed).size() == 1);
  expect(std::ranges::is_sorted(findings, {}, &Finding::begin));
  for (const Finding& finding : findings) {
    expect(finding.begin <= finding.end);
    expect(finding.begin.line >= 1 && finding.end.line <= source->line_count());
    expect(!finding.message.empty() && !finding.rule.empty());
  }
  return 0;
}
