// Recoverable panics: what is recorded, who hears of it, and what the report says.
#include "runtime/panic/panic.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "runtime/memory/stack_segments.hpp"
#include "runtime/panic/backtrace.hpp"
#include "runtime/panic/symbols.hpp"
#include "tests/unit/runtime/panic_child.hpp"
#include "tests/unit/runtime/panic_witness.hpp"

using namespace duso;
using duso::test::TestWitness;
using panic::Kind;

namespace {

// A handler without signals but for the tests that ask, whose reports are collected.
class Collected {
 public:
  explicit Collected(panic::Config config = {}) : handler_(prepared(std::move(config))) {
    panic::clear_panic_history();
  }
  ~Collected() {
    panic::clear_panic_history();
    panic::take_panic_hook();
  }
  Collected(const Collected&) = delete;
  Collected& operator=(const Collected&) = delete;

  std::string text;
  const TestWitness& witness() const { return witness_; }

 private:
  panic::Config prepared(panic::Config config) {
    config.witness = &witness_;
    config.write_error = [this](std::string_view piece) { text += piece; };
    return config;
  }

  TestWitness witness_;
  panic::PanicHandler handler_;
};

// The panic that [body] runs into.
template <class Body>
panic::PanicInfo panic_of(const Body& body) {
  try {
    body();
  } catch (const panic::Panic& caught) {
    return caught.info();
  }
  FAIL("no panic");
  return {};
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

// A directory that goes away with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "duso-panic-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> all;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) all.push_back(entry.path());
    return all;
  }

 private:
  std::string path_;
};

}  // namespace

[[gnu::noinline]] void find_that_something_is_wrong() { panic::check(false, "something is right"); }

TEST_CASE("a check that holds costs nothing, one that fails is a panic with all that is known", "[panic]") {
  const Collected collected;
  panic::check(true, "never seen");
  CHECK(!panic::last_panic());
  const panic::PanicInfo info = panic_of([] { find_that_something_is_wrong(); });
  CHECK(info.kind == Kind::kInvariant);
  CHECK(info.message == "something is right");
  CHECK(info.location() == "lib/job.du:3:7");
  CHECK(info.instance == 3);
  CHECK(info.script == "job.du");
  CHECK(info.task == "main");
  CHECK(info.stack == "  at work (job.du:7:1)\n");
  CHECK(info.time > 1.7e9);
  CHECK(info.thread != 0);
  CHECK(panic::last_panic().value_or(panic::PanicInfo()).id == info.id);
}

TEST_CASE("a native backtrace begins where the panic was raised", "[panic]") {
  const Collected collected;
  const panic::PanicInfo info = panic_of([] { find_that_something_is_wrong(); });
  const std::regex first(R"(^  #0 0x[0-9a-f]{16} find_that_something_is_wrong\+0x[0-9a-f]+\n  #1 0x)");
  INFO(info.backtrace);
  CHECK(std::regex_search(info.backtrace, first));
  CHECK(info.backtrace.find(" main+0x") != std::string::npos);
}

TEST_CASE("and ends well on a script's own stack", "[panic]") {
  const Collected collected;
  memory::StackSegments stack(std::size_t{1} << 20);
  panic::PanicInfo info;
  stack.run([&info] { info = panic_of([] { find_that_something_is_wrong(); }); });
  CHECK(info.backtrace.starts_with("  #0 0x"));
  CHECK(info.backtrace.find("find_that_something_is_wrong") != std::string::npos);
}

TEST_CASE("the kinds have the names of the specification", "[panic]") {
  const Collected collected;
  CHECK(panic_of([] { panic::script_panic("x"); }).kind == Kind::kScriptPanic);
  CHECK(panic_of([] { panic::raise(Kind::kPlugin, "x"); }).kind == Kind::kPlugin);
  CHECK(panic::note(Kind::kException, "x").kind == Kind::kException);
  CHECK(panic::name_of(Kind::kException) == "exception");
  CHECK(panic::name_of(Kind::kInvariant) == "invariant");
  CHECK(panic::name_of(Kind::kScriptPanic) == "script_panic");
  CHECK(panic::name_of(Kind::kPlugin) == "plugin");
  CHECK(panic::name_of(Kind::kSignal) == "signal");
  CHECK(panic::name_of(Kind::kNativeOverflow) == "native_overflow");
  CHECK(panic::is_recoverable(Kind::kPlugin));
  CHECK(!panic::is_recoverable(Kind::kSignal));
  CHECK(!panic::is_recoverable(Kind::kNativeOverflow));
}

