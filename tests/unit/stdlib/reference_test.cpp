// The reference knows every word that a reader may ask for.
#include <algorithm>
#include <set>
#include <string_view>

#include <catch2/catch.hpp>

#include "interpreter/syntax/token.hpp"
#include "stdlib/builtins/table.hpp"
#include "stdlib/reference/pages.hpp"

using namespace duso::stdlib;

TEST_CASE("every page is found under its names, and begins with a title", "[reference]") {
  std::set<std::string_view> names;
  for (const std::string_view name : page_names()) {
    CAPTURE(name);
    CHECK(names.insert(name).second);
    const auto page = find_page(name);
    REQUIRE(page.has_value());
    CHECK(page->starts_with("# "));
    CHECK(page->ends_with('\n'));
  }
  CHECK_FALSE(find_page("nothing_like_this").has_value());
}

TEST_CASE("every builtin, every reserved word and every type has a page", "[reference]") {
  for (const auto* builtin : all_builtins()) CHECK(find_page(builtin->name).has_value());
  // Messages show reserved words in capitals.
  for (auto kind = duso::syntax::TokenKind::kIf; kind <= duso::syntax::TokenKind::kNil;
       kind = static_cast<duso::syntax::TokenKind>(static_cast<int>(kind) + 1)) {
    std::string word(name_of(kind));
    std::ranges::transform(word, word.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    CAPTURE(word);
    CHECK(find_page(word).has_value());
  }
  for (const char* type :
       {"nil", "number", "string", "boolean", "array", "object", "function", "code", "error", "binary", "regex"}) {
    CAPTURE(type);
    CHECK(find_page(type).has_value());
  }
}

TEST_CASE("a misspelled topic is recognised", "[reference]") {
  CHECK(similar_page("splitt") == "split");
  CHECK(similar_page("whlie") == "while");
  CHECK(similar_page("nothing_like_this").empty());
}

TEST_CASE("a signature shows defaults, and what may come any number of times", "[reference]") {
  CHECK(signature_of(*find_builtin("find")) == "find(str, pattern, ignore_case = false)");
  CHECK(signature_of(*find_builtin("push")) == "push(array, values...)");
  CHECK(signature_of(*find_builtin("pi")) == "pi()");
}
