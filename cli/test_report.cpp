#include "cli/test_report.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "cli/error_json.hpp"
#include "cli/json_line.hpp"

namespace duso::cli {

namespace {

std::size_t total(const std::vector<TestedFile>& files, TestStatus status) {
  std::size_t sum = 0;
  for (const TestedFile& file : files) sum += file.count(status);
  return sum;
}

// " (12 ms)".
std::string duration(double seconds) { return " (" + std::to_string(std::lround(seconds * 1000)) + " ms)"; }

// [text] with each of its lines moved to the right. Empty lines stay empty.
std::string indented(std::string_view text, std::size_t columns) {
  std::string moved;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, length);
    if (line != "\n") moved.append(columns, ' ');
    moved += line;
    text.remove_prefix(length);
  }
  if (!moved.empty() && !moved.ends_with('\n')) moved += '\n';
  return moved;
}

// What a program is told that a person reads as ok, FAIL or skip.
std::string_view json_word(TestStatus status) {
  switch (status) {
    case TestStatus::kPassed:
      return "passed";
    case TestStatus::kSkipped:
      return "skipped";
    case TestStatus::kFailed:
      break;
  }
  return "failed";
}

std::string headline(TestStatus status, std::string_view name, double seconds, std::string_view reason) {
  std::string line(status_word(status));
  line.append(" ").append(name).append(duration(seconds));
  if (!reason.empty()) line.append(": ").append(reason);
  return line + '\n';
}

std::string failure_report(const TestResult& result, std::size_t columns) {
  std::string text = indented(result.report, columns) + indented(result.difference, columns);
  if (!result.output.empty()) {
    text += indented("output:", columns) + indented(result.output, columns + 2);
  }
  return text;
}

}  // namespace

std::size_t TestedFile::count(TestStatus status) const {
  return static_cast<std::size_t>(std::ranges::count(results, status, &TestResult::status));
}

TestStatus TestedFile::status() const {
  if (count(TestStatus::kFailed) != 0) return TestStatus::kFailed;
  return count(TestStatus::kSkipped) == results.size() ? TestStatus::kSkipped : TestStatus::kPassed;
}

std::string file_report(const TestedFile& file, bool verbose) {
  constexpr std::size_t kStep = 2;
  const TestResult& first = file.results.front();
  const bool is_skipped_whole = first.name.empty() && first.status == TestStatus::kSkipped;
  std::string text = headline(file.status(), file.path, file.seconds, is_skipped_whole ? first.message : "");
  for (const TestResult& result : file.results) {
    const bool has_failed = result.status == TestStatus::kFailed;
    if (result.name.empty()) {
      if (has_failed) text += failure_report(result, kStep);
      continue;
    }
    if (!has_failed && !verbose) continue;
    const std::string_view reason = result.status == TestStatus::kSkipped ? result.message : std::string_view();
    text += indented(headline(result.status, result.name, result.seconds, reason), kStep);
    if (has_failed) text += failure_report(result, 2 * kStep);
  }
  return text;
}

std::string summary(const std::vector<TestedFile>& files) {
  return std::to_string(total(files, TestStatus::kPassed)) + " passed, " +
         std::to_string(total(files, TestStatus::kFailed)) + " failed, " +
         std::to_string(total(files, TestStatus::kSkipped)) + " skipped\n";
}

std::string file_json(const TestedFile& file) {
  std::string lines;
  for (const TestResult& result : file.results) {
    JsonLine line;
    line.add("file", file.path).add("name", result.name).add("status", json_word(result.status));
    line.add_seconds("seconds", result.seconds);
    if (result.status == TestStatus::kSkipped) line.add("reason", result.message);
    if (result.status == TestStatus::kFailed) {
      line.add("message", result.message);
      if (!result.file.empty()) {
        line.add("error_file", result.file).add("line", result.position.line).add("column", result.position.column);
      }
      line.add_array("stack", stack_json(result.stack));
      if (!result.difference.empty()) line.add("difference", result.difference);
      line.add("output", result.output);
    }
    lines += line.finish();
  }
  return lines;
}

std::string summary_json(const std::vector<TestedFile>& files) {
  return JsonLine()
      .add("passed", total(files, TestStatus::kPassed))
      .add("failed", total(files, TestStatus::kFailed))
      .add("skipped", total(files, TestStatus::kSkipped))
      .finish();
}

}  // namespace duso::cli
