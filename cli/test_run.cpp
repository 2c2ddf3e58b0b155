#include "cli/test_run.hpp"

#include <cassert>
#include <utility>
#include <vector>

#include "cli/native_main.hpp"
#include "cli/stopwatch.hpp"
#include "cli/test_failure.hpp"
#include "cli/test_files.hpp"
#include "interpreter/execution/builtin.hpp"
#include "interpreter/execution/instance.hpp"
#include "interpreter/execution/interpreter.hpp"
#include "interpreter/syntax/parser.hpp"
#include "runtime/console.hpp"
#include "runtime/termination.hpp"

namespace duso::cli {

namespace {

using execution::Call;
using execution::PendingKind;

class TestRun {
 public:
  TestRun(std::shared_ptr<const syntax::Program> program, std::vector<std::string> tests, Console& console,
          TestLog& log)
      : program_(std::move(program)), tests_(std::move(tests)), console_(console), log_(log) {}

  // Runs the top level, then the tests; what the builtin does that [call] is a call of.
  Value run(Call& call);

  // The script has come to its end, as [ending] tells: says what came of the file as a whole.
  void finish(const tasks::Ending& ending);

 private:
  bool run_test(const Call& call, const std::string& name);
  bool step(const Call& call, std::string_view function, TestResult& result);
  void end_test(TestResult result, const Stopwatch& stopwatch);

  const std::shared_ptr<const syntax::Program> program_;
  const std::vector<std::string> tests_;  // empty: the file itself is the test
  Console& console_;
  TestLog& log_;
  Stopwatch stopwatch_;
  TestResult file_;
};

// The variable [name] of the script that [call] belongs to, borrowed; nil if there is none.
Value global(const Call& call, std::string_view name) {
  String* const interned = call.instance().engine().names().intern(name);
  const std::uint32_t slot = call.caller().code->program->globals().slot_of(interned);
  const Root& root = *call.caller().root;
  return slot < root.size && !root.slots[slot].is_unset() ? root.slots[slot] : Value::nil();
}

// Whether [pending] is a script's way of ending itself that says nothing bad. Where tests would have followed, there is
// none.
bool ends_well(const execution::Pending& pending) {
  if (pending.kind == PendingKind::kExit) return true;
  return pending.kind == PendingKind::kShutdown && pending.payload.is_number() && pending.payload.number() == 0;
}

Value TestRun::run(Call& call) {
  const Value loaded = execution::run_included(call.caller(), nullptr, program_);
  if (!loaded.is_raise()) {
    release(loaded);
    for (const std::string& name : tests_) {
      if (!run_test(call, name)) return Value::raise();
    }
    return Value::nil();
  }
  const PendingKind kind = call.instance().pending().kind;
  if (kind == PendingKind::kStopped) return Value::raise();
  if (tests_.empty() && ends_well(call.instance().pending())) {
    call.instance().discard_pending();
  } else {
    file_ = take_failure(call.instance());
  }
  return Value::nil();
}

// Runs the test [name] and what belongs around it. False when the script is being ended.
bool TestRun::run_test(const Call& call, const std::string& name) {
  console_.flush();
  log_.begin(name);
  const Stopwatch stopwatch;
  TestResult result;
  if (!step(call, "setup", result)) return false;
  if (result.status == TestStatus::kPassed) {
    if (!step(call, name, result)) return false;
    TestResult afterwards;
    if (!step(call, "teardown", afterwards)) return false;
    if (result.status != TestStatus::kFailed && afterwards.status == TestStatus::kFailed) {
      result = std::move(afterwards);
    } else if (afterwards.status == TestStatus::kFailed) {
      console_.write_error("teardown failed too: " + afterwards.report);
    }
  }
  result.name = name;
  end_test(std::move(result), stopwatch);
  return true;
}

// Calls [function], if there is one, and puts into [result] what has failed. False when the script is being ended.
bool TestRun::step(const Call& call, std::string_view function, TestResult& result) {
  const Owned called = Owned::share(global(call, function));
  if (called.get().is_nil()) return true;
  const Value value = call.call(called.get(), {});
  release(value);
  if (!value.is_raise()) return true;
  if (call.instance().pending().kind == PendingKind::kStopped) return false;
  result = take_failure(call.instance());
  return true;
}

void TestRun::end_test(TestResult result, const Stopwatch& stopwatch) {
  result.seconds = stopwatch.seconds();
  console_.flush();
  log_.add(result);
}

void TestRun::finish(const tasks::Ending& ending) {
  if (ending.kind == PendingKind::kStopped) return;  // by a signal, in the middle of something
  if (ending.kind == PendingKind::kError) {
    file_ = failure_of({.text = ending.error_text,
                        .source = ending.source,
                        .position = ending.position,
                        .message = ending.message,
                        .stack = ending.stack});
  } else if (file_.status == TestStatus::kPassed && ending.has_failed_task) {
    file_.status = TestStatus::kFailed;
    file_.message = "a task failed, and nobody took its error";
    file_.report = file_.message + '\n';
  }
  if (tests_.empty() || file_.status != TestStatus::kPassed) end_test(std::move(file_), stopwatch_);
  log_.finish();
}

}  // namespace

void run_test_file(MainScript& script, const Invocation& invocation, const std::string& path, const TestFilter& filter,
                   TestLog& log) {
  log.begin({});
  const LoadedScript loaded = script.load(invocation, path);
  if (loaded.source == nullptr) {
    log.add({.status = TestStatus::kFailed, .message = loaded.error, .report = loaded.error + '\n'});
    return log.finish();
  }
  const syntax::ParseResult parsed = syntax::parse(loaded.source);
  if (!parsed.ok()) {
    const syntax::Diagnostic& first = parsed.diagnostics.front();
    const std::string text = syntax::format(*loaded.source, first);
    log.add(failure_of(
        {.text = text, .source = loaded.source.get(), .position = first.position, .message = first.message}));
    return log.finish();
  }
  std::vector<std::string> tests = test_functions(*parsed.program);
  const bool is_test_itself = tests.empty();
  std::erase_if(tests, [&](const std::string& name) { return !filter.wants(name); });
  if (is_test_itself ? !filter.wants(path) : tests.empty()) return log.finish();

  TestRun run(parsed.program, std::move(tests), invocation.console, log);
  const NativeMain main([&run](Call& call) { return run.run(call); });
  script.with_runtime(invocation, loaded.directory, main.builtins(), [&](tasks::Runtime& runtime) {
    const TerminationSignals signals(runtime, invocation.console);
    run.finish(runtime.run_main(main.program(), loaded.source->name(), loaded.directory));
    return 0;
  });
}

}  // namespace duso::cli
