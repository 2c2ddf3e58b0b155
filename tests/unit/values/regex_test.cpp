// What the language's patterns are beyond RE2's, and where matches may lie. Script-visible effects: conformance cases
// builtins/009 and 010, and builtins_more.
#include "interpreter/values/regex.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "interpreter/values/utf8.hpp"

using namespace std::string_literals;
using namespace duso;

namespace {

// A heap with a pattern on it.
class Pattern {
 public:
  explicit Pattern(std::string_view pattern) {
    register_value_types();
    heap_ = std::make_unique<memory::Heap>();
    std::string problem;
    auto compiled = compile_regex(pattern, problem);
    INFO("pattern " << pattern << ": " << problem);
    REQUIRE(compiled != nullptr);
    Owned text(Value(new_string(*heap_, pattern)));
    regex_ = Owned(Value::other(new_regex(*heap_, text.get().string(), std::move(compiled))));
  }

  const Regex* get() const { return as_regex(regex_.get()); }

  // The first match in [text], or "none".
  std::string first(std::string_view text) const {
    RegexMatch match;
    if (!search(get(), text, 0, {&match, 1})) return "none";
    return std::string(text.substr(match.begin, match.end - match.begin));
  }

  // Byte offsets of the first match that begins at [from] or later; {} if there is none.
  std::vector<std::size_t> place(std::string_view text, std::size_t from) const {
    RegexMatch match;
    if (!search(get(), text, from, {&match, 1})) return {};
    return {match.begin, match.end};
  }

 private:
  std::unique_ptr<memory::Heap> heap_;
  Owned regex_;
};

// Why [pattern] is refused; empty if it is not.
std::string problem_of(std::string_view pattern) {
  std::string problem;
  return compile_regex(pattern, problem) != nullptr ? "" : problem;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (; times > 0; --times) out += text;
  return out;
}

}  // namespace

TEST_CASE("a named group may be written with or without P", "[regex]") {
  for (const char* text : {"(?<year>\\d{4})-(?<day>\\d)", "(?P<year>\\d{4})-(?P<day>\\d)"}) {
    const Pattern pattern(text);
    CHECK(group_count(pattern.get()) == 2);
    CHECK(group_named(pattern.get(), "year") == 1);
    CHECK(group_named(pattern.get(), "day") == 2);
    CHECK(group_named(pattern.get(), "month") == std::nullopt);
    CHECK(pattern.first("on 2024-5") == "2024-5");
  }
}

TEST_CASE("what looks like a named group but is text stays text", "[regex]") {
  CHECK(Pattern("[(?<n>)]+").first("a(<?>)n)b") == "(<?>)n)");
  CHECK(Pattern("[](?<]+").first("x](?<y") == "](?<");
  CHECK(Pattern("[^](?<]+").first("](?<y(") == "y");
  CHECK(Pattern("[[:alpha:](?<]+").first("1a(?<b2") == "a(?<b");
  CHECK(Pattern("[\\](?<]+").first("x](?<y") == "](?<");
  CHECK(Pattern("\\(\\?<n>").first("a(?<n>b") == "(?<n>");
  CHECK(Pattern("\\Q(?<n>\\E+").first("a(?<n>>b") == "(?<n>>");
  CHECK(Pattern("\\Q(?<n>").first("a(?<n>b") == "(?<n>");
}

TEST_CASE("what the language leaves out of regexes is refused with a reason", "[regex]") {
  for (const char* pattern : {"(",
                              "a)",
                              "[a",
                              "*a",
                              "a**",
                              "a++",
                              "x{2,1}",
                              "a{1001}",
                              "(?:a{1000}){1000}",
                              "(?:(?:a{10}){10}){11}",
                              "(?=a)",
                              "(?!a)",
                              "(?<=a)",
                              "(?<!a)",
                              "(?>a)",
                              "(a)\\1",
                              "\\q",
                              "\\Z",
                              "\\C",
                              "x\\C*",
                              "[\\C]",
                              "[z-a]",
                              "[[:none:]]",
                              "(?z)",
                              "\\p{Nope}",
                              "(?P<n",
                              "(?<n",
                              "(?<n>a)(?P<n>b)",
                              "(?<>a)",
                              "\\",
                              "\\x{110000}",
                              "[\\b]",
                              "\xFF",
                              "(?i",
                              "[a\\"}) {
    INFO(pattern);
    CHECK_THAT(problem_of(pattern), Catch::Matchers::StartsWith("error parsing regexp: "));
  }
}

