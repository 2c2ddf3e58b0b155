// The console's input in the hands of a line editor, and how it shares a terminal with those who write.
#include "runtime/input_claim.hpp"

#include <chrono>
#include <future>
#include <optional>
#include <string>

#include <catch2/catch.hpp>

#include "runtime/console.hpp"
#include "tests/unit/runtime/pipe.hpp"

using duso::Console;
using duso::InputClaim;
using duso::test::Pipe;

namespace {

// A console whose standard error stands for the terminal.
struct Terminal {
  Pipe in, out, err;
  Console console{{.input = in.reader(), .output = out.writer(), .error = err.writer()}};
};

}  // namespace

TEST_CASE("who waits for a line gives way to a line editor", "[console]") {
  Terminal terminal;
  auto line = std::async(std::launch::async, [&terminal] { return terminal.console.read_line(); });
  while (line.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
    const InputClaim claim(terminal.console, [] {});  // again, if the reader was not there yet
  }
  CHECK_FALSE(line.get().has_value());
}

TEST_CASE("as long as the input is claimed there are no lines", "[console]") {
  Terminal terminal;
  terminal.in.fill("abc\ndef\n");
  {
    InputClaim claim(terminal.console, [] {});
    CHECK(claim.read_byte() == 'a');
    CHECK_FALSE(terminal.console.read_line().has_value());
    CHECK(claim.read_byte() == 'b');
  }
  CHECK(terminal.console.read_line() == "c");
  CHECK(terminal.console.read_line() == "def");
}

TEST_CASE("an editor gets what was read ahead", "[console]") {
  Terminal terminal;
  terminal.in.fill("one\ntwo");
  CHECK(terminal.console.read_line() == "one");
  InputClaim claim(terminal.console, [] {});
  CHECK(claim.read_byte() == 't');
}

TEST_CASE("the end of the input and a request to stop end the keys", "[console]") {
  Terminal terminal;
  {
    InputClaim claim(terminal.console, [] {});
    auto byte = std::async(std::launch::async, [&claim] { return claim.read_byte(); });
    terminal.console.stop_reading();
    CHECK_FALSE(byte.get().has_value());
  }
  CHECK_FALSE(terminal.console.read_line().has_value());
  Terminal other;
  other.in.close_writer();
  InputClaim claim(other.console, [] {});
  CHECK_FALSE(claim.read_byte().has_value());
}

TEST_CASE("output makes way for the line and has it drawn again", "[console]") {
  Terminal terminal;
  int drawn = 0;
  InputClaim claim(terminal.console, [&drawn] { ++drawn; });
  terminal.console.write_error("tick");
  terminal.console.write_error("tack");
  CHECK(drawn == 0);  // that is for the thread that reads
  terminal.in.fill("x");
  CHECK(claim.read_byte() == 'x');
  CHECK(drawn == 1);
  CHECK(terminal.err.content() == "\r\x1b[Jticktack\n");
  terminal.console.write_error("tock\n");
  terminal.in.fill("y");
  CHECK(claim.read_byte() == 'y');
  CHECK(drawn == 2);
  CHECK(terminal.err.content() == "\r\x1b[Jtock\n");
}

TEST_CASE("an editor begins on a line of its own", "[console]") {
  Terminal terminal;
  terminal.console.write_error("not ended");
  {
    const InputClaim claim(terminal.console, [] {});
  }
  {
    const InputClaim claim(terminal.console, [] {});
  }
  CHECK(terminal.err.content() == "not ended\n");
}
