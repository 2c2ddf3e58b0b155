// What quotes, escapes and indentation make of a string.
#include "interpreter/syntax/string_literal.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/unit/syntax/tree_text.hpp"

using duso::syntax::test::error_of;
using duso::syntax::test::string_of;
using duso::syntax::test::tree_of;

TEST_CASE("both quotes make the same strings", "[syntax]") {
  CHECK(string_of("\"\"").empty());
  CHECK(string_of("''").empty());
  CHECK(string_of("\"it's\"") == "it's");
  CHECK(string_of("'say \"x\"'") == "say \"x\"");
  CHECK(string_of("'two\nlines'") == "two\nlines");
  CHECK(string_of("'a//b /* c */ d;e'") == "a//b /* c */ d;e");
  CHECK(tree_of("x = 'a' 'b'") == "(= x \"a\"); \"b\"");
}

TEST_CASE("escapes of control characters, quotes and braces", "[syntax]") {
  CHECK(string_of(R"('\n\t\r')") == "\n\t\r");
  CHECK(string_of(R"('\"\'\\\{\}')") == "\"'\\{}");
  CHECK(string_of(R"("\"")") == "\"");
  CHECK(string_of(R"('a\\')") == "a\\");
}

TEST_CASE("octal escapes take up to three digits, modulo 256", "[syntax]") {
  CHECK(string_of(R"('\101\102\60')") == "AB0");
  CHECK(string_of(R"('\0')") == std::string(1, '\0'));
  CHECK(string_of(R"('\08')") == std::string("\0", 1) + "8");
  CHECK(string_of(R"('\1234')") == "S4");
  CHECK(string_of(R"('\351')") == "\xC3\xA9");
  CHECK(string_of(R"('\777')") == "\xC3\xBF");
  CHECK(string_of(R"('\8')") == "8");
}

TEST_CASE("hexadecimal escapes take exactly two characters", "[syntax]") {
  CHECK(string_of(R"('\x41\x7a')") == "Az");
  CHECK(string_of(R"('\xe9\xE9')") == "\xC3\xA9\xC3\xA9");
  CHECK(string_of(R"('\xzz')") == std::string(1, '\0'));
  CHECK(string_of(R"('\x4g')") == "@");
  CHECK(string_of(R"('\x4')") == "x4");
  CHECK(string_of(R"('\x')") == "x");
  CHECK(string_of("'\\x\xC3\xA9"
                  "1'") == "\x01");
}

TEST_CASE("any other escaped character stands for itself", "[syntax]") {
  CHECK(string_of(R"('\q\w\/')") == "qw/");
  CHECK(string_of(R"('\u0041')") == "u0041");
  CHECK(string_of("'a\\\nb'") == "a\nb");
  CHECK(string_of("'\\\xC3\xA9'") == "\xC3\xA9");
  CHECK(string_of("'\\\xFF'") == "\xFF");
}

TEST_CASE("a backslash before a template stays one", "[syntax]") {
  CHECK(tree_of(R"('\{{x}}')") == R"((template "\" x))");
  CHECK(tree_of(R"('\\{{x}}')") == R"((template "\" x))");
  CHECK(string_of(R"('\{\{x}}')") == "{{x}}");
}

