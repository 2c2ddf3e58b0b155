// Strings with expressions: where they are cut, what is read, and where it stands in the file.
#include <memory>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/unit/syntax/tree_text.hpp"

using duso::syntax::as;
using duso::syntax::Binary;
using duso::syntax::Expression;
using duso::syntax::parse_template;
using duso::syntax::ParseResult;
using duso::syntax::Position;
using duso::syntax::Source;
using duso::syntax::StringLiteral;
using duso::syntax::Template;
using duso::syntax::test::error_of;
using duso::syntax::test::only_expression;
using duso::syntax::test::parse_text;
using duso::syntax::test::string_of;
using duso::syntax::test::tree_of;

TEST_CASE("a string is cut into texts and expressions", "[syntax]") {
  CHECK(tree_of("\"{{name}}\"") == "(template name)");
  CHECK(tree_of("\"<{{a}}>{{b}}{{ c + 1 }}\"") == "(template \"<\" a \">\" b (+ c 1))");
  CHECK(tree_of("'\\t{{x}}\\n'") == "(template \"\t\" x \"\n\")");
  CHECK(tree_of("\"{{f('a', [1][0])}}\"") == "(template (call f \"a\" (index [1] 0)))");
  CHECK(tree_of("\"{{ function() return 1 end() }}\"") == "(template (call (function () (return 1))))");
  CHECK(tree_of("\"a\nb{{x}}\nc\"") == "(template \"a\nb\" x \"\nc\")");
}

TEST_CASE("what is no opening pair of braces is text", "[syntax]") {
  CHECK(string_of("'{ {x} }} { {y} }'") == "{ {x} }} { {y} }");
  CHECK(tree_of("'{{x}}}}'") == "(template x \"}}\")");
}

TEST_CASE("only one expression is read, and what follows it is ignored", "[syntax]") {
  CHECK(tree_of("'{{1 2 3}}'") == "(template 1)");
  CHECK(tree_of("'{{x ) @ }}'") == "(template x)");
  CHECK(tree_of("'{{x \"never closed}}'") == "(template x)");
  CHECK(tree_of("'{{x /* never closed}}y'") == "(template x \"y\")");
}

TEST_CASE("braces and quotes are understood when the first }} would cut an expression", "[syntax]") {
  CHECK(tree_of("\"{{ {a={b=1}} }}\"") == "(template {a={b=1}})");
  CHECK(tree_of("\"{{ {a={b={c=2}}}.a.b }}!\"") == "(template (. (. {a={b={c=2}}} a) b) \"!\")");
  CHECK(tree_of("\"{{ {a={b=1}}}}\"") == "(template {a={b=1}})");
  CHECK(tree_of("\"{{ '}}' }}\"") == "(template \"}}\")");
  CHECK(tree_of("\"{{ '<{{x}}>' }}\"") == "(template (template \"<\" x \">\"))");
  CHECK(tree_of("\"{{ /* }} */ x }} {{y}}\"") == "(template x \" \" y)");
  CHECK(tree_of("\"{{ ~}}~ }}\"") == "(template ~}}~)");
}

TEST_CASE("such an expression must be followed by the }} at once", "[syntax]") {
  CHECK_THAT(error_of("x = \"{{ '}}' 2 }}\""), Catch::StartsWith("1:9: error in template expression: unterminated"));
  CHECK_THAT(error_of("x = \"{{ 1 + }} text {{ 2 }}\""), Catch::StartsWith("1:13: error in template expression: "));
}

TEST_CASE("errors in a template have their place in the file", "[syntax]") {
  CHECK(error_of("x = \"{{}}\"") == "1:8: error in template expression: unexpected token EOF at 1:8");
  CHECK(error_of("x = \"a{{1 +}}\"") == "1:12: error in template expression: unexpected token EOF at 1:12");
  CHECK(error_of("x = 'two\nlines {{ ) }}'") ==
        "2:10: error in template expression: unexpected token )(\")\") at 2:10");
  CHECK(error_of("x = '{{ @ }}'") == "1:9: error in template expression: unexpected character '@' (U+0040)");
  CHECK(error_of("x = '{{ end }}'") ==
        "1:9: error in template expression: unexpected token END(\"end\") at 1:9 ('end' is a reserved word)");
  CHECK(error_of("x = \"{{ 'abc }}\"") == "1:9: error in template expression: unterminated string");
  CHECK(error_of("x = '{{ f(1 }}'") == "1:13: error in template expression: expected ',' or ')' in function call");
  CHECK(error_of("x = '{{ f(\\'a\\') }}'") == "1:11: error in template expression: unexpected character '\\' (U+005C)");
}

TEST_CASE("an opening pair of braces without a closing one is an error", "[syntax]") {
  CHECK(error_of("x = \"{{ never closed\"") == "1:6: unclosed {{ in template string");
  CHECK(error_of("x = \"{{a}} {{b} }\"") == "1:12: unclosed {{ in template string");
}

