// Words, numbers, comments and what is none of them.
#include "interpreter/syntax/lexer.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "interpreter/syntax/number_literal.hpp"
#include "interpreter/syntax/unicode.hpp"
#include "tests/unit/syntax/tree_text.hpp"

using duso::syntax::Comment;
using duso::syntax::Lexer;
using duso::syntax::name_of;
using duso::syntax::number_value;
using duso::syntax::Position;
using duso::syntax::Source;
using duso::syntax::Token;
using duso::syntax::TokenKind;
using duso::syntax::test::error_of;
using duso::syntax::test::parse_text;
using duso::syntax::test::tree_of;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// All tokens of [text] up to the end, as `NAME` or, where the text decides, `NAME:text`.
std::string tokens_of(std::string_view text) {
  const Source source("t.du", std::string(text));
  Lexer lexer(source);
  std::string all;
  for (;;) {
    const Token token = lexer.next();
    if (token.kind == TokenKind::kEndOfFile) return all;
    if (!all.empty()) all += ' ';
    all += name_of(token.kind);
    const bool varies = token.kind <= TokenKind::kRegex || token.kind >= TokenKind::kUnexpectedCharacter;
    if (varies) all += ':' + std::string(source.text().substr(token.begin, token.end - token.begin));
  }
}

}  // namespace

TEST_CASE("every operator is read as long as it can be", "[syntax]") {
  CHECK(tokens_of("= == != ! < <= > >= + ++ += - -- -= * *= / /= % %=") ==
        "= == != ! < <= > >= + ++ += - -- -= * *= / /= % %=");
  CHECK(tokens_of("( ) [ ] { } , . ? :") == "( ) [ ] { } , . ? :");
  CHECK(tokens_of("===") == "== =");
  CHECK(tokens_of("!==") == "!= =");
  CHECK(tokens_of("+++") == "++ +");
  CHECK(tokens_of("<==") == "<= =");
  CHECK(tokens_of("+") == "+");
}

TEST_CASE("reserved words are tokens of their own, and only as whole words", "[syntax]") {
  CHECK(tokens_of("if then else elseif end while do for in function return break continue try catch and or not var raw "
                  "true false nil") ==
        "IF THEN ELSE ELSEIF END WHILE DO FOR IN FUNCTION RETURN BREAK CONTINUE TRY CATCH AND OR NOT VAR RAW TRUE "
        "FALSE NIL");
  CHECK(tokens_of("iff End _in self len") == "IDENT:iff IDENT:End IDENT:_in IDENT:self IDENT:len");
}

TEST_CASE("white space is space, tab, line ends and the semicolon", "[syntax]") {
  CHECK(tokens_of(" ;;\t\r\n a ; b") == "IDENT:a IDENT:b");
  CHECK(tree_of("x = ; 5") == "(= x 5)");
  CHECK(tokens_of("\f") == "CHARACTER:\f");
  CHECK(tokens_of("").empty());
}

TEST_CASE("numbers are decimal, with a point only between digits or in front", "[syntax]") {
  CHECK(tokens_of("0 007 1.5 .5 1e3 1E+3 2.5e-3") ==
        "NUMBER:0 NUMBER:007 NUMBER:1.5 NUMBER:.5 NUMBER:1e3 NUMBER:1E+3 NUMBER:2.5e-3");
  CHECK(tokens_of("1.") == "NUMBER:1 .");
  CHECK(tokens_of("1..5") == "NUMBER:1 . NUMBER:.5");
  CHECK(tokens_of("1.2.3") == "NUMBER:1.2 NUMBER:.3");
  CHECK(tokens_of(".5e1") == "NUMBER:.5 IDENT:e1");
  CHECK(tokens_of("0x1F") == "NUMBER:0 IDENT:x1F");
  CHECK(tokens_of("1_000") == "NUMBER:1 IDENT:_000");
  CHECK(tokens_of("5x") == "NUMBER:5 IDENT:x");
  CHECK(tokens_of("a.5") == "IDENT:a NUMBER:.5");
  CHECK(tokens_of("1e 2e+ 3e-x") == "NUMBER:1e NUMBER:2e+ NUMBER:3e- IDENT:x");
}