TEST_CASE("triple quotes end at the next three quotes, whatever stands before them", "[syntax]") {
  CHECK(string_of(R"("""a""")") == "a");
  CHECK(string_of(R"('''a "b" 'c' d''')") == "a \"b\" 'c' d");
  CHECK(string_of(R"("""""")").empty());
  CHECK(string_of(R"(""""a""")") == "\"a");
  CHECK(string_of(R"("""a\""")") == "a\\");
  CHECK(error_of("x = \"\"\"a\"\"\"\"") == "1:12: unterminated string");
}

TEST_CASE("triple-quoted text is trimmed of white space of any kind", "[syntax]") {
  CHECK(string_of("\"\"\"  a  \"\"\"") == "a");
  CHECK(string_of("\"\"\"\n\t a \r\n\"\"\"") == "a");
  CHECK(string_of("\"\"\"\xC2\xA0"
                  "a\xE2\x80\x83\xE3\x80\x80\"\"\"") == "a");
  CHECK(string_of("\"\"\"   \n  \"\"\"").empty());
  CHECK(string_of("\"\"\"\xC2\xA0\xE3\x80\x80\"\"\"").empty());
  CHECK(string_of(R"("""\n x""")") == "\n x");
  CHECK(string_of("\"\"\"\x80\"\"\"") == "\x80");
  CHECK(string_of("\"\"\"a\xC2\xA0\x80\"\"\"") == "a\xC2\xA0\x80");
}

TEST_CASE("triple-quoted text loses its common indentation", "[syntax]") {
  CHECK(string_of("'''\n    first\n      more\n    last\n'''") == "first\n  more\nlast");
  CHECK(string_of("'''\n\ttab\n\t\ttwo\n\tend\n'''") == "tab\n\ttwo\nend");
  CHECK(string_of("'''\n  a\n\n      b\n  c\n  '''") == "a\n\n    b\nc");
  CHECK(string_of("'''\n    a\r\n    b\r\n'''") == "a\r\nb");
}

TEST_CASE("blank lines lose the indentation too, but do not count", "[syntax]") {
  CHECK(string_of("'''a\n      \n    b'''") == "a\n  \nb");
  CHECK(string_of("'''a\n  \n    b'''") == "a\n  \nb");
  CHECK(string_of("'''a\n \xC2\xA0\n    b'''") == "a\n \xC2\xA0\nb");
}

TEST_CASE("lines before the first indented one do not count; after it none may lack indentation", "[syntax]") {
  CHECK(string_of("'''\n  a\nb\n    c\n'''") == "a\nb\nc");
  CHECK(string_of("'''a\n   b\n c'''") == "a\n  b\nc");
  CHECK(string_of("'''\n  a\n    b\n'''") == "a\nb");
  CHECK(string_of("'''a\n    b\nc'''") == "a\n    b\nc");
  CHECK(string_of("'''a\n    b\nc\n  d'''") == "a\n    b\nc\n  d");
  CHECK(string_of("'''a\n  b\n\tc'''") == "a\n  b\n\tc");
  CHECK(string_of("'''a\n \tb\n  c'''") == "a\n\tb\n c");
}

TEST_CASE("raw switches templates off and leaves escapes on", "[syntax]") {
  CHECK(string_of(R"(raw "{{x}}\n")") == "{{x}}\n");
  CHECK(string_of(R"(raw'''
      {{x}}
        y
      z
      ''')") == "{{x}}\n  y\nz");
  CHECK(tree_of("raw '{{a}}' + '{{b}}'") == "(+ \"{{a}}\" (template b))");
  CHECK(error_of("raw 5") == "1:5: expected string after 'raw' keyword");
  CHECK(error_of("x = raw") == "1:8: expected string after 'raw' keyword");
  CHECK(error_of("raw end") == "1:5: expected string after 'raw' keyword ('end' is a reserved word)");
}

TEST_CASE("keys and argument names in quotes have escapes and no templates", "[syntax]") {
  CHECK(tree_of(R"({"a\tb" = 1, 'it\'s' = 2, "{{x}}" = 3, "\x41" = 4})") == "{a\tb=1 it's=2 {{x}}=3 A=4}");
  CHECK(tree_of("{'''\n  a\n    b\n  c''' = 1}") == "{a\n  b\nc=1}");
  CHECK(tree_of(R"(f("a\tb" = 1, "{{x}}" = 2, "" = 3))") == "(call f a\tb=1 {{x}}=2 =3)");
}

TEST_CASE("a regex is what stands between its tildes", "[syntax]") {
  CHECK(tree_of(R"(r = ~a+b~)") == "(= r ~a+b~)");
  CHECK(tree_of(R"(~\d{2}\~~)") == R"(~\d{2}\~~)");
  CHECK(tree_of(R"(~a"b'c//d{{x}}~)") == R"(~a"b'c//d{{x}}~)");
  CHECK(tree_of(R"(f(~a\\~, ~b~))") == R"((call f ~a\\~ ~b~))");
  CHECK(tree_of("~two\nlines~") == "~two\nlines~");
  CHECK(tree_of("~~") == "~~");
}
