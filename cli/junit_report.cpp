#include "cli/junit_report.hpp"

#include <cstdio>
#include <string_view>

#include "interpreter/values/utf8.hpp"

namespace duso::cli {

namespace {

// [text] between tags or quotes. What XML 1.0 has no way to say, control characters and bytes that are no UTF-8,
// becomes a stand-in. Line ends are written as references, or a reader would take those of an attribute for spaces.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : utf8::replace_invalid(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
      case '\r':
      case '\t':
        out += "&#" + std::to_string(c) + ';';
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? "\xEF\xBF\xBD" : std::string(1, c);
    }
  }
  return out;
}

std::string attribute(std::string_view name, std::string_view text) {
  return ' ' + std::string(name) + "=\"" + escaped(text) + '"';
}

std::string time_attribute(double seconds) {
  char digits[64];
  std::snprintf(digits, sizeof digits, "%.3f", seconds);
  return attribute("time", digits);
}

std::string count_attributes(std::size_t tests, std::size_t failures, std::size_t skipped) {
  return attribute("tests", std::to_string(tests)) + attribute("failures", std::to_string(failures)) +
         attribute("skipped", std::to_string(skipped));
}

std::string test_case(const TestedFile& file, const TestResult& result) {
  std::string xml = "    <testcase" + attribute("classname", file.path) +
                    attribute("name", result.name.empty() ? file.path : result.name) + time_attribute(result.seconds);
  if (result.status == TestStatus::kPassed) return xml + "/>\n";
  xml += ">\n";
  if (result.status == TestStatus::kSkipped) {
    xml += "      <skipped" + attribute("message", result.message) + "/>\n";
  } else {
    xml += "      <failure" + attribute("message", result.message) + '>' + escaped(result.report + result.difference) +
           "</failure>\n";
    if (!result.output.empty()) xml += "      <system-out>" + escaped(result.output) + "</system-out>\n";
  }
  return xml + "    </testcase>\n";
}

}  // namespace

std::string junit_xml(const std::vector<TestedFile>& files, double seconds) {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t skipped = 0;
  std::string suites;
  for (const TestedFile& file : files) {
    tests += file.results.size();
    failures += file.count(TestStatus::kFailed);
    skipped += file.count(TestStatus::kSkipped);
    suites += "  <testsuite" + attribute("name", file.path) +
              count_attributes(file.results.size(), file.count(TestStatus::kFailed), file.count(TestStatus::kSkipped)) +
              time_attribute(file.seconds) + ">\n";
    for (const TestResult& result : file.results) suites += test_case(file, result);
    suites += "  </testsuite>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + count_attributes(tests, failures, skipped) +
         time_attribute(seconds) + ">\n" + suites + "</testsuites>\n";
}

}  // namespace duso::cli
