// Deep source: accepted up to a limit, refused beyond it, and never a danger to the stack.
//
// Every parse in this file runs on a thread with a stack of 256 KB, the size that the parser promises to get by with in
// any build; so does the freeing of what it made.
#include <pthread.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/unit/syntax/tree_text.hpp"

using duso::syntax::compose;
using duso::syntax::kMaxNesting;
using duso::syntax::kMaxTreeHeight;
using duso::syntax::ParseResult;
using duso::syntax::test::parse_text;

namespace {

constexpr std::size_t kSmallStack = std::size_t{256} * 1024;

void on_small_stack(const std::function<void()>& work) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  REQUIRE(pthread_attr_setstacksize(&attributes, kSmallStack) == 0);
  pthread_t thread;
  const auto run = [](void* argument) -> void* {
    (*static_cast<const std::function<void()>*>(argument))();
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, &attributes, run, const_cast<std::function<void()>*>(&work)) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

// The error of [text] without its place; empty if it is valid.
std::string error_on_small_stack(std::string_view text) {
  std::string error;
  on_small_stack([&] {
    const ParseResult result = parse_text(text);
    if (!result.ok()) error = result.diagnostics.front().message;
  });
  return error;
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// A construct that can be put into itself.
struct Nest {
  std::string_view name;
  std::string_view open;
  std::string_view core;
  std::string_view close;
};

constexpr Nest kNests[] = {
    {"parentheses", "(", "1", ")"},
    {"arrays", "[", "1", "]"},
    {"objects", "{a=", "1", "}"},
    {"computed keys", "{[", "1", "]=1}"},
    {"calls", "f(", "1", ")"},
    {"named arguments", "f(a=", "1", ")"},
    {"indexes", "a[", "1", "]"},
    {"negations", "-(", "1", ")"},
    {"not", "not ", "1", ""},
    {"minus", "- ", "1", ""},
    {"sums to the right", "1 + (", "1", ")"},
    {"conditions", "(", "1", ") ? 2 : 3"},
    {"consequences", "1 ? (", "1", ") : 2"},
    {"alternatives", "1 ? 2 : ", "3", ""},
    {"functions", "return function() ", "", " end"},
    {"functions in calls", "f(function() ", "", " end)"},
    {"default values", "f(function(a = ", "1", ") end)"},
    {"if", "if a then ", "", " end"},
    {"else", "if a then else ", "", " end"},
    {"while", "while a do ", "", " end"},
    {"for", "for i = 1, 2 do ", "", " end"},
    {"for in", "for i in a do ", "", " end"},
    {"try", "try ", "", " catch (e) end"},
    {"catch", "try catch (e) ", "", " end"},
    {"declarations", "function f() ", "", " end"},
};

// [nest] so many [levels] deep.
std::string nested(const Nest& nest, int levels) {
  return repeated(nest.open, levels) + std::string(nest.core) + repeated(nest.close, levels);
}

}  // namespace

TEST_CASE("500 levels of anything are accepted", "[syntax]") {
  for (const Nest& nest : kNests) {
    INFO(nest.name);
    CHECK(error_on_small_stack(nested(nest, 500)).empty());
  }
}

TEST_CASE("any number of levels is survived", "[syntax]") {
  for (const Nest& nest : kNests) {
    INFO(nest.name);
    CHECK(error_on_small_stack(nested(nest, 20000)) == "expression nested too deeply");
    CHECK(error_on_small_stack(repeated(nest.open, 20000)) == "expression nested too deeply");
  }
}

TEST_CASE("the limit is what it says", "[syntax]") {
  // The program itself is the outermost level.
  const int levels = kMaxNesting - 1;
  CHECK(error_on_small_stack(nested(kNests[0], levels)).empty());
  const ParseResult result = parse_text(nested(kNests[0], levels + 1));
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(result.diagnostics[0].message == "expression nested too deeply");
  CHECK(result.diagnostics[0].position.column == static_cast<std::uint32_t>(kMaxNesting));
}

TEST_CASE("levels next to each other do not add up", "[syntax]") {
  CHECK(error_on_small_stack(repeated(nested(kNests[1], 100) + "\n;x = 1\n", 100)).empty());
}

TEST_CASE("long chains are accepted up to the height of a tree", "[syntax]") {
  // A chain of n operators is n + 1 nodes high, and its statement is one more.
  const int longest = kMaxTreeHeight - 2;
  for (const std::string_view link : {" + 1", " and b", ".b", "[0]", "(1)", " == 2"}) {
    INFO(link);
    CHECK(error_on_small_stack(compose({"a", repeated(link, longest)})).empty());
    CHECK(error_on_small_stack(compose({"a", repeated(link, longest + 1)})) == "expression nested too deeply");
    CHECK(error_on_small_stack(compose({"a", repeated(link, 100000)})) == "expression nested too deeply");
  }
}

TEST_CASE("a tree knows its height", "[syntax]") {
  const auto height_of = [](std::string_view text) {
    const ParseResult result = parse_text(text);
    REQUIRE(result.ok());
    return result.program->body().height;
  };
  CHECK(height_of("") == 0);
  CHECK(height_of("break") == 1);
  CHECK(height_of("x") == 2);
  CHECK(height_of("((x))") == 2);
  // Wherever -x, which is 2 nodes high, stands in an expression of 3 nodes, the statement is 4 nodes high.
  for (const std::string_view text : {"-x + 1", "1 + -x", "1 and -x", "- -x", "-x ? 1 : 2", "1 ? -x : 2", "1 ? 2 : -x",
                                      "[1, -x, 2]", "{a = -x, b = 1}", "{[-x] = 1}", "f(-x, 1)", "f(a = -x)", "(-x)(1)",
                                      "(-x)[1]", "a[-x]", "(-x).b", "++(-x)", "'a{{-x}}b{{1}}'"}) {
    INFO(text);
    CHECK(height_of(text) == 4);
  }
  // The same for an x in a statement of 2 nodes, or one in a block of 3.
  for (const std::string_view text : {"a = x", "x = 1", "a += x", "x++", "var a = x", "return x", "while x do end",
                                      "for i = x, 1 do end", "for i = 1, x do end", "for i = 1, 2, x do end",
                                      "for i in x do end", "if x then end", "function f(a, b = x) end"}) {
    INFO(text);
    CHECK(height_of(text) == 2);
  }
  for (const std::string_view text : {"while a do x end", "for i = 1, 2 do x end", "for i in a do x end",
                                      "if a then x end", "if a then elseif b then x end", "if a then else x end",
                                      "try x catch (e) end", "try catch (e) x end", "function f() x end"}) {
    INFO(text);
    CHECK(height_of(text) == 3);
  }
  CHECK(height_of("a = function() x end") == 4);
}

TEST_CASE("nothing in a tree is higher than the limit, also with errors", "[syntax]") {
  const ParseResult high = parse_text(compose({"a", repeated(" + 1", 5000)}));
  CHECK(high.program->body().height <= kMaxTreeHeight);
  // Chains inside nested constructs count together.
  const std::string chain = repeated(" + 1", 100);
  CHECK(error_on_small_stack(compose({repeated(compose({"[a", chain, ", "}), 500), "1", repeated("]", 500)})).empty());
  CHECK(error_on_small_stack(compose({repeated("(", 500), "1", repeated(compose({")", chain}), 500)})) ==
        "expression nested too deeply");
  CHECK(
      error_on_small_stack(compose({"x = ", repeated("function() return ", 900), "1", repeated(" end", 900)})).empty());
  CHECK(error_on_small_stack(compose({"x = ", repeated("function() return 1 + ", 900), "1", repeated(" end", 900)})) ==
        "expression nested too deeply");
}

TEST_CASE("long flat lists are no depth", "[syntax]") {
  CHECK(error_on_small_stack(compose({"[", repeated("1,", 100000), "]"})).empty());
  CHECK(error_on_small_stack(compose({"f(", repeated("1,", 100000), ")"})).empty());
  CHECK(error_on_small_stack(compose({"{", repeated("a=1,", 100000), "}"})).empty());
  CHECK(error_on_small_stack(repeated("x = 1 ", 100000)).empty());
  CHECK(error_on_small_stack(compose({"if a then ", repeated("elseif b then ", 100000), "end"})).empty());
  CHECK(error_on_small_stack(compose({"'", repeated("{{x}}", 100000), "'"})).empty());
  CHECK(error_on_small_stack(compose({"function f(", repeated("a,", 100000), ") end"})).empty());
}

TEST_CASE("nested templates count", "[syntax]") {
  CHECK(error_on_small_stack("\"\"\"{{ '''{{ \"{{ '{{1}}' }}\" }}''' }}\"\"\"").empty());
  const std::string deep = compose({repeated("(", 2000), "1", repeated(")", 2000)});
  CHECK(error_on_small_stack(compose({"'{{", deep, "}}'"})) ==
        "error in template expression: expression nested too deeply");
  CHECK(error_on_small_stack(compose({repeated("[", 1900), "'{{", repeated("(", 90), "1", repeated(")", 90),
                                      "}}'" + repeated("]", 1900)}))
            .empty());
  CHECK(error_on_small_stack(compose(
            {repeated("[", 1900), "'{{", repeated("(", 110), "1", repeated(")", 110), "}}'" + repeated("]", 1900)})) ==
        "error in template expression: expression nested too deeply");
}

TEST_CASE("a comment may nest as deep as it likes", "[syntax]") {
  CHECK(error_on_small_stack(compose({repeated("/*", 100000), repeated("*/", 100000), " x = 1"})).empty());
}
