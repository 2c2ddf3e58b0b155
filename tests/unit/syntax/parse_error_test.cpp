// The messages of section 15, word for word and at their places.
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/unit/syntax/tree_text.hpp"

using duso::syntax::test::error_of;
using duso::syntax::test::parse_text;

namespace {

struct Case {
  std::string_view text;
  std::string_view error;
};

void check(std::initializer_list<Case> cases) {
  for (const Case& c : cases) {
    INFO(c.text);
    CHECK(error_of(c.text) == c.error);
  }
}

}  // namespace

TEST_CASE("a token that is required", "[syntax]") {
  check({
      {"if true print(1) end", "1:9: expected THEN, got IDENT"},
      {"if true then print(1)", "1:22: expected END, got EOF"},
      {"if x then\n  y = 1\n", "3:1: expected END, got EOF"},
      {"if x = 5 then end", "1:6: expected THEN, got ="},
      {"while true end", "1:12: expected DO, got END ('end' is a reserved word)"},
      {"for i in x end", "1:12: expected DO, got END ('end' is a reserved word)"},
      {"for i = 1 do end", "1:11: expected ,, got DO ('do' is a reserved word)"},
      {"for 5 in x do end", "1:5: expected IDENT, got NUMBER"},
      {"function f end", "1:12: expected (, got END ('end' is a reserved word)"},
      {"function f( end", "1:13: expected ), got END ('end' is a reserved word)"},
      {"function f(end) end", "1:12: expected ), got END ('end' is a reserved word)"},
      {"function f(, a) end", "1:12: expected ), got ,"},
      {"function a.b() end", "1:11: expected (, got ."},
      {"function (x) end", "1:10: expected IDENT, got ("},
      {"x = function foo() end", "1:14: expected (, got IDENT"},
      {"try x() catch e end", "1:15: expected (, got IDENT"},
      {"try x() catch () end", "1:16: expected IDENT, got )"},
      {"try x()", "1:8: expected CATCH, got EOF"},
      {"x..y", "1:3: expected IDENT, got ."},
      {"o.in", "1:3: expected IDENT, got IN ('in' is a reserved word)"},
      {"o.~a~", "1:3: expected IDENT, got TILDE_STRING"},
      {"o.'a'", "1:3: expected IDENT, got STRING"},
      {"x = 1 ? 2", "1:10: expected :, got EOF"},
      {"a[1", "1:4: expected ], got EOF"},
      {"a[1, 2]", "1:4: expected ], got ,"},
      {"a[1 end", "1:5: expected ], got END ('end' is a reserved word)"},
      {"if a ! then end", "1:6: expected THEN, got !"},
  });
}

TEST_CASE("a token that no expression can start with", "[syntax]") {
  check({
      {"x =", "1:4: unexpected token EOF at 1:4"},
      {"x =\n", "2:1: unexpected token EOF at 2:1"},
      {"x = 1 +", "1:8: unexpected token EOF at 1:8"},
      {"if", "1:3: unexpected token EOF at 1:3"},
      {"(", "1:2: unexpected token EOF at 1:2"},
      {")", "1:1: unexpected token )(\")\") at 1:1"},
      {"x = 1\ny = 2\n  z = )", "3:7: unexpected token )(\")\") at 3:7"},
      {"x === 2", "1:5: unexpected token =(\"=\") at 1:5"},
      {"1 !== 2", "1:5: unexpected token =(\"=\") at 1:5"},
      {"x = y = 2", "1:7: unexpected token =(\"=\") at 1:7"},
      {"x ** 2", "1:4: unexpected token *(\"*\") at 1:4"},
      {"else", "1:1: unexpected token ELSE(\"else\") at 1:1 ('else' is a reserved word)"},
      {"end", "1:1: unexpected token END(\"end\") at 1:1 ('end' is a reserved word)"},
      {"try x() end", "1:9: unexpected token END(\"end\") at 1:9 ('end' is a reserved word)"},
      {"if true then else elseif x then end",
       "1:19: unexpected token ELSEIF(\"elseif\") at 1:19 ('elseif' is a reserved word)"},
      {"while a do catch end", "1:12: unexpected token CATCH(\"catch\") at 1:12 ('catch' is a reserved word)"},
      {"return return", "1:8: unexpected token RETURN(\"return\") at 1:8 ('return' is a reserved word)"},
      {"var x = var y", "1:9: unexpected token VAR(\"var\") at 1:9 ('var' is a reserved word)"},
      {"f(end = 1)", "1:3: unexpected token END(\"end\") at 1:3 ('end' is a reserved word)"},
      {"f(,)", "1:3: unexpected token ,(\",\") at 1:3"},
      {"{a = }", "1:6: unexpected token }(\"}\") at 1:6"},
  });
}

