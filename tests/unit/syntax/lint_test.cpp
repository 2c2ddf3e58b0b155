// The rules of the linter, one after the other: what each finds, and what it must not cry about.
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include <catch2/catch.hpp>

#include "interpreter/syntax/lint/linter.hpp"
#include "tests/unit/syntax/tree_text.hpp"

using duso::syntax::find_error;
using duso::syntax::Finding;
using duso::syntax::LintSurroundings;
using duso::syntax::ParseResult;
using duso::syntax::Severity;
using duso::syntax::Signature;
using duso::syntax::Source;
using duso::syntax::test::parse_text;

namespace {

LintSurroundings surroundings() {
  LintSurroundings known;
  known.builtins["print"] = {.reports_shadowing = true, .signature = Signature{.parameters = {}, .takes_more = true}};
  known.builtins["task"] = {
      .reports_shadowing = false,
      .signature = Signature{.parameters = {"fn"}, .takes_more = true, .takes_other_names = true}};
  known.builtins["len"] = {.reports_shadowing = true, .signature = Signature{.parameters = {"value"}}};
  known.builtins["map"] = {.reports_shadowing = true, .signature = Signature{.parameters = {"items", "function"}}};
  known.builtins["throw"] = {.reports_shadowing = true, .signature = {}};
  known.builtins["include"] = {.reports_shadowing = true, .signature = {}};
  return known;
}

// The findings about [text], as "LINE:COLUMN RULE: MESSAGE" in lines.
std::string findings(std::string_view text, const LintSurroundings& known = surroundings()) {
  std::string shown;
  for (const Finding& finding : lint(parse_text(text), known)) {
    if (!shown.empty()) shown += '\n';
    shown += std::to_string(finding.begin.line) + ':' + std::to_string(finding.begin.column) + ' ' +
             std::string(finding.rule) + ": " + finding.message;
  }
  return shown;
}

// The text from the beginning to the end of the only finding about [text].
std::string marked(std::string_view text) {
  const auto found = lint(parse_text(text), surroundings());
  if (found.size() != 1) return std::to_string(found.size()) + " findings";
  const Source source("t.du", std::string(text));
  const std::uint32_t begin = source.offset_at(found.front().begin);
  return std::string(text.substr(begin, source.offset_at(found.front().end) - begin));
}

}  // namespace

TEST_CASE("a program without mistakes gets no findings", "[lint]") {
  CHECK(findings("").empty());
  CHECK(findings("x = 1\nprint(x)").empty());
  CHECK(findings("function f(a, unused)\n  return a\nend\nprint(f(1, unused = 2))").empty());
}

TEST_CASE("findings are sorted by place and message", "[lint]") {
  CHECK(findings("b = 1\na = missing\nfunction f()\n  z = 1\nend") ==
        "1:1 unused-variable: unused variable: b\n"
        "2:1 unused-variable: unused variable: a\n"
        "2:5 undefined: undefined variable: missing\n"
        "3:1 unused-function: unused function: f\n"
        "4:3 unused-variable: unused variable: z");
}

TEST_CASE("shadow-builtin: a top-level name that hides a builtin", "[lint]") {
  CHECK(findings("print = 5\nprint()") == "1:1 shadow-builtin: 'print' shadows a builtin function");
  CHECK(findings("function len(x)\n  return x\nend\nprint(len(1))") ==
        "1:1 shadow-builtin: 'len' shadows a builtin function");
  CHECK(findings("if print then len = 3 end print(len)") == "1:15 shadow-builtin: 'len' shadows a builtin function");
  // Of the names that were added later a script that has its own is told nothing.
  CHECK(findings("task = 5\nprint(task)").empty());
  CHECK(findings("function f(len)\n  var print = len\n  return print\nend\nf(1)").empty());
}

TEST_CASE("unreachable: statements behind one that always leaves", "[lint]") {
  CHECK(findings("function f()\n  return 1\n  print(2)\n  print(3)\nend\nf()") ==
        "3:8 unreachable: unreachable code\n4:8 unreachable: unreachable code");
  CHECK(findings("for i = 1, 3 do\n  break\n  print(i)\nend") == "3:8 unreachable: unreachable code");
  CHECK(findings("for i = 1, 3 do if i then continue else break end x = i end print(x)") ==
        "1:51 unreachable: unreachable code");
  CHECK(findings("for i = 1, 3 do if i then break end print(i) end").empty());
  CHECK(findings("function f()\n  while true do print(1) end\n  print(2)\nend\nf()").empty());
  CHECK(findings("function f()\n  try return catch (e) return end\n  print(2)\nend\nf()").empty());
}

