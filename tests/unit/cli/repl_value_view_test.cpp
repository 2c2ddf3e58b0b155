// How the prompt shows values: in one line as print() does, else broken, and cut where nobody reads on.
#include <string>

#include <catch2/catch.hpp>

#include "cli/repl/value_view.hpp"
#include "interpreter/values/array.hpp"
#include "tests/unit/stdlib/test_instance.hpp"

using namespace duso;
using namespace duso::cli::repl;

namespace {

// How the value of a JSON text is shown.
struct Shown {
  explicit Shown(const std::string& json, const ViewLimits& limits = {}, bool colour = false) {
    TestInstance instance;
    const Owned text = instance.string(json);
    const Owned value = instance.call("parse_json", {text.get()});
    plain = display_text(value.get());
    view = view_of(value.get(), limits, colour);
  }

  std::string plain;  // what print() would say
  ValueView view;
};

std::string array_of(int count, const std::string& element) {
  std::string text = "[" + element;
  for (int i = 1; i < count; ++i) text += "," + element;
  return text + "]";
}

}  // namespace

TEST_CASE("a small value looks as print() shows it", "[repl]") {
  for (const char* json :
       {"1.5", "\"text\"", "null", "true", "[]", "{}", "[1,\"a\\n\",null]", "{\"b\":[{\"x\":1}],\"a\":false}"}) {
    const Shown shown(json);
    CAPTURE(json);
    CHECK(shown.view.text == shown.plain);
    CHECK_FALSE(shown.view.is_cut);
  }
}

TEST_CASE("what is too wide for a line gets a line for each element", "[repl]") {
  CHECK(Shown(R"({"name":"ada","tags":["a","b"]})", {.width = 20}).view.text ==
        "{\n  name=\"ada\",\n  tags=[\"a\", \"b\"]\n}");
  CHECK(Shown(R"([[1,2,3],[10,20,30,40]])", {.width = 12}).view.text ==
        "[\n  [1, 2, 3],\n  [\n    10, 20,\n    30, 40\n  ]\n]");
}

TEST_CASE("a line is broken only when it does not fit", "[repl]") {
  CHECK(Shown("[1,2,3]", {.width = 9}).view.text == "[1, 2, 3]");
  CHECK(Shown("[1,2,3]", {.width = 8}).view.text == "[\n  1, 2,\n  3\n]");
}

TEST_CASE("of a long array the first elements are shown", "[repl]") {
  const Shown shown(array_of(5000, "7"), {.items = 3});
  CHECK(shown.view.text == "[7, 7, 7, … 4,997 more]");
  CHECK(shown.view.is_cut);
}

TEST_CASE("deep nesting ends in a count", "[repl]") {
  const Shown shown(R"([[[[1,2],3]],{"a":{"b":{"c":1}}}])", {.depth = 2});
  CHECK(shown.view.text == "[[[… 2]], {a={… 1}}]");
  CHECK(shown.view.is_cut);
  CHECK_FALSE(Shown("[[[]]]", {.depth = 2}).view.is_cut);
}

TEST_CASE("all containers together have a limit", "[repl]") {
  const Shown shown(array_of(10, array_of(10, "1")), {.width = 1000, .leaves = 15});
  CHECK(shown.view.text == "[[1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, … 5 more], … 8 more]");
}

TEST_CASE("long strings are cut between characters", "[repl]") {
  CHECK(Shown(R"(["ääääää"])", {.text = 4}).view.text == "[\"ääää\"… 2 more]");
  const Shown alone("\"" + std::string(10000, 'x') + "\"", {.lines = 2});
  CHECK(alone.view.text == std::string(160, 'x') + "\n… 9,840 more characters");
  CHECK(alone.view.is_cut);
  CHECK(Shown(R"("1\n2\n3\n4")", {.lines = 2}).view.text == "1\n2\n… 4 more characters");
  CHECK(Shown(R"("a\nb")", {.quotes = true}).view.text == "\"a\\nb\"");
}

TEST_CASE("a value that contains itself is shown once", "[repl]") {
  TestInstance instance;
  const Owned loop(Value(new_array(instance.heap())));
  push(loop.get().array(), retain(loop.get()));
  CHECK(view_of(loop.get(), {}, false).text == "[[...]]");
  memory::release(pop(loop.get().array()).heap_object());
}

TEST_CASE("colours are added and nothing else", "[repl]") {
  CHECK(Shown(R"([1,"a",null])", {}, true).view.text == "[\x1b[36m1\x1b[0m, \x1b[32m\"a\"\x1b[0m, \x1b[35mnil\x1b[0m]");
  CHECK(Shown(R"("text")", {}, true).view.text == "\x1b[32mtext\x1b[0m");
  CHECK(Shown("\"\\u001b[31mred\"", {}, true).view.text == "\x1b[31mred");
}
