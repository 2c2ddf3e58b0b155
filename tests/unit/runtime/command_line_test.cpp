// The argument grammar of cli.md 1 to 3: what is a word, what is a flag, and what a flag's value is.
#include "runtime/command_line.hpp"

#include <cmath>
#include <initializer_list>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace {

using duso::CommandLine;
using Words = std::vector<std::string>;

CommandLine parse(std::initializer_list<const char*> arguments) {
  return CommandLine(std::vector<const char*>(arguments));
}

// What a script sees of a flag: "nil" when it is missing, "true" without a value, else the text it was given as.
std::string shown(const CommandLine& line, std::string_view name) {
  const CommandLine::Flag* flag = line.flag(name);
  if (flag == nullptr) return "nil";
  return flag->text.value_or("true");
}

}  // namespace

TEST_CASE("words end at the first flag and never come back", "[command_line]") {
  const CommandLine line = parse({"app.du", "one", "two words", "-x", "late", "later"});
  CHECK(line.command().empty());
  CHECK(line.words() == Words{"app.du", "one", "two words"});
  CHECK(line.arguments() == Words{"app.du", "one", "two words", "-x", "late", "later"});
  CHECK(shown(line, "x") == "late");
  CHECK(line.flags().size() == 1);
}

TEST_CASE("without arguments there is nothing to do", "[command_line]") {
  const CommandLine line = parse({});
  CHECK(line.words().empty());
  CHECK(line.arguments().empty());
  CHECK(line.flag("") == nullptr);
}

TEST_CASE("the three forms of a flag", "[command_line]") {
  const CommandLine line = parse({"app.du", "-a=b=c", "--long", "word", "-empty", "", "-none=", "-bare", "-last"});
  CHECK(shown(line, "a") == "b=c");
  CHECK(shown(line, "long") == "word");
  CHECK(shown(line, "empty").empty());
  CHECK(shown(line, "none").empty());
  CHECK(shown(line, "bare") == "true");
  CHECK(shown(line, "last") == "true");
  CHECK(shown(line, "missing") == "nil");
}

TEST_CASE("the last of several flags with one name wins", "[command_line]") {
  const CommandLine line = parse({"app.du", "-x", "1", "--x=2", "-y", "1", "-y"});
  CHECK(shown(line, "x") == "2");
  CHECK(shown(line, "y") == "true");
}

TEST_CASE("values that read as decimal numbers are numbers", "[command_line]") {
  const CommandLine line = parse({"app.du", "-a", "007", "-b=1e3", "-c=-5", "-d", "0x10", "-e", "1.5x", "-f", "", "-g",
                                  "nan", "-h", "inf", "-i", "1e400", "-j"});
  CHECK(line.flag("a")->number() == 7);
  CHECK(line.flag("b")->number() == 1000);
  CHECK(line.flag("c")->number() == -5);
  CHECK_FALSE(line.flag("d")->number());
  CHECK_FALSE(line.flag("e")->number());
  CHECK_FALSE(line.flag("f")->number());
  CHECK(std::isnan(line.flag("g")->number().value_or(0)));
  CHECK(line.flag("h")->number() == INFINITY);
  CHECK_FALSE(line.flag("i")->number());
  CHECK_FALSE(line.flag("j")->number());
}

TEST_CASE("some flags keep their text whatever it looks like", "[command_line]") {
  const CommandLine line = parse({"app.du", "-lib-path", "5", "-stdin-port", "8080", "-tcp=1", "-config", "3"});
  for (const char* name : {"lib-path", "stdin-port", "tcp", "config"}) {
    CAPTURE(name);
    REQUIRE(line.flag(name) != nullptr);
    CHECK_FALSE(line.flag(name)->number());
  }
  CHECK(shown(line, "stdin-port") == "8080");
}

TEST_CASE("duso's flags without value leave the next word alone, a script's flags take it", "[command_line]") {
  const CommandLine line = parse({"app.du", "-no-color", "word", "-json", "out", "-watch", "path", "-no-files"});
  CHECK(shown(line, "no-color") == "true");
  CHECK(shown(line, "json") == "out");
  CHECK(shown(line, "watch") == "path");
  CHECK(shown(line, "no-files") == "true");
  CHECK(line.words() == Words{"app.du"});
}

TEST_CASE("duso's own flags may stand in front of the script", "[command_line]") {
  const CommandLine line = parse({"--no-color", "-config", "a=1", "-watch", "-profile-memory", "app.du", "word", "-x"});
  CHECK(line.words() == Words{"app.du", "word"});
  CHECK(shown(line, "config") == "a=1");
  CHECK(shown(line, "watch") == "true");
  CHECK(shown(line, "profile-memory") == "true");
  CHECK(line.flag("watch")->before_script);
  CHECK_FALSE(line.flag("x")->before_script);
  CHECK(line.arguments().size() == 8);

  CHECK(parse({"-profile-memory=out", "app.du"}).flag("profile-memory")->text == "out");
  CHECK(parse({"app.du", "-profile-memory", "out"}).flag("profile-memory")->text == "out");
  CHECK(parse({"-e", "print(1)", "word"}).flag("e")->text == "print(1)");
  CHECK(parse({"-e", "print(1)", "word"}).words() == Words{"word"});
}

TEST_CASE("an unknown flag in front leaves no script", "[command_line]") {
  CHECK(parse({"-mine", "app.du"}).words().empty());
  CHECK(parse({"-no-color", "-mine", "app.du"}).words().empty());
}

TEST_CASE("the first argument may be a command", "[command_line]") {
  for (const char* spelling : {"doc", "-doc", "--doc"}) {
    CAPTURE(spelling);
    const CommandLine line = parse({spelling, "split", "-no-color"});
    CHECK(line.command() == "doc");
    CHECK(line.words() == Words{"split"});
    CHECK(line.arguments() == Words{"split", "-no-color"});
  }
  CHECK(parse({"fmt", "a.du"}).command() == "fmt");
  CHECK(parse({"primer"}).command() == "primer");
  CHECK(parse({"-fmt", "a.du"}).command().empty());
  CHECK(parse({"./doc"}).command().empty());
  CHECK(parse({"app.du", "doc"}).command().empty());
}

TEST_CASE("a lone dash is standard input in the script's place and a nameless flag elsewhere", "[command_line]") {
  CHECK(parse({"-", "a", "-x"}).words() == Words{"-", "a"});
  CHECK(parse({"-", "a"}).flag("") == nullptr);
  CHECK(parse({"fmt", "-"}).words() == Words{"-"});
  const CommandLine line = parse({"app.du", "-x", "1", "-"});
  CHECK(line.words() == Words{"app.du"});
  CHECK(shown(line, "") == "true");
}

TEST_CASE("two dashes end the flags", "[command_line]") {
  const CommandLine line = parse({"app.du", "-x", "--", "-no-files", "word"});
  CHECK(shown(line, "x") == "true");
  CHECK(line.flag("no-files") == nullptr);
  CHECK(line.flag("") == nullptr);
  CHECK(line.words() == Words{"app.du"});
  CHECK(line.arguments() == Words{"app.du", "-x", "--", "-no-files", "word"});
  CHECK(parse({"--", "app.du"}).words().empty());
}
