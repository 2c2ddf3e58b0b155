// What the resolver proves about names: which are plain locals, which are captured, which must be looked for at run
// time.
#include "interpreter/execution/resolver.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "interpreter/syntax/parser.hpp"
#include "tests/unit/execution/script_runner.hpp"

namespace {

using namespace duso;
using namespace duso::execution;
using duso::test::run_script;

// A program whose first statement defines a function, resolved.
class Resolved {
 public:
  explicit Resolved(std::string_view text)
      : parsed_(syntax::parse(std::make_shared<const syntax::Source>("test.du", std::string(text)))) {
    REQUIRE(parsed_.ok());
    resolver_ = std::make_unique<Resolver>(*parsed_.program, tree_, false, nullptr);
  }

  const syntax::FunctionDefinition& function() const {
    const syntax::Statement& first = *parsed_.program->body().statements.front();
    return *syntax::as<syntax::FunctionDeclaration>(first).function;
  }
  const Scope& scope() const { return *resolver_->scope_of(&function()); }
  const Variable& variable(std::string_view name) const {
    const Variable* found = scope().find(name);
    REQUIRE(found != nullptr);
    return *found;
  }

  // How the name that the function's last statement returns is found: "local", or the candidates in order.
  std::string returned() const {
    const syntax::Statement& last = *function().body.statements.back();
    const auto& name = syntax::as<syntax::Name>(*syntax::as<syntax::Return>(last).value);
    const Resolution& resolution = resolver_->resolution(name);
    std::string text;
    for (const Candidate& candidate : resolution.candidates) {
      if (!text.empty()) text += ", ";
      text += candidate.variable == nullptr ? "level" : candidate.definite ? "set" : "unset";
    }
    if (!resolution.ends_definite()) text += text.empty() ? "global" : ", global";
    return text;
  }

 private:
  syntax::ParseResult parsed_;
  ScopeTree tree_;
  std::unique_ptr<Resolver> resolver_;
};

std::string returned(std::string_view body, std::string_view parameters = "p") {
  return Resolved("function f(" + std::string(parameters) + ") " + std::string(body) + " end").returned();
}

TEST_CASE("a parameter is always set, whatever is assigned to it", "[resolver]") {
  CHECK(returned("return p") == "set");
  CHECK(returned("p = nil  return p") == "set");
}

TEST_CASE("a variable is certainly set after its var", "[resolver]") {
  CHECK(returned("var x = 1  return x") == "set");
  CHECK(returned("function x() end  return x") == "set");
  CHECK(returned("return x") == "level, global");
  CHECK(returned("while p do var x = 1 end  return x") == "unset, level, global");
}

TEST_CASE("branches must agree for a variable to be set after them", "[resolver]") {
  CHECK(returned("if p then var x = 1 end  return x") == "unset, level, global");
  CHECK(returned("if p then var x = 1 else var x = 2 end  return x") == "set");
  CHECK(returned("if p then var x = 1 elseif p then y = 1 else var x = 2 end  return x") == "unset, level, global");
  CHECK(returned("if p then var x = 1 elseif p then var x = 3 else var x = 2 end  return x") == "set");
}

TEST_CASE("an error may keep a try block from setting a variable", "[resolver]") {
  CHECK(returned("try var x = 1 catch (e) end  return x") == "unset, level, global");
  CHECK(returned("var x = 0  try var x = 1 catch (e) end  return x") == "set");
}

TEST_CASE("variables of loops and catch blocks end with them", "[resolver]") {
  CHECK(returned("for i = 1, 2 do var x = i end  return x") == "level, global");
  CHECK(returned("for i in p do end  return i") == "level, global");
  CHECK(returned("try p() catch (e) var x = e end  return e") == "level, global");
}

TEST_CASE("only what a function inside mentions is captured", "[resolver]") {
  const Resolved resolved(
      "function f(p, q) var x = p  var y = q  var g = function(y) return x + y + q end  return g end");
  CHECK(resolved.variable("x").captured);
  CHECK(resolved.variable("q").captured);
  CHECK_FALSE(resolved.variable("p").captured);
  CHECK_FALSE(resolved.variable("y").captured);
  CHECK(resolved.scope().has_environment);
  CHECK_FALSE(Resolved("function f(p) var x = p  for i = 1, x do p = p + i end  return p end").scope().has_environment);
}

TEST_CASE("a scope with many variables finds them all", "[resolver]") {
  std::string text = "function f() ";
  for (int i = 0; i < 100; ++i) text += "var v" + std::to_string(i) + " = " + std::to_string(i) + " ";
  const Resolved resolved(text + "return v57 end");
  CHECK(resolved.scope().variables.size() == 100);
  CHECK(resolved.variable("v0").name == "v0");
  CHECK(resolved.variable("v99").name == "v99");
  CHECK(resolved.scope().find("v100") == nullptr);
  CHECK(resolved.returned() == "set");
}

// --- the same, as scripts see it ---

TEST_CASE("a variable that is not set yet leaves the name to what is further out", "[resolver]") {
  CHECK(run_script("x = 'global'  function f(p) if p then var x = 'local' end  return x end  print(f(false), f(true))")
            .out == "global local\n");
  CHECK(run_script("function f() print(type(len))  var len = 3  return len end  print(f())").out == "function\n3\n");
}

TEST_CASE("a bare name in a method is a property of the receiver unless it is a local", "[resolver]") {
  CHECK(run_script("x = 'global'  o = {x = 'property', get = function() return x end, own = function(x) return x end}\n"
                   "f = o.get  print(o.get(), o.own('local'), f())")
            .out == "property local global\n");
}

TEST_CASE("a named argument that is no parameter is a local of the call", "[resolver]") {
  CHECK(run_script("x = 'global'  function f() return x end  print(f(x = 'extra'), f())").out == "extra global\n");
}

TEST_CASE("constructor arguments see each other, function arguments do not", "[resolver]") {
  CHECK(run_script("a = 'outer'  p = {a = 1, b = 2}  print(p(a = 'new', b = a))\n"
                   "function f(a, b) return b end  print(f(a = 'new', b = a))")
            .out == "{a=\"new\", b=\"new\"}\nouter\n");
}

TEST_CASE("each execution of a loop has variables of its own, its turns share them", "[resolver]") {
  CHECK(run_script("fs = []  for r = 1, 2 do for i = 1, 3 do push(fs, function() return i end) end end\n"
                   "print(map(fs, function(f) return f() end))")
            .out == "[3, 3, 3, 3, 3, 3]\n");
}

TEST_CASE("a default sees neither the parameters nor the receiver", "[resolver]") {
  CHECK(run_script("x = 'global'  o = {x = 'property', f = function(x = 1, y = x) return y end}  print(o.f(2))").out ==
        "global\n");
}

TEST_CASE("a default that drops the function it belongs to does no harm", "[resolver]") {
  CHECK(run_script("function drop() f = nil  return [1] end\n"
                   "function f(a = drop(), b = [drop()], c = drop()) return [a, b, c] end  print(f())")
            .out == "[[1], [[1]], [1]]\n");
}

}  // namespace
