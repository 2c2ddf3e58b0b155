// What `duso test` says: for people, or as JSON, a line a test; and at the end how many there were.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/test_result.hpp"

namespace duso::cli {

// The tests of one file.
struct TestedFile {
  std::string path;
  double seconds = 0;
  std::vector<TestResult> results;

  std::size_t count(TestStatus status) const;
  // FAIL if one has failed, skip if all were skipped, ok otherwise.
  TestStatus status() const;
};

// The lines about [file]: one for the file and several for every failure; if [verbose], one for every test.
std::string file_report(const TestedFile& file, bool verbose);

// "7 passed, 1 failed, 0 skipped" and a line end.
std::string summary(const std::vector<TestedFile>& files);

// The same as JSON, one object a line.
std::string file_json(const TestedFile& file);
std::string summary_json(const std::vector<TestedFile>& files);

}  // namespace duso::cli
