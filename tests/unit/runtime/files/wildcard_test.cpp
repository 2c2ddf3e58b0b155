#include "runtime/files/wildcard.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace duso;

namespace {

bool matches(std::string_view pattern, std::string_view path) {
  const Result<PathPattern> parsed = PathPattern::parse(pattern);
  REQUIRE(parsed.ok());
  return parsed.value().matches(path);
}

bool is_bad(std::string_view pattern) {
  const Result<PathPattern> parsed = PathPattern::parse(pattern);
  return !parsed.ok() && parsed.error().kind == FileError::Kind::kPattern;
}

}  // namespace

TEST_CASE("a star takes any run of characters of one part", "[files]") {
  CHECK(matches("*.txt", "a.txt"));
  CHECK(matches("*.txt", ".txt"));
  CHECK(matches("*", ".hidden"));
  CHECK(matches("a*b*c", "a-b-b-c"));
  CHECK(matches("*a*", "bab"));
  CHECK(matches("x*", "x"));
  CHECK_FALSE(matches("*.txt", "a/b.txt"));
  CHECK_FALSE(matches("a*b", "ab-"));
  CHECK(matches("*/b.txt", "a/b.txt"));
  CHECK_FALSE(matches("*/b.txt", "b.txt"));
  CHECK_FALSE(matches("a/*", "a"));
}

TEST_CASE("a question mark takes one character, however many bytes it has", "[files]") {
  CHECK(matches("?", "é"));
  CHECK(matches("???", "日本🐱"));
  CHECK(matches("?", "\xFF"));
  CHECK_FALSE(matches("?", ""));
  CHECK_FALSE(matches("??", "é"));
}

TEST_CASE("a class takes one character that is listed, or one that is not", "[files]") {
  CHECK(matches("[a-c]x", "bx"));
  CHECK(matches("[é-ü]", "ö"));
  CHECK(matches("[^a]", "b"));
  CHECK(matches("[!a]", "!"));
  CHECK(matches("[\\]a]", "]"));
  CHECK(matches("[\\^a]", "^"));
  CHECK_FALSE(matches("[^a]", "a"));
  CHECK_FALSE(matches("[a-c]", "d"));
  CHECK_FALSE(matches("[!a]", "b"));
}

TEST_CASE("a backslash makes a character plain", "[files]") {
  CHECK(matches("x\\*y", "x*y"));
  CHECK_FALSE(matches("x\\*y", "xzy"));
  CHECK(matches("\\[*", "[z]"));
  const Result<PathPattern> plain = PathPattern::parse("a\\*/\\[b");
  REQUIRE(plain.ok());
  CHECK(plain.value().parts()[0].is_literal());
  CHECK(plain.value().parts()[1].literal() == "[b");
}

TEST_CASE("a bad pattern is found before anything is read", "[files]") {
  for (const char* pattern : {"[a", "[", "[]", "[]a]", "[^]", "[a-]", "[-a]", "a\\", "x/[a", "**", "a/**/b", "\\**"}) {
    CAPTURE(pattern);
    CHECK(is_bad(pattern));
  }
  CHECK_FALSE(is_bad("a]"));
  CHECK_FALSE(is_bad(""));
}

TEST_CASE("a pattern with many stars is answered in time", "[files]") {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  CHECK_FALSE(matches(pattern + "b", std::string(5000, 'a')));
}
