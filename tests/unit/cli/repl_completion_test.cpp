// What the prompt completes, and to what.
#include <catch2/catch.hpp>

#include "cli/repl/completion.hpp"

using namespace duso::cli::repl;
using Kind = CompletionPoint::Kind;
using Words = std::vector<std::string>;

TEST_CASE("a word that has begun is a name", "[repl]") {
  CHECK(completion_point("pri") == CompletionPoint{Kind::kName, {}, "pri"});
  CHECK(completion_point("x = f(le") == CompletionPoint{Kind::kName, {}, "le"});
  CHECK(completion_point("x = ") == CompletionPoint{Kind::kName, {}, ""});
  CHECK(completion_point("if") == CompletionPoint{Kind::kName, {}, "if"});
}

TEST_CASE("behind a dot stand the members of what the names before it lead to", "[repl]") {
  CHECK(completion_point("a.") == CompletionPoint{Kind::kMember, {"a"}, ""});
  CHECK(completion_point("print(config.server.po") == CompletionPoint{Kind::kMember, {"config", "server"}, "po"});
  CHECK(completion_point("a . b . c") == CompletionPoint{Kind::kMember, {"a", "b"}, "c"});
}

TEST_CASE("nothing is run to complete a member", "[repl]") {
  for (const char* line : {"f().", "a[1].na", "\"text\".", "."}) {
    CAPTURE(line);
    CHECK(completion_point(line) == CompletionPoint{});
  }
}

TEST_CASE("strings, comments and numbers are not completed", "[repl]") {
  for (const char* line : {"\"pri", "'it", "~pri", "// pri", "/* pri", "12", "1e", "\"done\""}) {
    CAPTURE(line);
    CHECK(completion_point(line) == CompletionPoint{});
  }
  CHECK(completion_point("\"done\" + pri").prefix == "pri");
}

TEST_CASE("commands are completed, and what they are about", "[repl]") {
  CHECK(completion_point(":he") == CompletionPoint{Kind::kCommand, {}, ":he"});
  CHECK(completion_point(":doc spl") == CompletionPoint{Kind::kTopic, {}, "spl"});
  CHECK(completion_point(":time a.b") == CompletionPoint{Kind::kMember, {"a"}, "b"});
  CHECK(completion_point(":vars x") == CompletionPoint{});
}

TEST_CASE("matching words are sorted and there once", "[repl]") {
  CHECK(matching({"print", "pop", "print", "push", "len"}, "p") == Words{"pop", "print", "push"});
  CHECK(matching({"len"}, "x").empty());
}

TEST_CASE("the common beginning never ends within a character", "[repl]") {
  CHECK(common_beginning({"starts_with", "starts"}) == "starts");
  CHECK(common_beginning({"a", "b"}).empty());
  CHECK(common_beginning({"only"}) == "only");
  CHECK(common_beginning({"xä", "xö"}) == "x");  // they share the first byte of the second character
}

TEST_CASE("words stand in columns as wide as the widest", "[repl]") {
  CHECK(in_columns({"a", "bb", "ccc", "d"}, 80) == "a    bb   ccc  d\n");
  CHECK(in_columns({"a", "bb", "ccc", "d"}, 10) == "a    ccc\nbb   d\n");
  CHECK(in_columns({"long_word", "b"}, 3) == "long_word\nb\n");
  CHECK(in_columns({"ä", "b"}, 80) == "ä  b\n");
}
