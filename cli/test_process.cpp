#include "cli/test_process.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "cli/test_run.hpp"

namespace duso::cli {

void TestProcess::start(MainScript& script, const TestFilter& filter) {
  stopwatch_ = Stopwatch();
  pid_ = start_child([&] { return run(script, filter); });
}

// In the new process. Returns its exit status.
int TestProcess::run(MainScript& script, const TestFilter& filter) {
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(output_.descriptor(), STDOUT_FILENO) < 0 ||
      dup2(output_.descriptor(), STDERR_FILENO) < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot redirect the output of tests");
  }
  // The command line that `duso test FILE` alone would have had.
  std::vector<const char*> arguments = {"test", path_.c_str()};
  for (const std::string& flag : flags_) arguments.push_back(flag.c_str());
  const CommandLine line(arguments);
  Console console({.read_input = line.flag("no-stdin") == nullptr});
  TestLog log(log_, output_);
  run_test_file(script, {console, line}, path_, filter, log);
  console.flush();
  return 0;
}

TestedFile TestProcess::collect(const ProcessEnd& end) const {
  const std::string cause = "the process ended " + end.describe() + " before the tests were done";
  return {path_, stopwatch_.seconds(), read_results(log_, output_, cause)};
}

}  // namespace duso::cli
