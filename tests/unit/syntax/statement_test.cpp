// How statements are told apart without anything between them.
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/unit/syntax/tree_text.hpp"

using duso::syntax::as;
using duso::syntax::Assignment;
using duso::syntax::Block;
using duso::syntax::CompoundAssignment;
using duso::syntax::ForEach;
using duso::syntax::ForNumeric;
using duso::syntax::FunctionDeclaration;
using duso::syntax::If;
using duso::syntax::ParseResult;
using duso::syntax::Position;
using duso::syntax::PostfixStep;
using duso::syntax::Statement;
using duso::syntax::Try;
using duso::syntax::VarDeclaration;
using duso::syntax::While;
using duso::syntax::test::parse_text;
using duso::syntax::test::tree_of;

namespace {

template <typename T>
const T& statement(const ParseResult& result, std::size_t index = 0) {
  return as<T>(*result.program->body().statements[index]);
}

}  // namespace

TEST_CASE("an empty script and one of comments are valid", "[syntax]") {
  CHECK(tree_of("").empty());
  CHECK(tree_of("// nothing\n/* at all */\n").empty());
}

TEST_CASE("the longest expression is taken, whatever the lines", "[syntax]") {
  CHECK(tree_of("k = [1, 2]\n[1]") == "(= k (index [1 2] 1))");
  CHECK(tree_of("m = print\n('x')") == "(= m (call print \"x\"))");
  CHECK(tree_of("v = 10\n-3") == "(= v (- 10 3))");
  CHECK(tree_of("t = a\n? b\n: c") == "(= t (? a b c))");
  CHECK(tree_of("h = {q = 1}\n.q") == "(= h (. {q=1} q))");
  CHECK(tree_of("print(1)\n(2)") == "(call (call print 1) 2)");
  CHECK(tree_of("x = 5 y = 6 print(x, y)") == "(= x 5); (= y 6); (call print x y)");
}

TEST_CASE("++ is postfix behind an expression, but not behind an assignment", "[syntax]") {
  CHECK(tree_of("x++ y--") == "(post++ x); (post-- y)");
  CHECK(tree_of("foo()\n++x") == "(post++ (call foo)); x");
  CHECK(tree_of("y = x\n++x") == "(= y x); (++ x)");
  CHECK(tree_of("y = x++ z") == "(= y x); (++ z)");
  CHECK(tree_of("a[0]++ o.n--") == "(post++ (index a 0)); (post-- (. o n))");
}

TEST_CASE("assignments", "[syntax]") {
  CHECK(tree_of("a.b[0] = 1") == "(= (index (. a b) 0) 1)");
  CHECK(tree_of("a += 1 b -= 2 c *= 3 d /= 4 e %= 5") == "(+= a 1); (-= b 2); (*= c 3); (/= d 4); (%= e 5)");
  CHECK(tree_of("(x) = 1") == "(= x 1)");
}

TEST_CASE("what cannot be assigned to parses all the same", "[syntax]") {
  CHECK(tree_of("f() = 1 1 = 2 'a' = 3 nil = 4 true = 5") ==
        "(= (call f) 1); (= 1 2); (= \"a\" 3); (= nil 4); (= true 5)");
  CHECK(tree_of("1 += 2 f()--") == "(+= 1 2); (post-- (call f))");
}

TEST_CASE("if with any number of elseif", "[syntax]") {
  CHECK(tree_of("if a then end") == "(if (a))");
  CHECK(tree_of("if a then x() elseif b then y() z() else w() end") ==
        "(if (a (call x)) (b (call y); (call z)) (else (call w)))");
  CHECK(tree_of("if a then else end") == "(if (a) (else))");
  std::string chain = "if a then ";
  for (int i = 0; i < 20000; ++i) chain += "elseif b then ";
  const ParseResult result = parse_text(chain + "end");
  REQUIRE(result.ok());
  CHECK(statement<If>(result).clauses.size() == 20001);
}

TEST_CASE("loops", "[syntax]") {
  CHECK(tree_of("while a < b do x() break end") == "(while (< a b) (call x); break)");
  CHECK(tree_of("for i = 1, 10 do f(i) end") == "(for i 1 10 do (call f i))");
  CHECK(tree_of("for var i = 1, 10, -1 do end") == "(for i 1 10 (- 1) do)");
  CHECK(tree_of("for x in list do continue end") == "(each x list continue)");
  CHECK(tree_of("for len in [] do end") == "(each len [])");
  CHECK(tree_of("break 5 continue") == "break; 5; continue");
  CHECK(statement<ForNumeric>(parse_text("for var i = 1, 2 do end")).variable.with_var);
  CHECK_FALSE(statement<ForEach>(parse_text("for i in x do end")).variable.with_var);
}