TEST_CASE("an error in a template does not keep the rest of the script from being parsed", "[syntax]") {
  const ParseResult result = parse_text("x = '{{ }}'\ny = )");
  REQUIRE(result.diagnostics.size() == 2);
  CHECK(result.diagnostics[1].position == Position{2, 5});
}

TEST_CASE("pieces know what was written", "[syntax]") {
  const ParseResult result = parse_text(R"("a\t{{ x }}b")");
  REQUIRE(result.ok());
  const auto pieces = as<Template>(only_expression(result)).pieces;
  REQUIRE(pieces.size() == 3);
  CHECK(pieces[0].text == "a\t");
  CHECK(pieces[0].source == "a\\t");
  CHECK(pieces[0].expression == nullptr);
  CHECK(pieces[1].source == " x ");
  CHECK(pieces[1].expression != nullptr);
  CHECK(pieces[2].text == "b");
}

TEST_CASE("nodes in a template have their places in the file, indented or not", "[syntax]") {
  const std::string_view text =
      "x = 1\n"
      "s = \"\"\"\n"
      "    name: {{a + b}}\n"
      "      and {{c +\n"
      "    dd}}\n"
      "\"\"\"\n";
  const ParseResult result = parse_text(text);
  REQUIRE(result.ok());
  const auto& assignment = as<duso::syntax::Assignment>(*result.program->body().statements[1]);
  const auto& whole = as<Template>(*assignment.value);
  CHECK(whole.position == Position{2, 5});
  REQUIRE(whole.pieces.size() == 4);
  CHECK(whole.pieces[0].text == "name: ");
  CHECK(whole.pieces[2].text == "\n  and ");

  const auto& first = as<Binary>(*whole.pieces[1].expression);
  CHECK(first.position == Position{3, 15});
  CHECK(text.substr(first.begin, first.end - first.begin) == "a + b");
  const auto& second = as<Binary>(*whole.pieces[3].expression);
  CHECK(second.position == Position{4, 15});
  CHECK(second.right->position == Position{5, 5});
  CHECK(text.substr(second.right->begin, second.right->end - second.right->begin) == "dd");
}

TEST_CASE("strings inside an indented template lost the indentation as well", "[syntax]") {
  const ParseResult result = parse_text("\"\"\"\n    {{ 'a\n    b' }} {{ '''c\n      {{d}}''' }}\n\"\"\"");
  REQUIRE(result.ok());
  const auto pieces = as<Template>(only_expression(result)).pieces;
  REQUIRE(pieces.size() == 3);
  CHECK(as<StringLiteral>(*pieces[0].expression).value == "a\nb");
  const auto& inner = as<Template>(*pieces[2].expression);
  REQUIRE(inner.pieces.size() == 2);
  CHECK(inner.pieces[0].text == "c\n");
  CHECK(inner.pieces[1].expression->position == Position{4, 9});
}

TEST_CASE("an error in an indented template has its place in the file", "[syntax]") {
  CHECK(error_of("x = '''\n    a\n    {{ b + }}\n'''") ==
        "3:12: error in template expression: unexpected token EOF at 3:12");
}

TEST_CASE("a text can be parsed as a template at run time, its escapes being resolved already", "[syntax]") {
  const ParseResult result = parse_template(std::make_shared<const Source>("<template>", "a\\n\"{{x}}\"\n{{y"));
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(result.diagnostics[0].message == "unclosed {{ in template string");
  CHECK(result.diagnostics[0].position == Position{2, 1});
  const auto pieces = as<Template>(only_expression(result)).pieces;
  REQUIRE(pieces.size() == 3);
  CHECK(pieces[0].text == "a\\n\"");
  CHECK(pieces[2].text == "\"\n");

  const ParseResult plain = parse_template(std::make_shared<const Source>("<template>", "# 'no' expression }}\\"));
  REQUIRE(plain.ok());
  CHECK(as<StringLiteral>(only_expression(plain)).value == "# 'no' expression }}\\");
  CHECK(as<StringLiteral>(only_expression(parse_template(std::make_shared<const Source>("t", "")))).value.empty());
}

TEST_CASE("a string full of braces is read in linear time", "[syntax]") {
  std::string hostile;
  for (int i = 0; i < 50000; ++i) hostile += "{{ [ /* }} ";
  CHECK_FALSE(parse_text("x = '" + hostile + "'").ok());
  std::string friendly;
  for (int i = 0; i < 50000; ++i) friendly += "{{ {a={b=1}} }} ";
  const ParseResult result = parse_text("'" + friendly + "'");
  REQUIRE(result.ok());
  CHECK(as<Template>(only_expression(result)).pieces.size() == 100000);
}