TEST_CASE("a number is the nearest double; beyond the range it is infinite or 0", "[syntax]") {
  CHECK(number_value("0") == 0);
  CHECK(number_value("9007199254740993") == 9007199254740992.0);
  CHECK(number_value("0.1") == 0.1);
  CHECK(number_value(".25") == 0.25);
  CHECK(number_value("12E-1") == 1.2);
  CHECK(number_value("5e-324") == 5e-324);
  CHECK(number_value("2.2250738585072011e-308") == 2.2250738585072011e-308);
  CHECK(number_value("1.7976931348623157e308") == std::numeric_limits<double>::max());

  CHECK(number_value("1e309") == kInfinity);
  CHECK(number_value("1e400") == kInfinity);
  CHECK(number_value("1e99999999999999999999999") == kInfinity);
  CHECK(number_value("1" + std::string(400, '0')) == kInfinity);
  CHECK(number_value("0." + std::string(400, '0') + "1e800") == kInfinity);
  CHECK(number_value("1e-400") == 0);
  CHECK(number_value("123456e-99999999999999999999999") == 0);
  CHECK(number_value("0." + std::string(400, '0') + "1") == 0);
  CHECK(number_value("0e400") == 0);
  CHECK(number_value("1" + std::string(400, '0') + "e-400") == 1);
}

TEST_CASE("a malformed exponent is an error at the number", "[syntax]") {
  CHECK(error_of("x = 1e") == "1:5: malformed number");
  CHECK(error_of("x = 2e+\ny = 1") == "1:5: malformed number");
  CHECK(error_of("x = 5em") == "1:5: malformed number");
}

TEST_CASE("comments are skipped, and kept for who wants them", "[syntax]") {
  const auto result = parse_text("a = 1 // one\r\n/* x /* y */ z */ b = 2\n// \"last\"");
  REQUIRE(result.ok());
  const auto comments = result.program->comments();
  REQUIRE(comments.size() == 3);
  CHECK(comments[0].text == "// one");
  CHECK(comments[0].position == Position{1, 7});
  CHECK_FALSE(comments[0].block);
  CHECK(comments[1].text == "/* x /* y */ z */");
  CHECK(comments[1].position == Position{2, 1});
  CHECK(comments[1].block);
  CHECK(comments[2].text == "// \"last\"");
  for (const Comment& comment : comments) {
    CHECK(result.program->source().text().substr(comment.begin, comment.end - comment.begin) == comment.text);
  }
  CHECK(tree_of("/*/ a */ b") == "b");
  CHECK(tree_of("a /**/ / b") == "(/ a b)");
}

TEST_CASE("a block comment without an end swallows the rest", "[syntax]") {
  CHECK(tree_of("a = 1 /* b = /* c */ d") == "(= a 1)");
  CHECK(tree_of("a /*") == "a");
}

TEST_CASE("a first line with #! is skipped, also behind a byte order mark", "[syntax]") {
  CHECK(error_of("#!/usr/bin/env duso\n)") == "2:1: unexpected token )(\")\") at 2:1");
  CHECK(tree_of("\xEF\xBB\xBF#!x\na") == "a");
  CHECK(tree_of("\xEF\xBB\xBF"
                "a = 1") == "(= a 1)");
  CHECK(error_of("\n#!x") == "2:1: unexpected character '#' (U+0023)");
  CHECK(error_of("a\xEF\xBB\xBF").substr(0, 27) == "1:2: unexpected character '");
  CHECK(tree_of("#!").empty());
}

TEST_CASE("a character that nothing begins with is named by its code point", "[syntax]") {
  for (const char c : std::string_view("#$&@^|\\`")) {
    const std::string text = std::string("x = 5 ") + c;
    CHECK_THAT(error_of(text), Catch::StartsWith("1:7: unexpected character '" + std::string(1, c) + "' (U+00"));
  }
  CHECK(error_of("x = 5 @ 3") == "1:7: unexpected character '@' (U+0040)");
  CHECK(error_of("x = \xE2\x82\xAC") == "1:5: unexpected character '\xE2\x82\xAC' (U+20AC)");
  CHECK(error_of("\xF0\x9F\x98\x80") == "1:1: unexpected character '\xF0\x9F\x98\x80' (U+1F600)");
  CHECK(error_of(std::string_view("x\0y", 3)) == "1:2: unexpected character '\\x00' (U+0000)");
  CHECK(error_of("\x1B[0m") == "1:1: unexpected character '\\x1B' (U+001B)");
}

