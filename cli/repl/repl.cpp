#include "cli/repl/repl.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "cli/repl/commands.hpp"
#include "cli/repl/input_text.hpp"
#include "cli/repl/value_view.hpp"
#include "cli/terminal_width.hpp"
#include "interpreter/syntax/parser.hpp"
#include "interpreter/values/text_form.hpp"
#include "interpreter/values/utf8.hpp"
#include "runtime/tasks/job.hpp"
#include "stdlib/builtins/table.hpp"

namespace duso::cli::repl {

namespace {

constexpr const char* kPrompt = "duso> ";
constexpr const char* kContinuation = "    > ";

// The variable that holds the last value that was shown.
constexpr std::string_view kLastValue = "_";

// Duso's prompt has always run an expression as the argument of a call of `print`, and counted columns from there. What
// reads its errors from a pipe knows these numbers; somebody at a terminal has the caret.
constexpr std::string_view kPrintArgument = "      ";

bool is_one_expression(const syntax::Program& program) {
  const auto& statements = program.body().statements;
  return statements.size() == 1 && statements.front()->kind == syntax::StatementKind::kExpressionStatement;
}

}  // namespace

Value Repl::run(execution::Call& call) {
  Session session(call);
  session_ = &session;
  names_.offer(session);
  const std::unique_ptr<SessionNames, void (*)(SessionNames*)> offer(&names_, [](SessionNames* n) { n->withdraw(); });
  tasks::ScriptInstance& instance = session.instance();
  while (true) {
    const tasks::Wake wake = instance.yield(call);
    if (wake != tasks::Wake::kReady) return instance.raise_woken(call, wake);
    instance.report_failures();
    TypedLine input;
    if (!read_input(input)) return Value::raise();
    if (input.kind == TypedLine::Kind::kEnd || asks_to_leave(input.text)) return leave();
    if (input.kind == TypedLine::Kind::kDiscarded || utf8::trim(input.text).empty()) continue;
    reader_.remember(input.text);
    if (!run_input(input.text)) return Value::raise();
  }
}

// Ends the session as exit() does: nothing waits for what still runs.
Value Repl::leave() { return session_->instance().unwind(execution::PendingKind::kExit, Value::nil()); }

// --- reading ---

bool Repl::read_line(const std::string& prompt, TypedLine& line) {
  if (reader_.has_line()) {
    line = reader_.read(prompt);
    return true;
  }
  tasks::Wake wake = tasks::Wake::kReady;
  std::optional<TypedLine> read = tasks::run_job<TypedLine>(
      session_->call(), session_->instance(), {"prompt"}, [this, prompt] { return reader_.read(prompt); },
      [](const TypedLine&) {}, wake);
  if (!read.has_value()) {
    session_->instance().raise_woken(session_->call(), wake);
    return false;
  }
  line = *std::move(read);
  return true;
}

bool Repl::read_input(TypedLine& input) {
  if (!read_line(kPrompt, input)) return false;
  while (input.kind == TypedLine::Kind::kLine) {
    const bool has_backslash = ends_in_backslash(input.text);
    if (!has_backslash && !(reader_.knows_open_blocks() && is_open(input.text))) return true;
    if (has_backslash) input.text.pop_back();
    TypedLine next;
    if (!read_line(kContinuation, next)) return false;
    if (next.kind == TypedLine::Kind::kEnd) return true;  // what there is will say what it lacks
    if (next.kind == TypedLine::Kind::kDiscarded) input.kind = next.kind;
    input.text += '\n' + next.text;
  }
  return true;
}

// --- running ---

bool Repl::run_input(const std::string& text) { return is_command(text) ? run_command(text) : evaluate(text); }

bool Repl::run_command(std::string_view text) {
  const std::string_view line = utf8::trim(text);
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view name = line.substr(0, end);
  const ReplCommand* const command = find_command(name);
  if (command != nullptr) return (this->*command->run)(utf8::trim(line.substr(end)));
  complain("no command '" + std::string(name) + "', :help lists all there are");
  return true;
}

std::shared_ptr<const syntax::Program> Repl::parse(const std::shared_ptr<const syntax::Source>& source) {
  syntax::ParseResult parsed = syntax::parse(source);
  if (parsed.ok()) return std::move(parsed.program);
  const syntax::Diagnostic& first = parsed.diagnostics.front();
  const std::string text = syntax::format(*source, first);
  report({.text = text, .source = source.get(), .position = first.position, .message = first.message});
  return nullptr;
}

std::shared_ptr<const syntax::Program> Repl::parse_typed(std::string_view text) {
  const auto source_of = [](std::string typed) {
    return std::make_shared<const syntax::Source>(std::string(kStandardInputName), std::move(typed));
  };
  std::shared_ptr<const syntax::Program> program = parse(source_of(std::string(text)));
  if (program == nullptr || options_.on_terminal || !is_one_expression(*program)) return program;
  return parse(source_of(std::string(kPrintArgument) + std::string(text)));
}

std::optional<Result> Repl::run_program(std::shared_ptr<const syntax::Program> program) {
  Result result = session_->run(std::move(program));
  switch (result.kind) {
    case Result::Kind::kDone:
      break;
    case Result::Kind::kFailed:
      report({.text = result.outcome.error,
              .source = result.outcome.source,
              .position = result.outcome.position,
              .message = result.outcome.message,
              .stack = result.outcome.stack});
      break;
    case Result::Kind::kBroken:
      console_.write_error("\nInterrupted\n");  // behind the terminal's own ^C
      break;
    case Result::Kind::kEnding:
      return std::nullopt;
  }
  return result;
}

bool Repl::evaluate(std::string_view text) {
  const std::shared_ptr<const syntax::Program> program = parse_typed(text);
  if (program == nullptr) return true;
  const std::optional<Result> result = run_program(program);
  if (!result.has_value()) return false;
  if (result->kind == Result::Kind::kDone && is_one_expression(*program)) show(result->value.get());
  return true;
}

// --- showing ---

void Repl::show(Value value) {
  if (value.is_nil()) return;
  session_->assign(kLastValue, value);
  if (!options_.on_terminal) {
    console_.write(display_text(value) + '\n');
    return;
  }
  const ValueView view = view_of(value, {.width = terminal_width(STDOUT_FILENO)}, options_.colours_values);
  console_.write(view.text + '\n');
  if (view.is_cut) console_.write_error("(shortened; print(_) shows all of it)\n");
}

void Repl::report(UncaughtError error) {
  if (!options_.on_terminal) {
    complain(std::string(error.text));
    return;
  }
  const auto variables = session_->variables();
  std::vector<std::string_view> names;
  names.reserve(variables.size() + stdlib::all_builtins().size());
  for (const auto& [name, value] : variables) names.emplace_back(name);
  for (const execution::BuiltinSpec* builtin : stdlib::all_builtins()) names.emplace_back(builtin->name);
  error.hint = spelling_hint(error, std::move(names));
  console_.write_error(uncaught_text(error, options_.colours_errors ? ReportStyle::kColoured : ReportStyle::kExcerpt));
}

}  // namespace duso::cli::repl
