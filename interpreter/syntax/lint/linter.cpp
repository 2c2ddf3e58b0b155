#include "interpreter/syntax/lint/linter.hpp"

#include <algorithm>
#include <tuple>

#include "interpreter/syntax/lexer.hpp"
#include "interpreter/syntax/lint/rules.hpp"
#include "interpreter/syntax/lint/suppressions.hpp"

namespace duso::syntax {

namespace {

using Check = void (*)(Examination&);
constexpr Check kChecks[] = {&check_names, &check_calls, &check_flow, &check_expressions};

// The tokens of [source] up to the one at [position], that one included.
std::vector<Token> tokens_up_to(const Source& source, Position position) {
  std::vector<Token> tokens;
  Lexer lexer(source);
  do {
    tokens.push_back(lexer.next());
  } while (tokens.back().position < position && tokens.back().kind != TokenKind::kEndOfFile);
  return tokens;
}

// Whether the last of [tokens], a `=` that the parser did not expect, stands in a condition.
bool stands_in_condition(const std::vector<Token>& tokens) {
  using enum TokenKind;
  for (auto token = tokens.rbegin(); token != tokens.rend(); ++token) {
    switch (token->kind) {
      case kIf:
      case kElseif:
      case kWhile:
        return true;
      case kThen:
      case kDo:
      case kElse:
      case kEnd:
      case kFor:
      case kVar:
      case kFunction:
      case kReturn:
      case kTry:
      case kCatch:
        return false;
      default:
        break;
    }
  }
  return false;
}

}  // namespace

std::vector<Finding> find_error(const ParseResult& parsed) {
  if (parsed.ok()) return {};
  const Diagnostic& error = parsed.diagnostics.front();
  const Source& source = parsed.program->source();
  const Token token = tokens_up_to(source, error.position).back();
  const Position end = token.position == error.position ? source.position_at(token.end) : error.position;
  return {{kParse, Severity::kError, error.position, end, error.message}};
}

std::vector<Finding> lint(const ParseResult& parsed, const LintSurroundings& surroundings) {
  const Program& program = *parsed.program;
  std::vector<Finding> findings = find_error(parsed);
  if (parsed.ok()) {
    Examination examination(program, surroundings);
    for (const Check check : kChecks) check(examination);
    findings = examination.take_findings();
  } else {
    const std::vector<Token> tokens = tokens_up_to(program.source(), findings.front().begin);
    if (tokens.back().kind == TokenKind::kAssign && stands_in_condition(tokens)) {
      findings.push_back({kAssignInCondition, Severity::kWarning, findings.front().begin, findings.front().end,
                          "assignment in condition, did you mean '=='?"});
    }
  }
  const Suppressions suppressions(program);
  std::erase_if(findings, [&](const Finding& finding) { return suppressions.cover(finding); });
  std::ranges::sort(findings, {}, [](const Finding& finding) { return std::tie(finding.begin, finding.message); });
  return findings;
}

}  // namespace duso::syntax
