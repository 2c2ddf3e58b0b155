// duso test [FILE|DIR]...: runs the tests of scripts.
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/junit_report.hpp"
#include "cli/main_script.hpp"
#include "cli/operands.hpp"
#include "cli/source_paths.hpp"
#include "cli/test_files.hpp"
#include "cli/test_filter.hpp"
#include "cli/test_process.hpp"
#include "cli/test_report.hpp"
#include "interpreter/values/value.hpp"

namespace duso::cli {

namespace {

class TestCommand final : public Command {
 public:
  void declare(Usage& usage) override {
    usage.add_text("run", pattern_, "REGEX", "run only tests whose name it matches");
    usage.add_count("jobs", jobs_, 1, "how many files are run at a time (default: one\nper CPU)");
    usage.add_switch("verbose", verbose_, true, "a line for every test, not only for every file");
    usage.add_switch("json", json_, true, "one JSON object a line for every test");
    usage.add_text("junit", junit_path_, "FILE", "write the results there, too, as JUnit XML");
    script_.declare_surroundings(usage);
  }

  int run(const Invocation& invocation) override {
    Operands operands = read_operands(invocation.line, *this);
    if (operands.problem.empty() && !pattern_.empty()) {
      register_value_types();
      if (const auto problem = filter_.set_pattern(pattern_)) operands.problem = "Error: -run: " + *problem;
    }
    if (!operands.problem.empty()) {
      invocation.console.write_error(operands.problem + '\n');
      return 1;
    }
    if (operands.words.empty()) operands.words.emplace_back(".");
    try {
      return report(invocation.console, run_all(invocation.console, operands));
    } catch (const std::system_error& problem) {
      invocation.console.write_error("Error: " + std::string(problem.what()) + '\n');
      return 1;
    }
  }

 private:
  std::vector<TestedFile> run_all(Console& console, const Operands& operands);
  int report(Console& console, const std::vector<TestedFile>& files) const;

  MainScript script_;
  TestFilter filter_;
  std::string pattern_;
  std::size_t jobs_ = std::max(1U, std::thread::hardware_concurrency());
  bool verbose_ = false;
  bool json_ = false;
  std::string junit_path_;
  Stopwatch stopwatch_;
};

// Runs all files, several at a time, and reports each as soon as those in front of it are reported. Returns those in
// which there was something to run.
std::vector<TestedFile> TestCommand::run_all(Console& console, const Operands& operands) {
  const std::vector<std::string> paths = find_test_files(operands.words);
  std::vector<std::optional<TestedFile>> done(paths.size());
  std::map<pid_t, std::pair<std::size_t, std::unique_ptr<TestProcess>>> running;
  std::vector<TestedFile> reported;
  std::size_t started = 0;
  for (std::size_t next = 0; next < paths.size(); ++next) {
    while (!done[next]) {
      for (; started < paths.size() && running.size() < jobs_; ++started) {
        auto process = std::make_unique<TestProcess>(paths[started], operands.flags);
        process->start(script_, filter_);
        const pid_t pid = process->pid();
        running.emplace(pid, std::pair(started, std::move(process)));
      }
      const std::optional<EndedChild> ended = next_ended_child(true);
      if (!ended) throw std::system_error(ECHILD, std::generic_category(), "cannot wait for the tests");
      const auto found = running.find(ended->pid);
      if (found == running.end()) continue;
      const auto& [index, process] = found->second;
      done[index] = process->collect(ended->end);
      running.erase(found);
    }
    if (done[next]->results.empty()) continue;  // nothing that was asked for
    console.write(json_ ? file_json(*done[next]) : file_report(*done[next], verbose_));
    console.flush();
    reported.push_back(*std::move(done[next]));
  }
  return reported;
}

// Says what came of it all. Returns the exit status.
int TestCommand::report(Console& console, const std::vector<TestedFile>& files) const {
  console.write(json_ ? summary_json(files) : summary(files));
  bool failed = files.empty();
  for (const TestedFile& file : files) failed = failed || file.status() == TestStatus::kFailed;
  if (junit_path_.empty()) return failed ? 1 : 0;
  if (const auto problem = write_file(junit_path_, junit_xml(files, stopwatch_.seconds()))) {
    console.write_error("Error: " + *problem + '\n');
    return 1;
  }
  return failed ? 1 : 0;
}

}  // namespace

extern const CommandEntry kTestCommand{
    .name = "test",
    .operands = "[FILE|DIR]...",
    .summary = "run the tests of scripts",
    .details =
        "Runs files of tests, each as a script of its own. A directory stands for all\n"
        "files below it that are called NAME_test.du or test_NAME.du; without any operand\n"
        "it is the current one.\n"
        "\n"
        "Functions of the top level that are called test_... are the tests. Each runs\n"
        "between setup() and teardown(), if there are such. A file without any is a test\n"
        "itself. A test fails by an error; throw({skip = \"why\"}) skips it. What it prints\n"
        "is shown if it fails. Status 1 if a test has failed, or if there was none.",
    .make = make_command<TestCommand>,
};

}  // namespace duso::cli