TEST_CASE("what cannot be reached uses nothing, and defines at the top level only", "[lint]") {
  CHECK(findings("x = 1\nif x then return 1 else return 2 end\nt = 1") ==
        "3:1 unreachable: unreachable code\n3:1 unused-variable: unused variable: t");
  CHECK(findings("function f()\n  return 1\n  t = missing\nend\nprint(f())") == "3:3 unreachable: unreachable code");
}

TEST_CASE("undefined: a name that nothing defines", "[lint]") {
  CHECK(findings("missing(1)") == "1:1 undefined: undefined variable: missing");
  CHECK(findings("print(\"a {{gone}}\")") == "1:12 undefined: undefined variable: gone");
  CHECK(findings("missing += 1") == "1:1 undefined: undefined variable: missing");
  CHECK(findings("for i = 1, 3 do var t = i print(t) end\nprint(t, i)") ==
        "2:7 undefined: undefined variable: t\n2:10 undefined: undefined variable: i");
  CHECK(findings("try print(1) catch (e) print(e) end print(e)") == "1:43 undefined: undefined variable: e");
  CHECK(findings("function f(a)\n  return a\nend\nprint(f(1), a)") == "4:13 undefined: undefined variable: a");
  CHECK(findings("function f(a, b = a)\n  return a + b\nend\nprint(f(1))") == "1:19 undefined: undefined variable: a");
}

TEST_CASE("a definition may stand below its use, and in a function", "[lint]") {
  CHECK(findings("function f()\n  return later\nend\nlater = 1\nprint(f())").empty());
  CHECK(findings("print(f())\nfunction f()\n  return 1\nend").empty());
  CHECK(findings("function set()\n  shared = 1\nend\nset()\nprint(shared)").empty());
  CHECK(findings("function f()\n  if task then var x = 1 end\n  print(x)\nend\nf()").empty());
}

TEST_CASE("names of properties and of arguments are not looked up", "[lint]") {
  CHECK(findings("o = {a = 1}\nprint(o.b, o(c = 2), print(d = 3))") ==
        "2:28 unknown-named-argument: unknown named argument: print has no parameter 'd'");
  CHECK(findings("print(self)").empty());
}

TEST_CASE("in a method, the names of properties are defined", "[lint]") {
  CHECK(findings("Account = {balance = 0, add = function(n) balance += n return balance end}\nprint(Account)").empty());
  CHECK(findings("Account = {balance = 0}\nprint(Account(show = function() return balance end))").empty());
  CHECK(findings("o = {n = 1}\no.next = function() n = n + 1 return helper() end\no.helper = 1\nprint(o)").empty());
  // Elsewhere they are not, and a name that is nobody's property is found.
  CHECK(findings("o = {n = 1}\nprint(o, n)") == "2:10 undefined: undefined variable: n");
  CHECK(findings("o = {n = 1, f = function() return m end}\nprint(o)") == "1:35 undefined: undefined variable: m");
}

TEST_CASE("the named arguments of an object's call see each other", "[lint]") {
  CHECK(findings("P = {}\nprint(P(a = 1, b = a))").empty());
  CHECK(findings("function f(a, b)\n  return a + b\nend\nprint(f(a = 1, b = a))") ==
        "4:20 undefined: undefined variable: a");
}

TEST_CASE("included files define names, and use them", "[lint]") {
  LintSurroundings known = surroundings();
  const std::unordered_map<std::string_view, std::string_view> files{
      {"a.du", "from_a = 1\nprint(needed)\ninclude(\"b.du\")"}, {"b.du", "from_b = from_a\ninclude(\"a.du\")"}};
  known.included = [&](const Source&, std::string_view name) {
    const auto file = files.find(name);
    if (file == files.end()) return std::shared_ptr<const duso::syntax::Program>();
    return duso::syntax::parse(std::make_shared<const Source>(std::string(name), std::string(file->second))).program;
  };
  CHECK(findings("needed = 1\ninclude(\"a.du\")\nprint(from_a, from_b)", known).empty());
  CHECK(findings("include(\"a.du\")\nprint(from_c)", known) == "2:7 undefined: undefined variable: from_c");
  CHECK(findings("include(\"nowhere.du\")\nprint(from_a)", known) == "2:7 undefined: undefined variable: from_a");
  CHECK(findings("name = \"a.du\"\ninclude(name)\nprint(from_a)", known) ==
        "3:7 undefined: undefined variable: from_a");
}