TEST_CASE("the patterns of the language are all accepted", "[regex]") {
  for (const char* pattern : {"",
                              ".",
                              "[a-z][^a-z]",
                              "[[:alpha:][:^digit:]]",
                              "\\d\\s\\w\\D\\S\\W\\b\\B",
                              "\\pL\\p{Greek}\\PN\\P{Greek}",
                              "a|b|",
                              "a*b+c?d{3}e{3,}f{3,5}",
                              "a*?b+?c??d{3}?e{3,}?",
                              "(a)(?:b)(?P<n>c)(?<m>d)",
                              "(?i)a(?m)b(?s)c(?U)d(?i-s:e)",
                              "^a$",
                              "\\Aa\\z",
                              "\\n\\t\\x41\\x{1F600}",
                              "\\Qa.b\\E",
                              "\\Qa.b",
                              "a{1000}",
                              "\\~",
                              "a{,3}",
                              "[]]",
                              "\\\\C"}) {
    CHECK(problem_of(pattern) == "");
  }
}

TEST_CASE("a large but legal pattern is accepted, and finds the end of a text", "[regex]") {
  const Pattern large("\\pL{300}");
  const std::string text = repeated("é", 300);
  CHECK(large.first("1" + text) == text);
  CHECK(large.first("1" + text.substr(2)) == "none");
  CHECK(matches_at_end(large.get(), "1" + text));
  CHECK_FALSE(matches_at_end(large.get(), text + "1"));
}

TEST_CASE("a pattern is compiled once", "[regex]") {
  std::string problem;
  const auto first = compile_regex("(?<once>a+)", problem);
  CHECK(compile_regex("(?<once>a+)", problem) == first);
  CHECK(compile_regex("(?<once>a*)", problem) != first);
}

TEST_CASE("thousands of patterns made from data are compiled correctly", "[regex]") {
  for (int number = 0; number < 2500; ++number) {
    const std::string text = std::to_string(number);
    REQUIRE(Pattern("<" + text + ">").first("<1><" + text + ">") == "<" + text + ">");
  }
}

TEST_CASE("a dollar sign is the very end, with the m flag also the end of a line", "[regex]") {
  CHECK(Pattern("one$").first("one\n") == "none");
  CHECK(Pattern("(?m)one$").first("one\n") == "one");
  CHECK(Pattern("one\\z").first("one\n") == "none");
  CHECK(Pattern("a.b").first("a\nb") == "none");
  CHECK(Pattern("(?s)a.b").first("a\nb") == "a\nb");
}

TEST_CASE("letters are folded, digits and words are ASCII", "[regex]") {
  CHECK(Pattern("(?i)k").first("x\u212A") == "\u212A");  // KELVIN SIGN
  CHECK(Pattern("(?i)\u017F").first("xS") == "S");       // LATIN SMALL LETTER LONG S
  CHECK(Pattern("(?i)ß").first("ss") == "none");
  CHECK(Pattern("\\d").first("٣3") == "3");
  CHECK(Pattern("\\w+").first("éa") == "a");
  CHECK(Pattern("\\p{Greek}+").first("abcαβγ") == "αβγ");
}

TEST_CASE("the leftmost match wins, and among those the first alternative", "[regex]") {
  CHECK(Pattern("a|ab").first("xab") == "a");
  CHECK(Pattern("ab|a").first("xab") == "ab");
  CHECK(Pattern("b|ab").first("xab") == "ab");
}

TEST_CASE("a search from the middle still sees what is before it", "[regex]") {
  CHECK(Pattern("^a").place("aa", 1).empty());
  CHECK(Pattern("\\ba").place("aaa a", 1) == std::vector<std::size_t>{4, 5});
  CHECK(Pattern("(?m)^a").place("a\na", 1) == std::vector<std::size_t>{2, 3});
  CHECK(Pattern("a").place("aa", 2).empty());
  CHECK(Pattern("").place("aa", 2) == std::vector<std::size_t>{2, 2});
}

