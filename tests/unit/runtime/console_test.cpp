// The console against pipes: what arrives, in which order, and what happens when nobody is there.
#include "runtime/console.hpp"

#include <unistd.h>

#include <csignal>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <sys/wait.h>

#include "tests/unit/runtime/pipe.hpp"

namespace {

using duso::Console;
using duso::test::Pipe;

// Runs [body] in a process of its own and returns that one's exit status.
template <class Body>
int status_of(Body body) {
  const pid_t child = fork();
  if (child == 0) {
    body();
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("output waits in the buffer until it is flushed", "[console]") {
  Pipe out;
  Console console({.output = out.writer()});
  console.write("one\n");
  console.write("two");
  CHECK(out.is_empty());
  console.flush();
  CHECK(out.content() == "one\ntwo");
}

TEST_CASE("errors come after the output that was written before them", "[console]") {
  Pipe both;
  Console console({.output = both.writer(), .error = both.writer()});
  console.write("first ");
  console.write_error("second ");
  console.write("third");
  console.flush();
  CHECK(both.content() == "first second third");
}

TEST_CASE("the end of the console flushes", "[console]") {
  Pipe out;
  { Console({.output = out.writer()}).write("last words"); }
  CHECK(out.content() == "last words");
}

TEST_CASE("a text larger than the buffer stays in order", "[console]") {
  Pipe out;
  const std::string large(std::size_t{100} << 10, 'x');
  std::string received;
  std::thread reader([&] {
    for (std::string part; !(part = out.content()).empty();) received += part;
  });
  {
    Console console({.output = out.writer()});
    console.write("<");
    console.write(large);
    console.write(">");
  }
  out.close_writer();
  reader.join();
  CHECK(received == "<" + large + ">");
}

TEST_CASE("texts written by several threads are never mixed", "[console]") {
  Pipe out;
  std::string received;
  std::thread reader([&] {
    for (std::string part; !(part = out.content()).empty();) received += part;
  });
  {
    Console console({.output = out.writer()});
    std::vector<std::thread> writers;
    for (const char letter : {'a', 'b', 'c'}) {
      writers.emplace_back([&console, letter] {
        for (int i = 0; i < 2000; ++i) console.write(std::string(9, letter) + "\n");
      });
    }
    for (std::thread& writer : writers) writer.join();
  }
  out.close_writer();
  reader.join();
  REQUIRE(received.size() == 3 * 2000 * 10);
  for (std::size_t at = 0; at < received.size(); at += 10) {
    REQUIRE(received.substr(at, 10) == std::string(9, received[at]) + "\n");
  }
}

TEST_CASE("output to a closed stream is dropped", "[console]") {
  CHECK(status_of([] {
          close(STDOUT_FILENO);
          Console console;
          console.write("for nobody");
          console.flush();
          console.write("again");
        }) == 0);
}

TEST_CASE("a standard stream that is closed is replaced, so that no file takes its number", "[console]") {
  CHECK(status_of([] {
          close(STDIN_FILENO);
          close(STDOUT_FILENO);
          Console::prepare_process();
          if (open("/dev/null", O_RDONLY) <= STDERR_FILENO) _exit(1);
        }) == 0);
}

TEST_CASE("a reader that has gone ends the process quietly with status 141", "[console]") {
  Pipe out;
  Pipe err;
  out.close_reader();
  const int status = status_of([&] {
    Console::prepare_process();
    Console console({.output = out.writer(), .error = err.writer()});
    console.write("for nobody");
    console.flush();
  });
  CHECK(status == 141);
  err.close_writer();
  CHECK(err.content().empty());
}

TEST_CASE("output lost to a full disk is reported once", "[console]") {
  const int full = open("/dev/full", O_WRONLY);
  REQUIRE(full >= 0);
  Pipe err;
  {
    Console console({.output = full, .error = err.writer()});
    for (int i = 0; i < 3; ++i) {
      console.write("text");
      console.flush();
    }
  }
  close(full);
  CHECK(err.content() == "Error: cannot write to standard output: No space left on device\n");
}

TEST_CASE("lines are read one by one, whatever ends them", "[console]") {
  Pipe in;
  REQUIRE(in.fill("one\ntwo\r\n\n\r\nlast"));
  in.close_writer();
  Console console({.input = in.reader()});
  CHECK(console.read_line() == "one");
  CHECK(console.read_line() == "two");
  CHECK(console.read_line() == "");
  CHECK(console.read_line() == "");
  CHECK(console.read_line() == "last");
  CHECK(console.read_line() == std::nullopt);
  CHECK(console.read_line() == std::nullopt);
}

TEST_CASE("a final newline begins no further line", "[console]") {
  Pipe in;
  REQUIRE(in.fill("only\n"));
  in.close_writer();
  Console console({.input = in.reader()});
  CHECK(console.read_line() == "only");
  CHECK(console.read_line() == std::nullopt);
}

TEST_CASE("a line may arrive in pieces and be longer than one reading", "[console]") {
  Pipe in;
  const std::string piece(std::size_t{10} << 10, 'y');
  bool filled = true;
  std::thread writer([&] {
    filled &= in.fill("short\n");
    for (int i = 0; i < 20; ++i) filled &= in.fill(piece);
    filled &= in.fill("\r");
    filled &= in.fill("\nend\n");
    in.close_writer();
  });
  Console console({.input = in.reader()});
  std::vector<std::optional<std::string>> lines;
  for (int i = 0; i < 4; ++i) lines.push_back(console.read_line());
  writer.join();
  CHECK(filled);
  CHECK(lines[0] == "short");
  CHECK(lines[1].value_or("").size() == 20 * piece.size());
  CHECK(lines[2] == "end");
  CHECK(lines[3] == std::nullopt);
}

TEST_CASE("reading shows the prompt first", "[console]") {
  Pipe in;
  Pipe out;
  REQUIRE(in.fill("answer\n"));
  Console console({.input = in.reader(), .output = out.writer()});
  console.write("question? ");
  CHECK(console.read_line() == "answer");
  CHECK(out.content() == "question? ");
}

TEST_CASE("an input that can not be read is at its end", "[console]") {
  Console console({.input = -1});
  CHECK(console.read_line() == std::nullopt);
}