TEST_CASE("unused-variable: a variable that is never read", "[lint]") {
  CHECK(findings("x = 1\nx = 2") == "1:1 unused-variable: unused variable: x");
  CHECK(findings("function f()\n  var x = 1\nend\nf()") == "2:3 unused-variable: unused variable: x");
  CHECK(findings("g = function(z) return z end") == "1:1 unused-variable: unused variable: g");
  CHECK(marked("var count = 1") == "var count");
  // Reads are: steps, compound assignments, template strings, uses in other functions.
  CHECK(findings("a = 1 a++\nb = 1 b += 1\nc = 1 print(\"{{c}}\")\nd = 1 print(function() return d end)").empty());
  // Parameters, loop and catch variables, and what is first assigned in a loop or a catch, may be there for show.
  CHECK(findings("for i = 1, 3 do x = i end\nwhile task do y = 1 end\ntry print() catch (e) z = 1 end").empty());
  CHECK(findings("x = 0\nfor i = 1, 3 do x = i end") == "1:1 unused-variable: unused variable: x");
}

TEST_CASE("unused-function: a function that is never mentioned", "[lint]") {
  CHECK(findings("function f()\n  return 1\nend") == "1:1 unused-function: unused function: f");
  CHECK(marked("function f()\n  return 1\nend") == "function f");
  CHECK(findings("function f(n)\n  return f(n - 1)\nend").empty());
  CHECK(findings("function f()\n  return 1\nend\nprint({f = f})").empty());
  LintSurroundings known = surroundings();
  known.is_entry_point = [](const Source&, std::string_view name) { return name == "test_it"; };
  CHECK(findings("function test_it()\n  print(1)\nend\nfunction other()\n  print(1)\nend", known) ==
        "4:1 unused-function: unused function: other");
}

TEST_CASE("assign-in-condition: = where == was meant", "[lint]") {
  CHECK(findings("x = 1\nif x = 5 then print(x) end") ==
        "2:6 assign-in-condition: assignment in condition, did you mean '=='?\n2:6 parse: expected THEN, got =");
  CHECK(findings("while (x = 5) do print(x) end").starts_with("1:10 assign-in-condition: "));
  CHECK(findings("if x then y = = 5 end") == "1:15 parse: unexpected token =(\"=\") at 1:15");
  CHECK(findings("= 5") == "1:1 parse: unexpected token =(\"=\") at 1:1");
}

TEST_CASE("duplicate-key: a key that an object literal has twice", "[lint]") {
  CHECK(findings("print({a = 1, b = 2, a = 3})") == "1:22 duplicate-key: duplicate key: a");
  CHECK(findings("print({a = 1, \"a\" = 2, [\"a\"] = 3})") ==
        "1:15 duplicate-key: duplicate key: a\n1:24 duplicate-key: duplicate key: a");
  CHECK(findings("k = \"a\"\nprint({a = 1, [k] = 2, b = {a = 1}})").empty());
}

TEST_CASE("unknown-named-argument and too-many-arguments: calls that do not fit", "[lint]") {
  const std::string f = "function f(a, b)\n  return a + b\nend\n";
  CHECK(findings(f + "print(f(1, c = 2))") ==
        "4:12 unknown-named-argument: unknown named argument: f has no parameter 'c'");
  CHECK(findings(f + "print(f(1, 2, 3, 4))") ==
        "4:15 too-many-arguments: too many arguments: f takes 2 arguments, not 4");
  CHECK(marked(f + "print(f(1, 2, 3, 4))") == "3, 4");
  CHECK(findings("g = function() print(1) end\ng(1)") ==
        "2:3 too-many-arguments: too many arguments: g takes no arguments, not 1");
  CHECK(findings("print(len(1, 2))") == "1:14 too-many-arguments: too many arguments: len takes 1 argument, not 2");
  CHECK(findings("print(len(size = 1))") ==
        "1:11 unknown-named-argument: unknown named argument: len has no parameter 'size'");
  CHECK(findings("print(len(vaule = 1))") ==
        "1:11 unknown-named-argument: unknown named argument: len has no parameter 'vaule', did you mean 'value'?");
  CHECK(findings("print(1, 2, 3)\nthrow(1, 2, a = 3)").empty());
  CHECK(findings("task(print, 2, a = 3)").empty());
}

TEST_CASE("calls are checked only if it is certain what is called", "[lint]") {
  CHECK(findings("function f(a)\n  return a\nend\nif task then f = print end\nf(1, 2)").empty());
  CHECK(findings("function g(f)\n  return f(1, 2)\nend\nfunction f(a)\n  return a\nend\nprint(g(f))").empty());
  CHECK(findings("function f(a)\n  return a\nend\no = {f = 1, g = function() return f(1, 2) end}\nprint(o, f(1))")
            .empty());
  CHECK(findings("o = {a = 1}\nprint(o(b = 2))").empty());
}