TEST_CASE("the history keeps the newest, and ids go on counting", "[panic]") {
  panic::Config config;
  config.history_size = 3;
  config.handle_signals = false;
  const Collected collected(config);
  const std::uint64_t before = panic::panic_count();
  for (int i = 1; i <= 5; ++i) panic::note(Kind::kException, "number " + std::to_string(i));
  const std::vector<panic::PanicInfo> kept = panic::panic_history();
  REQUIRE(kept.size() == 3);
  CHECK(kept[0].message == "number 3");
  CHECK(kept[2].message == "number 5");
  CHECK(kept[2].id == before + 5);
  CHECK(panic::panic_count() == before + 5);
  panic::mark_recovered(kept[1].id);
  CHECK(!panic::panic_history()[0].recovered);
  CHECK(panic::panic_history()[1].recovered);
  CHECK(panic::clear_panic_history() == 3);
  CHECK(panic::clear_panic_history() == 0);
  CHECK(!panic::last_panic());
  CHECK(panic::note(Kind::kException, "one more").id == before + 6);
}

TEST_CASE("a history may keep nothing, and never more than a thousand", "[panic]") {
  panic::History history;
  history.resize(0);
  history.keep({});
  CHECK(history.all().empty());
  history.resize(5000);
  panic::PanicInfo info;
  for (info.id = 1; info.id <= 1500; ++info.id) history.keep(info);
  CHECK(history.all().size() == 1000);
  CHECK(history.last().value_or(panic::PanicInfo()).id == 1500);
  history.resize(2);
  CHECK(history.all().front().id == 1499);
}

TEST_CASE("many threads panic at once and every panic has an id of its own", "[panic]") {
  panic::Config config;
  config.history_size = 1000;
  config.handle_signals = false;
  const Collected collected(config);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int round = 0; round < 100; ++round) panic::note(Kind::kException, "x");
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<std::uint64_t> ids;
  for (const panic::PanicInfo& info : panic::panic_history()) ids.push_back(info.id);
  CHECK(ids.size() == 400);
  // Strictly rising, in the history and for the witness.
  CHECK(std::adjacent_find(ids.begin(), ids.end(), std::greater_equal()) == ids.end());
  CHECK(collected.witness().told == ids);
}

TEST_CASE("the exception being handled is the panic that it carries, or one of kind exception", "[panic]") {
  const Collected collected;
  const auto noted = [](const auto& fault) {
    try {
      fault();
    } catch (...) {
      return panic::note_exception();
    }
    return panic::PanicInfo();
  };
  CHECK(noted([] { panic::script_panic("asked for"); }).kind == Kind::kScriptPanic);
  CHECK(panic::panic_history().size() == 1);
  const panic::PanicInfo foreign = noted([] { throw std::runtime_error("from elsewhere"); });
  CHECK(foreign.kind == Kind::kException);
  CHECK(foreign.message == "from elsewhere");
  CHECK(noted([] { throw 42; }).message == "exception of unknown type");
  CHECK(panic::panic_history().size() == 3);
}

TEST_CASE("others hear of a panic as of an error", "[panic]") {
  const Collected collected;
  panic::PanicInfo info = panic::note(Kind::kException, "bad");
  CHECK(info.error_message() == "panic: bad");
  CHECK(info.error_stack() == "lib/job.du:3:7: panic: bad\n\nCall stack:\n  at work (job.du:7:1)");
  info.stack.clear();
  CHECK(info.error_stack() == "lib/job.du:3:7: panic: bad");
  info.file.clear();
  CHECK(info.error_stack() == "panic: bad");
}

TEST_CASE("the hook hears of a panic before it unwinds, and of none inside itself", "[panic]") {
  Collected collected;
  std::vector<std::string> heard;
  bool unwound = false;
  panic::set_panic_hook([&](const panic::PanicInfo& info) {
    CHECK(!unwound);
    heard.push_back(info.message);
    panic::note(Kind::kException, "inside the hook");
    throw std::runtime_error("no luck");
  });
  try {
    struct Guard {
      bool& unwound;
      ~Guard() { unwound = true; }
    } guard{unwound};
    panic::script_panic("outside");
  } catch (const panic::Panic& caught) {
    CHECK(std::string(caught.what()) == "outside");
  }
  CHECK(heard == std::vector<std::string>{"outside"});
  CHECK(panic::panic_history().size() == 2);
  CHECK(collected.text == "panic hook: error: no luck\n");
  CHECK(panic::take_panic_hook() != nullptr);
  CHECK(panic::take_panic_hook() == nullptr);
  panic::note(Kind::kException, "nobody listens");
  CHECK(heard.size() == 1);
}