TEST_CASE("an unclosed group says where it was opened", "[syntax]") {
  check({
      {"x = (1 + 2\ny = 3", "2:1: expected ) to close ( opened at line 1, col 5, but got IDENT"},
      {"x = (1", "1:7: expected ) to close ( opened at line 1, col 5, but got EOF"},
      {"x = (1, 2)", "1:7: expected ) to close ( opened at line 1, col 5, but got ,"},
      {"x = (1 end", "1:8: expected ) to close ( opened at line 1, col 5, but got END ('end' is a reserved word)"},
      {"y = [", "1:6: expected ] to close [ opened at line 1, col 5, but got EOF"},
      {"y = [1,", "1:8: expected ] to close [ opened at line 1, col 5, but got EOF"},
      {"y = {", "1:6: expected } to close { opened at line 1, col 5, but got EOF"},
  });
}

TEST_CASE("array and object literals and calls", "[syntax]") {
  check({
      {"x = [1 2]", "1:8: expected ',' or ']' in array literal"},
      {"x = [1, 2", "1:10: expected ',' or ']' in array literal"},
      {"x = {a = 1 b = 2}", "1:12: expected ',' or '}' in object literal"},
      {"x = {a = 1", "1:11: expected ',' or '}' in object literal"},
      {"x = {,}", "1:6: expected identifier, string, or [expr] as object key"},
      {"x = {1 = 2}", "1:6: expected identifier, string, or [expr] as object key"},
      {"x = {end = 1}", "1:6: expected identifier, string, or [expr] as object key ('end' is a reserved word)"},
      {"x = {raw 'a' = 1}", "1:6: expected identifier, string, or [expr] as object key ('raw' is a reserved word)"},
      {"x = {a: 1}", "1:7: expected =, got :"},
      {"x = {[1] 2}", "1:10: expected =, got NUMBER"},
      {"x = {[1 = 2}", "1:9: expected ], got ="},
      {"f(1 2)", "1:5: expected ',' or ')' in function call"},
      {"print(a++)", "1:8: expected ',' or ')' in function call"},
      {"f(1", "1:4: expected ',' or ')' in function call"},
      {"f(1,", "1:5: expected ), got EOF"},
      {"f(", "1:3: expected ), got EOF"},
  });
}

TEST_CASE("for and var", "[syntax]") {
  check({
      {"for i do end", "1:7: expected '=' or 'in' in for loop ('do' is a reserved word)"},
      {"for i, j in x do end", "1:6: expected '=' or 'in' in for loop"},
      {"var x", "1:6: expected '=' after variable name"},
      {"var x += 1", "1:7: expected '=' after variable name"},
      {"var 1 = 2", "1:5: expected identifier after 'var'"},
      {"var if = 2", "1:5: expected identifier after 'var' ('if' is a reserved word)"},
      {"var", "1:4: expected identifier after 'var'"},
  });
}

TEST_CASE("reserved names cannot be bound", "[syntax]") {
  check({
      {"for end in x do end", "1:5: 'end' is a reserved keyword or builtin and cannot be used as a loop variable name"},
      {"for self in [] do end",
       "1:5: 'self' is a reserved keyword or builtin and cannot be used as a loop variable name"},
      {"function end() end", "1:10: 'end' is a reserved keyword or builtin and cannot be used as a function name"},
      {"function self() end", "1:10: 'self' is a reserved keyword or builtin and cannot be used as a function name"},
      {"function f(self) end", "1:12: 'self' is a reserved keyword or builtin and cannot be used as a parameter name"},
      {"x = function(a, self = 1) end",
       "1:17: 'self' is a reserved keyword or builtin and cannot be used as a parameter name"},
      {"try catch (end) end",
       "1:12: 'end' is a reserved keyword or builtin and cannot be used as a catch variable name"},
      {"try catch (self) end",
       "1:12: 'self' is a reserved keyword or builtin and cannot be used as a catch variable name"},
      {"var self = 1", "1:5: 'self' is a reserved keyword or builtin and cannot be used as a variable name"},
  });
}

TEST_CASE("self cannot be assigned to", "[syntax]") {
  for (const std::string_view text : {"self = 1", "self += 1", "self++", "self--", "self = )"}) {
    INFO(text);
    CHECK(error_of(text) == "1:1: 'self' is a reserved keyword or builtin and cannot be assigned to");
  }
  check({
      {"(self) = 1", "1:2: 'self' is a reserved keyword or builtin and cannot be assigned to"},
      {"x = ++self", "1:7: 'self' is a reserved keyword or builtin and cannot be assigned to"},
  });
}

TEST_CASE("errors name the file", "[syntax]") {
  const auto result = parse_text("x = = 1");
  CHECK(format(result.program->source(), result.diagnostics.front()) == "t.du:1:5: unexpected token =(\"=\") at 1:5");
}

TEST_CASE("a text that something could still follow is incomplete", "[syntax]") {
  for (const std::string_view text :
       {"x =", "f(", "f(1,", "[1, 2", "{a = 1", "if a then", "function f()", "while a do b()", "try f()",
        "try f() catch (e)", "x = 'abc", "x = \"\"\"abc\n", "~a", "a ? b", "(1 +"}) {
    INFO(text);
    CHECK(parse_text(text).incomplete);
  }
  for (const std::string_view text : {"x = 1", "x = )", "end", "'{{ }}'", "f(1 2", "x = @", "if a do b(", "x = 1e"}) {
    INFO(text);
    CHECK_FALSE(parse_text(text).incomplete);
  }
}
