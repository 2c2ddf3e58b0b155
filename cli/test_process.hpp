// A file of tests and the process that runs it.
//
// Whatever a test does - crash, end the process, close a stream, print a gigabyte - happens there and to nobody else.
// Its output goes to a file and not to a pipe, so nobody has to read along, and a test that prints much waits for
// nobody.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/forked_child.hpp"
#include "cli/main_script.hpp"
#include "cli/stopwatch.hpp"
#include "cli/test_filter.hpp"
#include "cli/test_report.hpp"
#include "cli/test_result.hpp"

namespace duso::cli {

class TestProcess {
 public:
  // For the file at [path]. [flags]: what its script finds on its command line besides.
  TestProcess(std::string path, std::vector<std::string> flags) : path_(std::move(path)), flags_(std::move(flags)) {}

  // Starts the process: it runs the tests that [filter] wants, with the limits of [script]. Throws std::system_error
  // when the system gives none.
  void start(MainScript& script, const TestFilter& filter);

  pid_t pid() const { return pid_; }

  // What came of the tests, now that the process has ended in the way [end].
  TestedFile collect(const ProcessEnd& end) const;

 private:
  int run(MainScript& script, const TestFilter& filter);

  const std::string path_;
  const std::vector<std::string> flags_;
  ScratchFile output_;
  ScratchFile log_;
  Stopwatch stopwatch_;
  pid_t pid_ = -1;
};

}  // namespace duso::cli
