#include "cli/repl/commands.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <string>

#include "cli/doc_page.hpp"
#include "cli/markdown_page.hpp"
#include "cli/repl/repl.hpp"
#include "cli/repl/value_view.hpp"
#include "cli/stopwatch.hpp"
#include "runtime/markdown/parser.hpp"
#include "stdlib/reference/pages.hpp"

namespace duso::cli::repl {

namespace {

constexpr ReplCommand kCommands[] = {
    {":help", "", "this list", &Repl::help},
    {":doc", "[NAME]", "the page about a builtin, a word of the language or a type", &Repl::show_documentation},
    {":type", "CODE", "the type of a value", &Repl::show_type},
    {":time", "CODE", "a value, and how long it took", &Repl::measure},
    {":load", "FILE", "runs a script as if it had been typed", &Repl::load},
    {":vars", "", "the variables of the session", &Repl::list_variables},
    {":reset", "", "takes all variables away", &Repl::reset},
};

constexpr std::string_view kKeys =
    "Tab completes a name, a member behind a dot, a command. The arrow keys go through\n"
    "what was typed before, Ctrl-R searches there. An input goes on as long as a bracket,\n"
    "a string or a block is open, or behind a backslash; Ctrl-C discards it, and ends\n"
    "what is running. The last value is in _. exit, quit or Ctrl-D leave.\n";

// How long something took, in the unit that a reader expects.
std::string duration_text(double seconds) {
  std::array<char, 32> text;
  if (seconds < 1e-3) {
    std::snprintf(text.data(), text.size(), "%.1f µs", seconds * 1e6);
  } else if (seconds < 1) {
    std::snprintf(text.data(), text.size(), "%.2f ms", seconds * 1e3);
  } else {
    std::snprintf(text.data(), text.size(), "%.3f s", seconds);
  }
  return text.data();
}

}  // namespace

std::span<const ReplCommand> all_commands() { return kCommands; }

const ReplCommand* find_command(std::string_view name) {
  const auto* const found = std::ranges::find(kCommands, name, &ReplCommand::name);
  return found != std::end(kCommands) ? found : nullptr;
}

bool Repl::help(std::string_view) {
  std::string text;
  for (const ReplCommand& command : all_commands()) {
    std::string form = std::string(command.name) + ' ' + std::string(command.operand);
    form.resize(14, ' ');
    text += "  " + form + std::string(command.summary) + '\n';
  }
  console_.write(text + '\n' + std::string(kKeys));
  return true;
}

bool Repl::show_documentation(std::string_view operand) {
  const std::string topic(operand.empty() ? stdlib::kIndexPage : operand);
  try {
    console_.write('\n' + rendered_page(doc_page(topic).text, options_.colours_values));
  } catch (const markdown::Unavailable& reason) {
    complain(reason.what());
  }
  return true;
}

bool Repl::show_type(std::string_view operand) {
  const std::shared_ptr<const syntax::Program> program = parse_typed(operand);
  if (program == nullptr) return true;
  const std::optional<Result> result = run_program(program);
  if (!result.has_value()) return false;
  if (result->kind == Result::Kind::kDone) console_.write(std::string(type_name(result->value.get())) + '\n');
  return true;
}

bool Repl::measure(std::string_view operand) {
  const std::shared_ptr<const syntax::Program> program = parse_typed(operand);
  if (program == nullptr) return true;
  const Stopwatch stopwatch;
  const std::optional<Result> result = run_program(program);
  const double seconds = stopwatch.seconds();
  if (!result.has_value()) return false;
  if (result->kind == Result::Kind::kDone) show(result->value.get());
  console_.write("time: " + duration_text(seconds) + '\n');
  return true;
}

bool Repl::load(std::string_view operand) {
  if (operand.empty()) {
    complain(":load needs the name of a file");
    return true;
  }
  const LoadedScript loaded = script_.load(invocation_, std::string(operand));
  if (loaded.source == nullptr) {
    complain(loaded.error);
    return true;
  }
  const std::shared_ptr<const syntax::Program> program = parse(loaded.source);
  return program == nullptr || run_program(program).has_value();
}

bool Repl::list_variables(std::string_view) {
  constexpr ViewLimits kOnOneLine{
      .width = SIZE_MAX, .depth = 2, .items = 6, .leaves = 20, .text = 40, .lines = 1, .quotes = true};
  std::string text;
  for (const auto& [name, value] : session_->variables()) {
    text += name + " = " + view_of(value, kOnOneLine, options_.colours_values).text + '\n';
  }
  console_.write(text);
  return true;
}

bool Repl::reset(std::string_view) {
  session_->reset();
  return true;
}

}  // namespace duso::cli::repl