TEST_CASE("functions, and what builtins are called, may be named anything but reserved words", "[syntax]") {
  CHECK(tree_of("function f(a, b = 2) return a end") == "(function f (a b=2) (return a))");
  CHECK(tree_of("function print() end") == "(function print ())");
  CHECK(tree_of("var type = 1") == "(var type 1)");
}

TEST_CASE("try and catch", "[syntax]") {
  CHECK(tree_of("try f() catch (e) g(e) end") == "(try (call f) (catch e (call g e)))");
  CHECK(tree_of("try catch (e) end") == "(try (catch e))");
}

TEST_CASE("return takes what follows, unless that ends the block", "[syntax]") {
  CHECK(tree_of("function f() return\n5 end") == "(function f () (return 5))");
  CHECK(tree_of("function f() return end") == "(function f () (return))");
  CHECK(tree_of("return") == "(return)");
  CHECK(tree_of("if a then return elseif b then return else return end") ==
        "(if (a (return)) (b (return)) (else (return)))");
  CHECK(tree_of("try return catch (e) return end") == "(try (return) (catch e (return)))");
}

TEST_CASE("self may be read, called and used as a key", "[syntax]") {
  CHECK(tree_of("self.x = 1") == "(= (. self x) 1)");
  CHECK(tree_of("x.self = 1") == "(= (. x self) 1)");
  CHECK(tree_of("{self = 1}") == "{self=1}");
  CHECK(tree_of("self()") == "(call self)");
  CHECK(tree_of("x = self") == "(= x self)");
}

TEST_CASE("statements report their errors where section 14 says", "[syntax]") {
  CHECK(statement<Assignment>(parse_text(" a.b = 1")).position == Position{1, 2});
  const ParseResult compound = parse_text("a[0] += 1");
  CHECK(statement<CompoundAssignment>(compound).position == Position{1, 1});
  CHECK(statement<CompoundAssignment>(compound).operator_position == Position{1, 6});
  const ParseResult step = parse_text("ab++");
  CHECK(statement<PostfixStep>(step).position == Position{1, 1});
  CHECK(statement<PostfixStep>(step).operator_position == Position{1, 3});
  const ParseResult declaration = parse_text("  var x = 1");
  CHECK(statement<VarDeclaration>(declaration).position == Position{1, 3});
  CHECK(statement<VarDeclaration>(declaration).name_position == Position{1, 7});
  const ParseResult loop = parse_text("x = 1\nfor var i = 1, 2 do end");
  CHECK(statement<ForNumeric>(loop, 1).position == Position{2, 1});
  CHECK(statement<ForNumeric>(loop, 1).variable.position == Position{2, 9});
  const ParseResult attempt = parse_text("try catch (err) end");
  CHECK(statement<Try>(attempt).error_name_position == Position{1, 12});
  const ParseResult branch = parse_text("if a then\nelseif b then end");
  CHECK(statement<If>(branch).clauses[1].position == Position{2, 1});
}

TEST_CASE("a function knows its places", "[syntax]") {
  const std::string_view text = "x = 1 function foo(a, b = 1) return a end y = 2";
  const ParseResult result = parse_text(text);
  const auto& function = *statement<FunctionDeclaration>(result, 1).function;
  CHECK(function.position == Position{1, 7});
  CHECK(function.name_position == Position{1, 16});
  CHECK(function.parameters[1].position == Position{1, 23});
  CHECK(text.substr(function.begin, function.end - function.begin) == "function foo(a, b = 1) return a end");
  CHECK(text.substr(function.body.begin, function.body.end - function.body.begin) == " return a ");
}

TEST_CASE("blocks and statements cover what belongs to them", "[syntax]") {
  const std::string_view text = "while a do b() end if c then d() else e() end";
  const ParseResult result = parse_text(text);
  const auto covered = [&](const auto& part) { return text.substr(part.begin, part.end - part.begin); };
  CHECK(covered(*result.program->body().statements[0]) == "while a do b() end");
  CHECK(covered(statement<While>(result, 0).body) == " b() ");
  CHECK(covered(statement<If>(result, 1).clauses[0].body) == " d() ");
  CHECK(covered(statement<If>(result, 1).else_block.value_or(Block{})) == " e() ");
  CHECK(covered(result.program->body()) == text);
}

TEST_CASE("a program outlives everything but itself", "[syntax]") {
  std::shared_ptr<const duso::syntax::Program> program = parse_text("name = 'te\\x78t'").program;
  const auto& assignment = as<Assignment>(*program->body().statements[0]);
  CHECK(as<duso::syntax::Name>(*assignment.target).identifier == "name");
  CHECK(as<duso::syntax::StringLiteral>(*assignment.value).value == "text");
}