TEST_CASE("a report has the format of the specification", "[panic]") {
  Collected collected;
  panic::report(panic_of([] { panic::script_panic("cannot happen"); }));
  const std::regex format(
      "Panic: cannot happen\n"
      "  kind:     script_panic\n"
      "  at:       lib/job\\.du:3:7\n"
      "  instance: 3 \\(run\\) job\\.du\n"
      "  task:     main\n"
      "\n"
      "Call stack:\n"
      "  at work \\(job\\.du:7:1\\)\n"
      "\n"
      "Native backtrace:\n"
      "(  #[0-9]+ 0x[0-9a-f]{16} .*\n)+"
      "\n"
      "duso [0-9.]+, Linux \\S+, up [0-9]+\\.[0-9]{3} s, heap 1\\.2 MB of 16 MB, 3 instances, 14 tasks\n");
  INFO(collected.text);
  CHECK(std::regex_match(collected.text, format));
}

TEST_CASE("what is not known is left out of a report", "[panic]") {
  panic::PanicInfo info;
  info.kind = Kind::kException;
  info.message = "bad_function_call";
  const auto ended = test::child_of([&info] { panic::report(info); });
  CHECK(ended.status == 0);
  CHECK(std::regex_match(ended.text, std::regex("Panic: bad_function_call\n  kind:     exception\n"
                                                "\nduso [0-9.]+, Linux \\S+, up [0-9]+\\.[0-9]{3} s\n")));
}

TEST_CASE("a crash file has the report and more, and a name that says when", "[panic]") {
  const TemporaryDirectory directory;
  panic::Config config;
  config.crash_directory = directory.path();
  Collected collected(config);
  panic::mark_recovered(panic::note(Kind::kPlugin, "earlier").id);
  const panic::PanicInfo info = panic::note(Kind::kException, "bad");
  panic::report(info);
  REQUIRE(directory.files().size() == 1);
  const std::string name = directory.files()[0].filename().string();
  const std::string end = "Z-" + std::to_string(getpid()) + "-" + std::to_string(info.id) + ".txt";
  CHECK(std::regex_match(name, std::regex("duso-crash-20[0-9]{6}T[0-9]{6}" + end)));
  const std::string content = content_of(directory.files()[0]);
  CHECK(content.starts_with(collected.text));
  CHECK(content.find("\nConfiguration:\n  workers: 2\n") != std::string::npos);
  CHECK(content.ends_with("\nLast panics:\n  " + std::to_string(info.id - 1) +
                          " plugin (recovered) lib/job.du:3:7 earlier\n  " + std::to_string(info.id) +
                          " exception lib/job.du:3:7 bad\n"));
}

TEST_CASE("a crash file that can not be written is a line on standard error", "[panic]") {
  panic::Config config;
  config.crash_directory = "/nowhere/at/all";
  Collected collected(config);
  panic::report(panic::note(Kind::kException, "bad"));
  CHECK(std::regex_search(
      collected.text,
      std::regex("\npanic: cannot write /nowhere/at/all/duso-crash-\\S+: No such file or directory\n$")));
}

TEST_CASE("under the policy abort a panic ends the process with status 70", "[panic]") {
  for (const bool handle_signals : {false, true}) {
    const auto ended = test::child_of([handle_signals] {
      TestWitness witness;
      panic::Config config;
      config.policy = panic::Policy::kAbort;
      config.handle_signals = handle_signals;
      config.witness = &witness;
      const panic::PanicHandler handler(std::move(config));
      try {
        panic::script_panic("the end");
      } catch (const panic::Panic&) {
        _exit(1);
      }
    });
    CHECK(ended.status == panic::kExitCode);
    CHECK(ended.text.starts_with("Panic: the end\n  kind:     script_panic\n"));
    CHECK((ended.text.find("Native backtrace:") != std::string::npos) == handle_signals);
  }
}

TEST_CASE("names lose their parameters and nothing else", "[panic]") {
  using panic::without_parameters;
  CHECK(without_parameters("main") == "main");
  CHECK(without_parameters("duso::panic::raise(duso::panic::Kind, int)") == "duso::panic::raise");
  CHECK(without_parameters("duso::(anonymous namespace)::run(int)") == "duso::(anonymous namespace)::run");
  CHECK(without_parameters("f(int)::{lambda()#1}::operator()() const") == "f");
  CHECK(without_parameters("A::operator()(int) const") == "A::operator()");
  CHECK(without_parameters("void call<void (int)>(int)") == "void call<void (int)>");
}

TEST_CASE("an address outside of all code has no name", "[panic]") {
  panic::StringSink sink;
  panic::Symbolizer symbolizer(panic::Demangling::kFull);
  symbolizer.write_name(sink, 16, false);
  CHECK(sink.take() == "?");
  symbolizer.write_name(sink, reinterpret_cast<std::uint64_t>(&find_that_something_is_wrong), false);
  CHECK(sink.take() == "find_that_something_is_wrong+0x0");
  symbolizer.write_name(sink, reinterpret_cast<std::uint64_t>(&getpid), false);
  CHECK(sink.take().find("+0x") != std::string::npos);
}
