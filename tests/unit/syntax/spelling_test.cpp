// Finding the word that was meant, and the words that could have been.
#include "interpreter/syntax/spelling.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

using duso::syntax::edit_distance;
using duso::syntax::most_similar;
using duso::syntax::names_given_in;
using duso::syntax::Source;

namespace {

std::string suggestion(std::string_view word, std::vector<std::string_view> candidates) {
  return std::string(most_similar(word, candidates));
}

std::vector<std::string> names_in(std::string text) { return names_given_in(Source("test.du", std::move(text))); }

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a slip of the finger counts once, two swapped neighbours too", "[spelling]") {
  CHECK(edit_distance("push", "push") == 0);
  CHECK(edit_distance("push", "psuh") == 1);
  CHECK(edit_distance("push", "pus") == 1);
  CHECK(edit_distance("push", "pushh") == 1);
  CHECK(edit_distance("push", "posh") == 1);
  CHECK(edit_distance("", "abc") == 3);
}

TEST_CASE("the nearest word is suggested, the first of several", "[spelling]") {
  CHECK(suggestion("lenght", {"len", "length", "lengths"}) == "length");
  CHECK(suggestion("cat", {"bat", "hat"}) == "bat");
}

TEST_CASE("a word that nothing resembles gets no suggestion", "[spelling]") {
  CHECK(suggestion("zebra", {"push", "pop"}).empty());
  CHECK(suggestion("ab", {"cd"}).empty());
  CHECK(suggestion("a", {"b"}).empty());
  CHECK(suggestion("push", {"pursue"}).empty());
  CHECK(suggestion("push", {}).empty());
}

TEST_CASE("a source gives values to variables, functions, parameters, keys and arguments", "[spelling]") {
  CHECK(names_in("total = 1  var rest = total") == Names{"total", "rest"});
  CHECK(names_in("function add(first, second = 2) return first end") == Names{"add", "first", "second"});
  CHECK(names_in("for item in list do print(item) end") == Names{"item"});
  CHECK(names_in("try risky() catch (problem) end") == Names{"problem"});
  CHECK(names_in("point = {x = 1}  point(y = 2)") == Names{"point", "x", "y"});
}

TEST_CASE("names that are only read are not given", "[spelling]") {
  CHECK(names_in("print(unknown == other)  a.b  // c = 1") == Names{});
}