TEST_CASE("constant-condition: a condition that never changes", "[lint]") {
  CHECK(findings("if true then print(1) end") == "1:4 constant-condition: constant condition: always true");
  CHECK(findings("print(nil ? 1 : 2)") == "1:7 constant-condition: constant condition: always false");
  CHECK(findings("while \"\" do print(1) end") == "1:7 constant-condition: constant condition: always false");
  CHECK(findings("if task then print(1) elseif not [] or task then print(2) end").empty());
  CHECK(findings("if 1 and not {} then print(1) end") == "1:4 constant-condition: constant condition: always true");
  CHECK(findings("while true do break end").empty());
  CHECK(marked("if (not false) then print(1) end") == "not false");
}

TEST_CASE("missing-return: a function that returns a value on some paths only", "[lint]") {
  const std::string_view message = " missing-return: missing return: only some paths return a value";
  const auto body = [](std::string_view text) {
    return findings("f = function(x)\n" + std::string(text) + "\nend\nprint(f(1))");
  };
  const std::string found = "1:5" + std::string(message);
  CHECK(body("if x then return 1 end") == found);
  CHECK(body("if x then return 1 end print(x)") == found);
  CHECK(body("if x then return 1 end return") == found);
  CHECK(body("if x then return 1 else print(x) end") == found);
  CHECK(body("for i in x do return i end") == found);
  CHECK(body("try return 1 catch (e) print(e) end") == found);
  CHECK(body("while true do if x then break end return 1 end") == found);
  CHECK(marked("function g(x)\n  if x then return 1 end\nend\ng(1)") == "function g");

  CHECK(body("print(x)").empty());
  CHECK(body("if x then return end print(x)").empty());
  CHECK(body("if x then return 1 end return 2").empty());
  CHECK(body("if x then return 1 end throw(2)").empty());
  CHECK(body("if x then return 1 end x + 1").empty());
  CHECK(body("if x then return 1 elseif task then throw(1) else return 2 end").empty());
  CHECK(body("try return 1 catch (e) return e end").empty());
  CHECK(body("while true do if x then return 1 end end").empty());
  CHECK(body("while true do for i in x do break end if x then return 1 end end").empty());
  CHECK(body("map(x, function(y) return y end)").empty());
  // A callback may have nothing to say; one with a name is a function like any other.
  CHECK(body("map(x, function(y) if y then return y end end)").empty());
}

TEST_CASE("self-assign: something assigned to itself", "[lint]") {
  CHECK(findings("x = 1\nx = x") == "2:1 self-assign: self-assignment: x");
  CHECK(findings("o = {}\no.a[1] = o.a[1]") == "2:1 self-assign: self-assignment: o.a[1]");
  CHECK(findings("o = {}\no[len(o)] = o[len(o)]\no.a = o.b").empty());
  CHECK(findings("x = 1\nfunction f()\n  var x = x\n  return x\nend\nprint(f(), {x = x})").empty());
}

TEST_CASE("lint-ignore silences a rule in its line, or in the next if it is alone", "[lint]") {
  CHECK(findings("x = 1 // lint-ignore unused-variable").empty());
  CHECK(findings("// lint-ignore unused-variable\nx = 1").empty());
  CHECK(findings("x = y // lint-ignore unused-variable, undefined").empty());
  CHECK(findings("// lint-ignore undefined\n  // lint-ignore unused-variable\nx = y").empty());
  CHECK(findings("x = 1 // lint-ignore unused-variable because it is kept for later").empty());
  CHECK(findings("x = 1 // lint-ignore undefined") == "1:1 unused-variable: unused variable: x");
  CHECK(findings("x = 1 // lint-ignore") == "1:1 unused-variable: unused variable: x");
  CHECK(findings("x = 1 // lint-ignored unused-variable") == "1:1 unused-variable: unused variable: x");
  CHECK(findings("x = 1 /* lint-ignore unused-variable */") == "1:1 unused-variable: unused variable: x");
  CHECK(findings("x = 1 // lint-ignore unused-variable\ny = 2") == "2:1 unused-variable: unused variable: y");
  CHECK(findings("x = ) // lint-ignore parse") == "1:5 parse: unexpected token )(\")\") at 1:5");
}

TEST_CASE("a program with an error gets the error and no other findings", "[lint]") {
  const ParseResult broken = parse_text("unused = 1\nif x then\n");
  const auto found = lint(broken, surroundings());
  REQUIRE(found.size() == 1);
  CHECK(found.front().severity == Severity::kError);
  CHECK(found.front().rule == "parse");
  CHECK(found.front().message == "expected END, got EOF");
  CHECK(find_error(broken).size() == 1);
  CHECK(find_error(parse_text("x = 1")).empty());
  CHECK(marked("x = then") == "then");
}
