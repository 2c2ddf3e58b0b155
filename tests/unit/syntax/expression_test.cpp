// How expressions group, and where they stand.
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/unit/syntax/tree_text.hpp"

using duso::syntax::as;
using duso::syntax::Binary;
using duso::syntax::Call;
using duso::syntax::Expression;
using duso::syntax::Index;
using duso::syntax::Name;
using duso::syntax::ObjectLiteral;
using duso::syntax::parse_expression;
using duso::syntax::ParseResult;
using duso::syntax::Position;
using duso::syntax::Property;
using duso::syntax::Source;
using duso::syntax::test::error_of;
using duso::syntax::test::only_expression;
using duso::syntax::test::parse_text;
using duso::syntax::test::tree_of;

namespace {

// The part of [result]'s text that [expression] covers.
std::string_view covered(const ParseResult& result, const Expression& expression) {
  return result.program->source().text().substr(expression.begin, expression.end - expression.begin);
}

}  // namespace

TEST_CASE("binary operators group by precedence and to the left", "[syntax]") {
  CHECK(tree_of("2 + 3 * 4") == "(+ 2 (* 3 4))");
  CHECK(tree_of("(2 + 3) * 4") == "(* (+ 2 3) 4)");
  CHECK(tree_of("20 - 5 - 3") == "(- (- 20 5) 3)");
  CHECK(tree_of("2 * 7 % 4 / 5") == "(/ (% (* 2 7) 4) 5)");
  CHECK(tree_of("1 + 2 == 3") == "(== (+ 1 2) 3)");
  CHECK(tree_of("1 < 2 == true") == "(== (< 1 2) true)");
  CHECK(tree_of("1 < 2 < 3") == "(< (< 1 2) 3)");
  CHECK(tree_of("a >= b != c <= d") == "(!= (>= a b) (<= c d))");
  CHECK(tree_of("a > b - c") == "(> a (- b c))");
  CHECK(tree_of("a or b and c") == "(or a (and b c))");
  CHECK(tree_of("a and b or c and d") == "(or (and a b) (and c d))");
  CHECK(tree_of("a or b or c") == "(or (or a b) c)");
  CHECK(tree_of("a == b and c != d") == "(and (== a b) (!= c d))");
}

TEST_CASE("prefix operators bind tighter than binary ones", "[syntax]") {
  CHECK(tree_of("not 1 == 2") == "(== (not 1) 2)");
  CHECK(tree_of("not (1 == 2)") == "(not (== 1 2))");
  CHECK(tree_of("not not x") == "(not (not x))");
  CHECK(tree_of("!x") == "(not x)");
  CHECK(tree_of("-2 + 3") == "(+ (- 2) 3)");
  CHECK(tree_of("2 - -3") == "(- 2 (- 3))");
  CHECK(tree_of("-o.v[0]().w") == "(- (. (call (index (. o v) 0)) w))");
  CHECK(tree_of("not -x") == "(not (- x))");
  CHECK(tree_of("- --x") == "(- (-- x))");
  CHECK(tree_of("++a[0] + ++b.c") == "(+ (++ (index a 0)) (++ (. b c)))");
  CHECK(tree_of("y = --5") == "(= y (-- 5))");
}

TEST_CASE("the conditional takes an `or` in the middle and groups to the right", "[syntax]") {
  CHECK(tree_of("a ? b : c") == "(? a b c)");
  CHECK(tree_of("a ? b : c ? d : e") == "(? a b (? c d e))");
  CHECK(tree_of("a ? (b ? c : d) : e") == "(? a (? b c d) e)");
  CHECK(tree_of("a or b ? c or d : e + f") == "(? (or a b) (or c d) (+ e f))");
  CHECK(error_of("a ? b ? c : d : e") == "1:7: expected :, got ?");
}

TEST_CASE("postfix operators chain", "[syntax]") {
  CHECK(tree_of("a.b.c") == "(. (. a b) c)");
  CHECK(tree_of("f(x)(y)[z].w") == "(. (index (call (call f x) y) z) w)");
  CHECK(tree_of("\"str\"[1]") == "(index \"str\" 1)");
  CHECK(tree_of("{a = 1}.a") == "(. {a=1} a)");
  CHECK(tree_of("[1, 2][1]") == "(index [1 2] 1)");
  CHECK(tree_of("x = function() return 1 end()") == "(= x (call (function () (return 1))))");
  CHECK(tree_of("o.self") == "(. o self)");
}

TEST_CASE("arguments are positional or named, by identifier or string", "[syntax]") {
  CHECK(tree_of("f()") == "(call f)");
  CHECK(tree_of("f(1, n = 2, 3, 'm' = 4,)") == "(call f 1 n=2 3 m=4)");
  CHECK(tree_of("f(a == b)") == "(call f (== a b))");
  CHECK(tree_of("f(self = 1)") == "(call f self=1)");
  const ParseResult named = parse_text("f(1, n = 2)");
  CHECK(as<Call>(only_expression(named)).has_named);
  CHECK(as<Call>(only_expression(named)).arguments[1].position == Position{1, 6});
  CHECK_FALSE(as<Call>(only_expression(parse_text("f(1, 'a')"))).has_named);
}

