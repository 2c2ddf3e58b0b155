// Fatal signals: a process that dies says why, where and in which script, and dies of the same signal.
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "runtime/memory/sanitizers.hpp"
#include "runtime/memory/stack_segments.hpp"
#include "runtime/panic/panic.hpp"
#include "runtime/panic/signals.hpp"
#include "tests/unit/runtime/panic_child.hpp"
#include "tests/unit/runtime/panic_witness.hpp"

using namespace duso;
using duso::test::child_of;
using duso::test::Ended;

namespace {

// What is left of a child that runs [body] with handlers in place.
template <class Body>
Ended crash_of(const Body& body, const std::string& crash_directory = {}) {
  return child_of([&] {
    test::TestWitness witness;
    panic::Config config;
    config.witness = &witness;
    config.crash_directory = crash_directory;
    const panic::PanicHandler handler(std::move(config));
    body();
  });
}

volatile std::uintptr_t no_place = 16;
volatile int nothing = 0;
volatile int no_depth = -1;

}  // namespace

[[gnu::noinline]] void write_where_nothing_is() {
  *reinterpret_cast<volatile int*>(no_place) = 1;
  nothing = 1;
}

[[gnu::noinline]] void jump_where_nothing_is() {
  reinterpret_cast<void (*)()>(no_place)();
  nothing = 1;
}

// Calls itself until the stack is full.
[[gnu::noinline]] int go_deeper(int depth) {
  volatile char frame[500];
  frame[depth % 500] = static_cast<char>(depth);
  if (depth == no_depth) return 0;
  return go_deeper(depth + 1) + frame[depth % 7];
}

TEST_CASE("a wild pointer ends the process with a report and the signal", "[panic][signals]") {
  const Ended ended = crash_of([] { write_where_nothing_is(); });
  CHECK(ended.signal == SIGSEGV);
  INFO(ended.text);
  CHECK(std::regex_match(ended.text, std::regex("Panic: SIGSEGV at address 0x0000000000000010\n"
                                                "  kind:     signal\n"
                                                "  at:       lib/job\\.du:3:7\n"
                                                "  instance: 3 \\(run\\) job\\.du\n"
                                                "  task:     main\n"
                                                "\n"
                                                "Call stack:\n"
                                                "  at work \\(job\\.du:7:1\\)\n"
                                                "\n"
                                                "Native backtrace:\n"
                                                "  #0 0x[0-9a-f]{16} \\S*write_where_nothing_is\\S*\\+0x[0-9a-f]+\n"
                                                "(  #[0-9]+ 0x[0-9a-f]{16} .*\n)+"
                                                "\n"
                                                "duso [0-9.]+, Linux \\S+, up [0-9]+\\.[0-9]{3} s, "
                                                "heap 1\\.2 MB of 16 MB, 3 instances, 14 tasks\n")));
}

TEST_CASE("so does everything else that is fatal", "[panic][signals]") {
  CHECK(crash_of([] { std::abort(); }).text.starts_with("Panic: SIGABRT\n  kind:     signal\n"));
  CHECK(crash_of([] { std::abort(); }).signal == SIGABRT);
  for (const int number : {SIGBUS, SIGILL, SIGFPE}) {
    const Ended ended = crash_of([number] { raise(number); });
    CHECK(ended.signal == number);
    CHECK(ended.text.starts_with("Panic: SIG"));
  }
  const Ended sent = crash_of([] { kill(getpid(), SIGSEGV); });
  CHECK(sent.signal == SIGSEGV);
  CHECK(sent.text.starts_with("Panic: SIGSEGV\n"));
}

TEST_CASE("a jump to where no code is still gives the calls that led there", "[panic][signals]") {
  const Ended ended = crash_of([] { jump_where_nothing_is(); });
  CHECK(ended.signal == SIGSEGV);
  CHECK(ended.text.starts_with("Panic: SIGSEGV at address 0x0000000000000010\n  kind:     signal\n"));
  CHECK(std::regex_search(ended.text, std::regex("  #0 0x[0-9a-f]{16} \\S*jump_where_nothing_is\\S*\\+0x")));
  CHECK(ended.text.find("\nduso ") != std::string::npos);
}

TEST_CASE("a full native stack is told from a wild pointer", "[panic][signals]") {
  const auto check = [](const Ended& ended) {
    INFO(ended.text.substr(0, 2000));
    CHECK(ended.signal == SIGSEGV);
    CHECK(ended.text.starts_with("Panic: native stack overflow\n  kind:     native_overflow\n"));
    CHECK(ended.text.find("go_deeper") != std::string::npos);
    CHECK(ended.text.find("\nduso ") != std::string::npos);
  };
  check(crash_of([] {
    std::thread([] {
      const panic::SignalStack stack;
      nothing = go_deeper(0);
    }).join();
  }));
  check(crash_of([] {
    memory::StackSegments stack(std::size_t{1} << 20);
    stack.run([] { nothing = go_deeper(0); });
  }));
}

TEST_CASE("two threads that crash at once give one report", "[panic][signals]") {
  const Ended ended = crash_of([] {
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([] {
        const panic::SignalStack stack;
        write_where_nothing_is();
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  CHECK(ended.signal == SIGSEGV);
  CHECK(ended.text.find("Panic: ") == ended.text.rfind("Panic: "));
}

TEST_CASE("the same report goes to a crash file", "[panic][signals]") {
  std::string pattern = (std::filesystem::temp_directory_path() / "duso-signals-XXXXXX").string();
  const std::filesystem::path directory = mkdtemp(pattern.data());
  const Ended ended = crash_of([] { write_where_nothing_is(); }, directory.string());
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    ++files;
    CHECK(std::regex_match(entry.path().filename().string(), std::regex("duso-crash-\\d{8}T\\d{6}Z-\\d+-\\d+\\.txt")));
    std::stringstream content;
    content << std::ifstream(entry.path()).rdbuf();
    CHECK(content.str() == ended.text);
  }
  CHECK(files == 1);
  std::filesystem::remove_all(directory);

  const Ended nowhere = crash_of([] { write_where_nothing_is(); }, "/nowhere/at/all");
  CHECK(nowhere.signal == SIGSEGV);
  CHECK(nowhere.text.ends_with("panic: cannot write a crash file\n"));
}

TEST_CASE("the signal hook runs after the report", "[panic][signals]") {
  const Ended ended = crash_of([] {
    panic::set_signal_hook([](int number) {
      if (number == SIGABRT && write(STDERR_FILENO, "hook\n", 5) != 5) _exit(1);
    });
    std::abort();
  });
  CHECK(ended.signal == SIGABRT);
  CHECK(ended.text.ends_with("hook\n"));
}

TEST_CASE("without a handler, and behind its end, signals are what they were", "[panic][signals]") {
  const Ended without = child_of([] {
    panic::Config config;
    config.handle_signals = false;
    const panic::PanicHandler handler(std::move(config));
    std::abort();
  });
  CHECK(without.signal == SIGABRT);
  CHECK(without.text == "");
  const Ended behind = child_of([] {
    { const panic::PanicHandler handler({}); }
    std::abort();
  });
  CHECK(behind.signal == SIGABRT);
  CHECK(behind.text == "");
}