TEST_CASE("a byte that is no UTF-8 counts as the replacement character", "[syntax]") {
  const std::string expected = "1:1: unexpected character '\xEF\xBF\xBD' (U+FFFD)";
  CHECK(error_of("\x80") == expected);
  CHECK(error_of("\xFF") == expected);
  CHECK(error_of("\xC3") == expected);
  CHECK(error_of("\xC0\xAF") == expected);          // overlong
  CHECK(error_of("\xE0\x80\xAF") == expected);      // overlong
  CHECK(error_of("\xED\xA0\x80") == expected);      // a surrogate
  CHECK(error_of("\xF4\x90\x80\x80") == expected);  // above U+10FFFF
  CHECK(error_of("\xE2\x82") == expected);          // cut off
}

TEST_CASE("letters, marks and digits of any writing may be in identifiers, letters first", "[syntax]") {
  CHECK(tree_of("gr\xC3\xB6\xC3\x9F"
                "e = 1") ==
        "(= gr\xC3\xB6\xC3\x9F"
        "e 1)");
  CHECK(tree_of("\xE6\x97\xA5\xE6\x9C\xAC = 1") == "(= \xE6\x97\xA5\xE6\x9C\xAC 1)");
  CHECK(tree_of("e\xCC\x81 = 1") == "(= e\xCC\x81 1)");  // e and a combining acute accent
  CHECK(tree_of("x\xD9\xA3 = 1") == "(= x\xD9\xA3 1)");  // an Arabic digit
  CHECK(tree_of("o.\xC3\xA9t\xC3\xA9") == "(. o \xC3\xA9t\xC3\xA9)");
  CHECK(error_of("\xD9\xA3 = 1") == "1:1: unexpected character '\xD9\xA3' (U+0663)");
  CHECK(error_of("a\xC2\xA0= 1") == "1:2: unexpected character '\xC2\xA0' (U+00A0)");

  CHECK(duso::syntax::starts_identifier(0x20000));     // the last plane of ideographs begins
  CHECK_FALSE(duso::syntax::starts_identifier(0xD7));  // the multiplication sign, between two letters
  CHECK_FALSE(duso::syntax::continues_identifier(0x10FFFF));
}

TEST_CASE("literals that do not end are errors at their beginning", "[syntax]") {
  CHECK(error_of("x = 1\ny = \"abc\nz = 1") == "2:5: unterminated string");
  CHECK(error_of("x = 'abc") == "1:5: unterminated string");
  CHECK(error_of("x = 'abc\\'") == "1:5: unterminated string");
  CHECK(error_of("x = 'abc\\") == "1:5: unterminated string");
  CHECK(error_of("x = \"\"\"abc\"\"") == "1:5: unterminated string");
  CHECK(error_of("x = raw 'abc") == "1:9: unterminated string");
  CHECK(error_of("x = ~abc") == "1:5: unterminated regex");
  CHECK(error_of("x = ~abc\\~") == "1:5: unterminated regex");
}

TEST_CASE("a mistake in any word comes before all mistakes in sentences", "[syntax]") {
  CHECK(error_of("x = = 1\ny = @") == "2:5: unexpected character '@' (U+0040)");
  const auto result = parse_text("x = = 1\ny = 2 @\nz = 1e");
  REQUIRE(result.diagnostics.size() == 3);
  CHECK(result.diagnostics[0].position == Position{2, 7});
  CHECK(result.diagnostics[1].position == Position{3, 5});
  CHECK(result.diagnostics[2].position == Position{1, 5});
}

TEST_CASE("positions count bytes, and every byte is a column", "[syntax]") {
  CHECK(error_of("\t\t)") == "1:3: unexpected token )(\")\") at 1:3");
  CHECK(error_of("x = 1\r\n)") == "2:1: unexpected token )(\")\") at 2:1");
  CHECK(error_of("x = '\xC3\xA9' )") == "1:10: unexpected token )(\")\") at 1:10");
  CHECK(error_of("x = 'a\nb' )") == "2:4: unexpected token )(\")\") at 2:4");
  CHECK(error_of("x = 'a\\\nb' )") == "2:4: unexpected token )(\")\") at 2:4");
  CHECK(error_of("/* a\nb */ )") == "2:6: unexpected token )(\")\") at 2:6");
  CHECK(error_of("x = ~a\nb~ )") == "2:4: unexpected token )(\")\") at 2:4");
}
