// What came of tests, and how it gets from the process that ran them to the one that reports.
//
// A file of tests runs in a process of its own, which may crash at any moment. So it does not hand over its results at
// the end: it writes down when a test begins and what came of it as soon as that is known, and at last that it is done.
// Whoever reads this finds out which test was running when the process was gone.
//
// What tests print goes to another file, with which nobody interferes. Of a test it is only noted where in there its
// output begins and ends.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/execution/interpreter.hpp"

namespace duso::cli {

enum class TestStatus : std::uint8_t { kPassed, kFailed, kSkipped };

// "ok", "FAIL", "skip".
std::string_view status_word(TestStatus status);

struct TestResult {
  std::string name = {};  // of the function; empty: the file as a whole
  TestStatus status = TestStatus::kPassed;
  double seconds = 0;
  std::string message = {};  // of a failure: what the error says; of a test that was skipped: why
  std::string report = {};   // of a failure, for people: place, message, stack, source; several lines
  std::string file = {};     // of a failure: where it happened; empty if that is not known
  syntax::Position position = {};
  std::vector<execution::ActiveCall> stack = {};
  std::string difference = {};  // of a failure over two texts: how the expected one becomes the actual one
  std::string output = {};      // of a failure: what was printed meanwhile
};

// A file without a name, which is gone when nobody has it any more.
class ScratchFile {
 public:
  // Throws std::system_error when there is no room for one.
  ScratchFile();

  int descriptor() const;
  std::size_t size() const;
  void append(std::string_view bytes);
  // The bytes from [begin] to [end].
  std::string read(std::size_t begin, std::size_t end) const;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
};

// The process that runs the tests of a file.
class TestLog {
 public:
  // Writes to [log]; the tests print into [output].
  TestLog(ScratchFile& log, const ScratchFile& output) : log_(log), output_(output) {}

  // The test [name] begins; empty: the file's top level.
  void begin(std::string_view name);
  // What came of the test that began last, or of the file as a whole.
  void add(const TestResult& result);
  // Nothing more will come.
  void finish();

 private:
  ScratchFile& log_;
  const ScratchFile& output_;
  std::size_t output_begin_ = 0;
};

// What is in [log]. If it was not finished, the test that was running, or the file, has failed because of [cause].
std::vector<TestResult> read_results(const ScratchFile& log, const ScratchFile& output, const std::string& cause);

}  // namespace duso::cli