TEST_CASE("arrays and objects allow one comma at the end", "[syntax]") {
  CHECK(tree_of("[]") == "[]");
  CHECK(tree_of("[1, [2,],]") == "[1 [2]]");
  CHECK(tree_of("{}") == "{}");
  CHECK(tree_of("{a = 1, 'b c' = 2, [1 + 1] = 3, self = 4,}") == "{a=1 b c=2 [(+ 1 1)]=3 self=4}");
  CHECK(tree_of("{a = 1, a = 2}") == "{a=1 a=2}");
  CHECK(error_of("[,]") == "1:2: unexpected token ,(\",\") at 1:2");
  CHECK(error_of("[1,,]") == "1:4: unexpected token ,(\",\") at 1:4");
}

TEST_CASE("literals", "[syntax]") {
  CHECK(tree_of("[nil, true, false, 1.5, .5, 'a', raw 'b', ~c~]") == "[nil true false 1.5 0.5 \"a\" \"b\" ~c~]");
}

TEST_CASE("functions have parameters with defaults, commas between them being optional", "[syntax]") {
  CHECK(tree_of("f = function(a, b = 1 c d = a + 1,) return a end") ==
        "(= f (function (a b=1 c d=(+ a 1)) (return a)))");
  CHECK(tree_of("f = function() end") == "(= f (function ()))");
}

TEST_CASE("each node reports its errors where section 14 says", "[syntax]") {
  const auto position_of = [](std::string_view text) { return only_expression(parse_text(text)).position; };
  CHECK(position_of("ab + cd") == Position{1, 4});
  CHECK(position_of("ab\n  and cd") == Position{2, 3});
  CHECK(position_of(" -x") == Position{1, 2});
  CHECK(position_of("not x") == Position{1, 1});
  CHECK(position_of("abc(1)") == Position{1, 4});
  CHECK(position_of("abc[1]") == Position{1, 4});
  CHECK(position_of("abc.d") == Position{1, 4});
  CHECK(position_of("  abc") == Position{1, 3});
  CHECK(position_of("(abc)") == Position{1, 2});
  CHECK(position_of("++x") == Position{1, 1});
  CHECK(position_of("'a{{b}}'") == Position{1, 1});
  CHECK(position_of("a ? b : c") == Position{1, 3});
  CHECK(position_of("~x~") == Position{1, 1});
  const ParseResult property = parse_text("a\n  . bc");
  CHECK(only_expression(property).position == Position{2, 3});
  CHECK(as<Property>(only_expression(property)).name_position == Position{2, 5});
}

TEST_CASE("a node covers its children and their parentheses, not its own", "[syntax]") {
  const ParseResult result = parse_text("((  (a) + b.c ) * [ (1) ] [ 2 ] )");
  REQUIRE(result.ok());
  const auto& product = as<Binary>(only_expression(result));
  CHECK(covered(result, product) == "(  (a) + b.c ) * [ (1) ] [ 2 ]");
  CHECK(product.parentheses == 1);
  const auto& sum = as<Binary>(*product.left);
  CHECK(covered(result, sum) == "(a) + b.c");
  CHECK(sum.parentheses == 1);
  CHECK(covered(result, *sum.left) == "a");
  CHECK(sum.left->parentheses == 1);
  CHECK(covered(result, *sum.right) == "b.c");
  CHECK(sum.right->parentheses == 0);
  CHECK(covered(result, *product.right) == "[ (1) ] [ 2 ]");
  CHECK(covered(result, *as<Index>(*product.right).object) == "[ (1) ]");

  const ParseResult twice = parse_text("((x))");
  CHECK(as<Name>(only_expression(twice)).parentheses == 2);
}

TEST_CASE("entries know their keys as written", "[syntax]") {
  const ParseResult result = parse_text("{ab = 1, 'c' = 2, [ d ] = 3}");
  const auto entries = as<ObjectLiteral>(only_expression(result)).entries;
  REQUIRE(entries.size() == 3);
  const auto key = [&](std::size_t i) {
    return result.program->source().text().substr(entries[i].begin, entries[i].end - entries[i].begin);
  };
  CHECK(key(0) == "ab");
  CHECK(key(1) == "'c'");
  CHECK(key(2) == "[ d ]");
  CHECK(entries[2].position == Position{1, 19});
  CHECK(entries[1].computed_key == nullptr);
}

TEST_CASE("a text can be parsed as one expression and nothing else", "[syntax]") {
  const auto parse_one = [](std::string text) {
    return parse_expression(std::make_shared<const Source>("<config>", std::move(text)));
  };
  const ParseResult object = parse_one("{port = 8080, name = 'x'}");
  REQUIRE(object.ok());
  REQUIRE(object.program->body().statements.size() == 1);
  CHECK(as<ObjectLiteral>(only_expression(object)).entries.size() == 2);
  CHECK(parse_one(" 1 + 2 // three").ok());
  CHECK(parse_one("x = 1").diagnostics.front().message == "expected EOF, got =");
  CHECK(parse_one("1 2").diagnostics.front().message == "expected EOF, got NUMBER");
  CHECK(parse_one("").diagnostics.front().message == "unexpected token EOF at 1:1");
  CHECK(parse_one("if").diagnostics.front().message == "unexpected token IF(\"if\") at 1:1 ('if' is a reserved word)");
}
