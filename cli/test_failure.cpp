#include "cli/test_failure.hpp"

#include <optional>
#include <utility>

#include "cli/unified_diff.hpp"
#include "interpreter/execution/interpreter.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/text_form.hpp"

namespace duso::cli {

namespace {

// The property [name] of [thrown] as print() shows it; nothing if there is none.
std::optional<std::string> property_text(execution::Instance& instance, Value thrown, std::string_view name) {
  if (!thrown.is_object()) return std::nullopt;
  const Value* const value = find_property(thrown.object(), instance.engine().names().intern(name));
  if (value == nullptr) return std::nullopt;
  return display_text(*value);
}

std::string with_line_end(std::string text) {
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

std::string difference_of(const std::string& expected, const std::string& actual) {
  const bool has_lines = expected.find('\n') != std::string::npos || actual.find('\n') != std::string::npos;
  if (!has_lines) return "expected: " + expected + "\nactual:   " + actual + '\n';
  const bool differ_in_last_line_end = with_line_end(expected) == with_line_end(actual);
  return differ_in_last_line_end ? unified_diff("expected", expected, "actual", actual)
                                 : unified_diff("expected", with_line_end(expected), "actual", with_line_end(actual));
}

}  // namespace

TestResult failure_of(const UncaughtError& error) {
  TestResult result{.status = TestStatus::kFailed};
  result.message = error.message;
  result.report = uncaught_text(error, ReportStyle::kExcerpt);
  if (error.source != nullptr) {
    result.file = error.source->name();
    result.position = error.position;
  }
  result.stack.assign(error.stack.begin(), error.stack.end());
  return result;
}

TestResult take_failure(execution::Instance& instance) {
  const execution::PendingKind kind = instance.pending().kind;
  if (kind != execution::PendingKind::kError) {
    instance.discard_pending();
    const std::string name = kind == execution::PendingKind::kExit ? "exit()" : "shutdown()";
    const std::string message = name + " was called";
    return {.status = TestStatus::kFailed, .message = message, .report = message + '\n'};
  }
  const Value thrown = instance.pending().payload;
  if (std::optional<std::string> reason = property_text(instance, thrown, "skip")) {
    instance.discard_pending();
    return {.status = TestStatus::kSkipped, .message = *std::move(reason)};
  }
  const std::optional<std::string> expected = property_text(instance, thrown, "expected");
  const std::optional<std::string> actual = property_text(instance, thrown, "actual");
  const std::optional<std::string> own_message = property_text(instance, thrown, "message");

  execution::Outcome outcome = execution::take_outcome(instance, Value::raise());
  std::string difference;
  if (expected && actual) {
    const std::string message = own_message.value_or("not what was expected");
    // The two are not shown once more as parts of the object.
    const std::size_t place = outcome.error.find(outcome.message);
    outcome.error.replace(place, outcome.message.size(), message);
    outcome.message = message;
    difference = difference_of(*expected, *actual);
  }
  TestResult result = failure_of({.text = outcome.error,
                                  .source = outcome.source,
                                  .position = outcome.position,
                                  .message = outcome.message,
                                  .stack = outcome.stack});
  result.difference = std::move(difference);
  return result;
}

}  // namespace duso::cli
