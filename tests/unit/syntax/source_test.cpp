// Places in a text, and how they are shown.
#include "interpreter/syntax/source.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "interpreter/syntax/diagnostics.hpp"

using duso::syntax::excerpt;
using duso::syntax::format;
using duso::syntax::Position;
using duso::syntax::Severity;
using duso::syntax::Source;

TEST_CASE("offsets and positions lead back and forth", "[syntax]") {
  const Source source("t.du", "ab\n\ncd");
  const Position expected[] = {{1, 1}, {1, 2}, {1, 3}, {2, 1}, {3, 1}, {3, 2}, {3, 3}};
  for (std::uint32_t offset = 0; offset <= 6; ++offset) {
    CHECK(source.position_at(offset) == expected[offset]);
    CHECK(source.offset_at(expected[offset]) == offset);
  }
}

TEST_CASE("a position outside the text means the nearest place in it", "[syntax]") {
  const Source source("t.du", "ab\ncd");
  CHECK(source.offset_at({0, 5}) == 0);
  CHECK(source.offset_at({1, 0}) == 0);
  CHECK(source.offset_at({1, 99}) == 2);
  CHECK(source.offset_at({2, 99}) == 5);
  CHECK(source.offset_at({9, 1}) == 5);
}

TEST_CASE("lines come without their ends", "[syntax]") {
  const Source source("t.du", "one\r\ntwo\n");
  CHECK(source.line_count() == 3);
  CHECK(source.line(1) == "one");
  CHECK(source.line(2) == "two");
  CHECK(source.line(3).empty());
  CHECK(source.line(0).empty());
  CHECK(source.line(4).empty());
}

TEST_CASE("a byte order mark takes no column", "[syntax]") {
  const Source source("t.du", "\xEF\xBB\xBFx = 1\ny");
  CHECK(source.first_offset() == 3);
  CHECK(source.position_at(3) == Position{1, 1});
  CHECK(source.position_at(0) == Position{1, 1});
  CHECK(source.line(1) == "x = 1");
  CHECK(source.line(2) == "y");
}

TEST_CASE("a diagnostic is one line that begins with its place", "[syntax]") {
  const Source source("dir/a.du", "x");
  CHECK(format(source, {{3, 14}, "something is wrong"}) == "dir/a.du:3:14: something is wrong");
  CHECK(format(source, {{1, 1}, "odd", Severity::kWarning}) == "dir/a.du:1:1: warning: odd");
}

TEST_CASE("an excerpt has a caret under the place", "[syntax]") {
  const Source source("t.du",
                      "first\n\tx = 5 @ 3\r\ngr\xC3\xB6\xC3\x9F"
                      "e = \nlast");
  CHECK(excerpt(source, {1, 1}) == "first\n^\n");
  CHECK(excerpt(source, {2, 8}) == "\tx = 5 @ 3\n\t      ^\n");
  CHECK(excerpt(source, {3, 11}) ==
        "gr\xC3\xB6\xC3\x9F"
        "e = \n        ^\n");
  CHECK(excerpt(source, {4, 5}) == "last\n    ^\n");
  CHECK(excerpt(source, {9, 9}) == "\n^\n");
}

TEST_CASE("of a long line the excerpt shows the surroundings of the place", "[syntax]") {
  std::string line(1000, 'a');
  line[500] = '@';
  const Source source("t.du", line);
  CHECK(excerpt(source, {1, 501}) ==
        std::string(80, 'a') + '@' + std::string(79, 'a') + '\n' + std::string(80, ' ') + "^\n");
}
