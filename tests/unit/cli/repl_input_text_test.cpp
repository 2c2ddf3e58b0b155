// When an input of the prompt is complete, and what is none of Duso's.
#include <catch2/catch.hpp>

#include "cli/repl/input_text.hpp"

using namespace duso::cli::repl;

TEST_CASE("an input is open while a bracket, a string or a block is", "[repl]") {
  for (const std::string_view text :
       {"f(1,", "x = [", "x = {a = 1,", "\"abc", "\"\"\"abc", "if a then", "function f(n)", "while true do\n  print(1)",
        "for i = 1, 3 do", "try\n  f()", "1 +", "x ="}) {
    CAPTURE(text);
    CHECK(is_open(text));
  }
}

TEST_CASE("an input that is complete or wrong is not open", "[repl]") {
  for (const std::string_view text : {"", "1", "f(1)", "if a then b() end", "x = )", "end", "1 2", "// note ("}) {
    CAPTURE(text);
    CHECK_FALSE(is_open(text));
  }
}

TEST_CASE("a line that begins with a colon is a command and never open", "[repl]") {
  CHECK(is_command(":doc ("));
  CHECK(is_command("  :help"));
  CHECK_FALSE(is_command("a ? b : c"));
  CHECK_FALSE(is_open(":doc ("));
}

TEST_CASE("a backslash at the very end continues a line", "[repl]") {
  CHECK(ends_in_backslash("a + \\"));
  CHECK_FALSE(ends_in_backslash("a + \\ "));
  CHECK_FALSE(ends_in_backslash(""));
}

TEST_CASE("exit and quit leave when they stand alone", "[repl]") {
  CHECK(asks_to_leave("exit"));
  CHECK(asks_to_leave("  quit "));
  CHECK_FALSE(asks_to_leave("exit()"));
  CHECK_FALSE(asks_to_leave("exit_code"));
}
