// Every allocation of a script fails once: each time the script ends with a catchable error, or caught it, nothing
// leaks, and the instance works on.
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/unit/execution/script_runner.hpp"

namespace {

using namespace duso::test;
using duso::execution::PendingKind;

struct Script {
  std::string_view name;
  std::string_view text;
};

constexpr Script kScripts[] = {
    {"variables and arithmetic", R"(
        a = 1  b = "x" + a  b += a  b = b + a + "y"  a += 2  a++  ++a
        function f(p, q = "d" + b) var r = p  r = r + q  r += 1  r++  return -a + r end
        try f("x") catch (e) c = e.message + e.stack end
        if a > 1 and not (b == "z") or nil then c = a < 5 ? b : a % 2 end
        c = 1e300 + "" + true)"},
    {"closures", R"(
        function make(n)
          var total = n
          function add(x) total = total + x  return self end
          return {add = add, get = function() return total + "" end, each = function(f) for i = 1, 3 do f(function() return i end) end end}
        end
        m = make("a")  m.add("b")  m.get()  m.each(function(g) total = g() end)
        keep = [make(1), make(make(2))])"},
    {"arrays", R"(
        a = [1, [2, "3"], {b = 4}]  push(a, 5, a)  unshift(a, "0", {x = 1})  pop(a)  shift(a)
        for x in a do push(a, x)  a[0] = "" + a[0]  shift(a) end
        b = [9](a, 8)  b[20] = "end"  a[1] += 1)"},
    {"objects", R"(
        o = {a = 1, ["b" + 1] = [2], a = 3}
        for i = 1, 80 do o["key" + i] = i  o.last = "v" + i end
        p = o(a = "new", extra = o)  p.x = 1  p["y"] = {z = 2}  p.y.z += 5  p.s = "a"  p.s += "b"
        for k in p do p[k + "2"] = k end
        q = keys(p)  r = values(o)  s = deep_copy({p = p, me = [p]}))"},
    {"methods", R"(
        Counter = {count = 0, name = "n", up = function(by = 1) count = count + by  name += "!"  return self end,
                   show = function() return "{{name}}={{count}}" end}
        c = Counter(name = "c")  c.up().up(by = 2).show()  c.later = function(f) return f(g = name) end
        c.later(function(x) return x end))"},
    {"errors", R"(
        function deep(n) if n == 0 then throw({code = [n]}) end  return deep(n - 1) + 1 end
        try deep(5) catch (e) x = e.message  y = e.stack  try throw(e) catch (f) z = [f.message, f.stack] end end
        try nope.x() catch (e) x = e end  try [][1] = x + nil catch (e) x = "{{e}}" end
        assert(true, "never")  try assert(false, "always") catch (e) y = e end)"},
    {"templates", R"(
        a = [1, {b = "c"}]  s = "{{a}} and {{nope}} and {{len(a) + '{{a[1].b}}'}}"
        t = template(raw "{{x}} {{y.z + 1}} {{map([1], function(n) return n end)}}")
        u = t(x = a, y = {z = 2})  try template(raw "{{")() catch (e) v = e.message end)"},
    {"callbacks", R"(
        a = map([3, 1, 2], function(n) return [n, "t" + n] end)
        b = sort(a, function(p, q) return p[0] < q[0] end)  c = sort(["b", 1, [2]])
        d = filter(a, function(p) return p[0] > 1 end)  e = reduce(d, function(s, p) return s + p[1] end, "")
        f = replace("a1b22", ~\d+~, function(m, p, l) return "<" + m + l + ">" end)
        try map([1], function() throw("inner") end) catch (x) h = x.message end)"},
    {"text", R"(
        s = repeat("aé,", 20)  p = split(s, ",")  q = join(p, "; ") + join([1, nil, [2]], "-")
        r = [upper(s), lower(s), trim("  x "), substr(s, 1, 5), pad_left("x", 30, "é"), pad_right(7, 9), escape_html("<&>")]
        f = find(s, "é") t = find("a1b2", ~([a-z])(\d)~)  u = replace(s, "a", "bb") + replace("ab", ~(a)(b)~, "$2$1")
        v = [contains(s, "A", true), starts_with(s, ~a~), ends_with(s, ","), toregex("x+"), tostring(p), tonumber("12")])"},
    {"code", R"du(
        c = parse("print(1)", {by = ["me"]})  d = c.source + c.metadata.by  e = parse("1 +")  f = "{{c}} {{e.message}}"
        g = [type(c), sys("-x"), env("HOME"), random(), fibonacci(10), max(1, 2)]
        while true do if g then break end end  for i = 10, 1, -3 do h = [i]  continue end)du"},
};

TEST_CASE("every allocation of a script may fail", "[limits][failure]") {
  for (const Script& script : kScripts) {
    INFO(std::string(script.name));
    const std::string guarded = "try\n" + std::string(script.text) + "\ncatch (e)\n  caught = e\nend";
    for (const std::string& text : {std::string(script.text), guarded}) {
      ScriptRunner duso;
      const ScriptResult undisturbed = duso.run(text);
      CHECK(undisturbed.error == "");
      CHECK(duso.left_behind() == 0);
      const std::size_t allocations = duso.heap().counters().allocations;
      REQUIRE(allocations > 10);
      REQUIRE(allocations < 20'000);
      for (std::size_t n = 1; n <= allocations; ++n) {
        duso.heap().fail_allocation(n);
        const ScriptResult result = duso.run(text);
        duso.heap().fail_allocation(0);
        const bool ended_well = result.ended == PendingKind::kNone || result.ended == PendingKind::kError;
        const bool says_why = result.error.empty() || result.error.find("out of memory") != std::string::npos;
        const std::size_t left = duso.left_behind();
        if (!ended_well || !says_why || left != 0) {
          FAIL("allocation " << n << ": " << result.error << ", left behind: " << left);
        }
      }
      CHECK(duso.run("print(len([1, 2]))").out == "2\n");
    }
  }
}

}  // namespace