TEST_CASE("no match begins inside a character", "[regex]") {
  const Pattern inside("\\B");
  // Between a word and a letter beyond ASCII there is a boundary; the end of the text behind that letter is none.
  CHECK(inside.place("aé", 0) == std::vector<std::size_t>{3, 3});
  CHECK(inside.place("a😀", 0) == std::vector<std::size_t>{5, 5});
  CHECK(inside.place("aéa", 0).empty());
  CHECK(inside.place("a😀a", 0).empty());
  CHECK(inside.place("é", 0) == std::vector<std::size_t>{0, 0});
  CHECK_FALSE(matches_within(inside.get(), "aéa"));
  CHECK(matches_within(inside.get(), "aéé"));
  CHECK_FALSE(matches_within(inside.get(), "a"));
  CHECK(matches_within(inside.get(), "aa"));
}

TEST_CASE("groups tell where they matched, or that they took no part", "[regex]") {
  const Pattern pattern("(a)|(b)|(c)()");
  std::vector<RegexMatch> groups(5);
  REQUIRE(search(pattern.get(), "xcb", 0, groups));
  CHECK(groups[0].begin == 1);
  CHECK(groups[0].end == 2);
  CHECK_FALSE(groups[1].took_part());
  CHECK_FALSE(groups[2].took_part());
  CHECK(groups[3].begin == 1);
  CHECK(groups[3].end == 2);
  CHECK(groups[4].took_part());
  CHECK(groups[4].begin == groups[4].end);
}

TEST_CASE("more groups than fit the stack, and more than the pattern has", "[regex]") {
  const Pattern pattern(repeated("(.)", 20));
  std::vector<RegexMatch> groups(23);
  REQUIRE(search(pattern.get(), "abcdefghijklmnopqrstuvw", 0, groups));
  for (std::size_t number = 1; number <= 20; ++number) {
    CHECK(groups[number].begin == number - 1);
    CHECK(groups[number].end == number);
  }
  CHECK_FALSE(groups[21].took_part());
  CHECK_FALSE(groups[22].took_part());
}

TEST_CASE("a match at the start is tied to the start, whatever the flags", "[regex]") {
  CHECK(matches_at_start(Pattern("b|a").get(), "ax"));
  CHECK_FALSE(matches_at_start(Pattern("b|a").get(), "xa"));
  CHECK_FALSE(matches_at_start(Pattern("(?m)^b").get(), "a\nb"));
  CHECK(matches_at_start(Pattern("").get(), ""));
}

TEST_CASE("a match at the end reaches it with every alternative, and not by taking the first that fits", "[regex]") {
  CHECK(matches_at_end(Pattern("a|ab").get(), "xab"));
  CHECK(matches_at_end(Pattern("a|b").get(), "xa"));
  CHECK_FALSE(matches_at_end(Pattern("a|b").get(), "ax"));
  CHECK(matches_at_end(Pattern("a+?").get(), "xaaa"));
  CHECK_FALSE(matches_at_end(Pattern("a").get(), "a\n"));
  CHECK_FALSE(matches_at_end(Pattern("(?m)a$").get(), "a\n"));
  CHECK(matches_at_end(Pattern("(?i)A").get(), "xa"));
  CHECK(matches_at_end(Pattern("").get(), "xa"));
}

TEST_CASE("an open quotation does not swallow what ties a match to the end", "[regex]") {
  CHECK(matches_at_end(Pattern("\\Qa.b").get(), "xa.b"));
  CHECK_FALSE(matches_at_end(Pattern("\\Qa.b").get(), "xa.b)"));
  CHECK(matches_at_end(Pattern("\\Qa.b\\").get(), "a.b\\"));
}

TEST_CASE("an invalid byte, replaced, is one character that is no letter", "[regex]") {
  const std::string text = utf8::replace_invalid("a\xFF\xC3(b"s);
  CHECK(utf8::count(text) == 5);
  CHECK(Pattern("a..\\(b").first(text) == text);
  CHECK(Pattern("[^a]+").first(text) == text.substr(1));
  CHECK(Pattern("\\pL\\pL").first(text) == "none");
}

TEST_CASE("a pattern that makes backtracking explode takes linear time", "[regex]") {
  const std::string text(200'000, 'a');
  CHECK(Pattern("^(a+)+$").first(text) == text);
  CHECK(Pattern("^(a+)+$").first(text + "!") == "none");
}
