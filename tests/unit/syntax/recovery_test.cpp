// What tools get from code that is being written: a tree of what can be understood, and one message a mistake.
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/unit/syntax/tree_text.hpp"

using duso::syntax::as;
using duso::syntax::Assignment;
using duso::syntax::kMaxDiagnostics;
using duso::syntax::ParseResult;
using duso::syntax::test::broken_tree_of;
using duso::syntax::test::parse_text;

namespace {

std::size_t count_errors(std::string_view text) { return parse_text(text).diagnostics.size(); }

}  // namespace

TEST_CASE("parsing goes on at the next statement", "[syntax]") {
  CHECK(broken_tree_of("x = = 1\ny = 2\nprint(y)") == "(= x <error>); (= y 2); (call print y)");
  CHECK(count_errors("x = = 1\ny = 2\nprint(y)") == 1);
  CHECK(broken_tree_of("x = 1 ) var y = 2") == "(= x 1); <error>; (var y 2)");
  CHECK(broken_tree_of("f(1 2)\ng()") == "(call f 1); (call g)");
  CHECK(broken_tree_of("o.\nfor i in o do end") == "(. o ); (each i o)");
  CHECK(broken_tree_of(")) f() ) \n g()") == "<error>; (call g)");
}

TEST_CASE("every mistake gets its message", "[syntax]") {
  const ParseResult result = parse_text("a = )\nb = ]\nc = 3\nd = }");
  REQUIRE(result.diagnostics.size() == 3);
  CHECK(result.diagnostics[0].position.line == 1);
  CHECK(result.diagnostics[1].position.line == 2);
  CHECK(result.diagnostics[2].position.line == 4);
}

TEST_CASE("an error in a block leaves the block whole", "[syntax]") {
  CHECK(broken_tree_of("while a do\n  x = ]\n  y = 2\nend\ng()") == "(while a (= x <error>); (= y 2)); (call g)");
  CHECK(broken_tree_of("if a then x = ) elseif b then y() end z()") == "(if (a (= x <error>)) (b (call y))); (call z)");
  CHECK(broken_tree_of("try f( catch (e) g() end h()") == "(try (call f <error>) (catch e (call g))); (call h)");
}

TEST_CASE("a broken head does not cost the body", "[syntax]") {
  CHECK(broken_tree_of("if x = 5 then y() end z()") == "(if (x (call y))); (call z)");
  CHECK(count_errors("if x = 5 then y() end z()") == 1);
  CHECK(broken_tree_of("while ) do y() end") == "(while <error> (call y))");
  CHECK(broken_tree_of("for i do y() end") == "(each i <error> (call y))");
  CHECK(broken_tree_of("for i = 1 do y() end") == "(for i 1 <error> do (call y))");
  CHECK(broken_tree_of("function f(1, 2) y() end") == "(function f () (call y))");
  CHECK(broken_tree_of("try x() catch e) y() end") == "(try (call x) (catch  (call y)))");
}

TEST_CASE("the rest of a head is only looked for on its line", "[syntax]") {
  CHECK(broken_tree_of("while )\nfor i in x do f() end") == "(while <error>); (each i x (call f))");
}

TEST_CASE("the end of a block that never began is skipped with the error", "[syntax]") {
  CHECK(broken_tree_of("x = ) end\ny()") == "(= x <error>); (call y)");
  CHECK(count_errors("x = ) end\ny()") == 1);
}

TEST_CASE("a missing expression takes no place, inside what it is missing from", "[syntax]") {
  const ParseResult result = parse_text("x =   \n )");
  const auto& assignment = as<Assignment>(*result.program->body().statements.front());
  CHECK(assignment.end == 3);
  CHECK(assignment.value->begin == 3);
  CHECK(assignment.value->end == 3);

  const ParseResult misfit = parse_text(" )");
  const auto& first = *misfit.program->body().statements.front();
  CHECK(first.begin == 1);
  CHECK(first.end == 1);
}

TEST_CASE("a name that cannot be used is taken all the same", "[syntax]") {
  CHECK(broken_tree_of("for self in x do f() end") == "(each self x (call f))");
  CHECK(count_errors("self = 1 self++ var self = 2") == 3);
}

TEST_CASE("an unfinished expression keeps what it has", "[syntax]") {
  CHECK(broken_tree_of("f(a, b.") == "(call f a (. b ))");
  CHECK(broken_tree_of("x = [1, 2") == "(= x [1 2])");
  CHECK(broken_tree_of("x = {a = 1, b") == "(= x {a=1 b=<error>})");
  CHECK(broken_tree_of("x = a + ") == "(= x (+ a <error>))");
  CHECK(broken_tree_of("function f(a) if a then g(") == "(function f (a) (if (a (call g))))");
}

TEST_CASE("an error at the end of the file is reported once, however much is open", "[syntax]") {
  CHECK(count_errors("function f() if a then while b do x = (1 +") == 1);
}

TEST_CASE("stray characters are left out of the tree", "[syntax]") {
  CHECK(broken_tree_of("x = 5 @ y = 6") == "(= x 5); (= y 6)");
  CHECK(count_errors("x = 5 @ y = 6") == 1);
  CHECK(broken_tree_of("x = 1e y = 6\nz = 7") == "(= x <error>); (= z 7)");
  CHECK(count_errors("x = 1e y = 6\nz = 7") == 1);
}

TEST_CASE("a function in an expression recovers inside it", "[syntax]") {
  CHECK(broken_tree_of("f(function()\n  x = )\n  y = 1\nend, 2)") == "(call f (function () (= x <error>); (= y 1)) 2)");
}

TEST_CASE("after many errors it is enough", "[syntax]") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "x = )\n";
  CHECK(count_errors(text) == kMaxDiagnostics);
  CHECK(parse_text(text).program->body().statements.size() == kMaxDiagnostics);
  text.clear();
  for (int i = 0; i < 1000; ++i) text += "self = 1\n";
  CHECK(count_errors(text) == kMaxDiagnostics);
  CHECK(count_errors(std::string(1000, '@')) == kMaxDiagnostics);
}
