// What a spinner writes to a terminal, and when it goes away.
#include "runtime/spinner.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <string>

#include <catch2/catch.hpp>

#include "runtime/console.hpp"

using duso::Console;

namespace {

// A terminal of which both ends are ours.
class Terminal {
 public:
  Terminal() : outside_(posix_openpt(O_RDWR | O_NOCTTY)) {
    REQUIRE(grantpt(outside_) == 0);
    REQUIRE(unlockpt(outside_) == 0);
    inside_ = open(ptsname(outside_), O_RDWR | O_NOCTTY);
    termios settings{};
    tcgetattr(inside_, &settings);
    cfmakeraw(&settings);
    tcsetattr(inside_, TCSANOW, &settings);
  }
  ~Terminal() {
    close(inside_);
    close(outside_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  int descriptor() const { return inside_; }

  // What was written and not read yet, up to and with [end].
  std::string text_until(const std::string& end) const {
    std::string text;
    char byte = 0;
    while (!text.ends_with(end) && read(outside_, &byte, 1) == 1) text += byte;
    return text;
  }

 private:
  int outside_;
  int inside_ = -1;
};

const std::string kHide = "\x1b[?25l";
const std::string kShow = "\x1b[?25h";

}  // namespace

TEST_CASE("a spinner shows its message and turns until something is written", "[console]") {
  const Terminal terminal;
  Console console({.output = terminal.descriptor(), .error = terminal.descriptor()});
  console.start_spinner("wäit");
  CHECK(terminal.text_until("\b⣶") == kHide + "wäit ⣀\b⣤\b⣶");
  console.write("done\n");
  const std::string back = "\b\b\b\b\b\b";
  CHECK(terminal.text_until("done\n").ends_with(back + "      " + back + kShow + "done\n"));
  console.stop_spinner();
  console.write("more\n");
  CHECK(terminal.text_until("more\n") == "more\n");
}

TEST_CASE("a second spinner takes the place of the first, the end of the console that of both", "[console]") {
  const Terminal terminal;
  {
    Console console({.output = terminal.descriptor(), .error = terminal.descriptor()});
    console.start_spinner("a");
    console.start_spinner("");
    CHECK(terminal.text_until(kShow) == kHide + "a ⣀\b\b\b   \b\b\b" + kShow);
  }
  CHECK(terminal.text_until(kShow) == kHide + "⣀\b \b" + kShow);
}
