// Which garbage of scripts is in cycles, and that all of it is reclaimed.
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/unit/execution/script_runner.hpp"

namespace {

using namespace duso::test;

// The objects and buffers that [text], run once more in an instance that ran it before, adds for good.
std::size_t growth(std::string_view text) {
  ScriptRunner duso({.collect_cycles = false});
  REQUIRE(duso.run(text).error == "");
  CHECK(duso.left_behind() == 0);
  REQUIRE(duso.run(text).error == "");
  return duso.left_behind();
}

TEST_CASE("cycles through data are reclaimed", "[collection]") {
  CHECK(growth("a = []  push(a, a)  o = {}  o.me = o  o.list = [o, a]") == 0);
  CHECK(growth("for i = 1, 100 do p = {children = []}  c = {parent = p}  push(p.children, c) end") == 0);
  CHECK(growth("o = {}  for i = 1, 100 do o['k' + i] = o end") == 0);
  CHECK(growth("try throw([1]) catch (e) a = [e]  push(a, a)  x = e end") == 0);
}

TEST_CASE("cycles through closures are reclaimed", "[collection]") {
  CHECK(growth("function f() function g() return g end return g end  x = f()  x = nil") == 0);
  CHECK(growth("function f() var o = {}  o.get = function() return o end  return o end  for i = 1, 50 do f() end") ==
        0);
  CHECK(growth("a = []  for i = 1, 10 do push(a, function() return a + i end) end") == 0);
  CHECK(growth("try throw(1) catch (e) x = function() return e end  y = [x]  push(y, y) end") == 0);
}

TEST_CASE("cycles through methods are reclaimed", "[collection]") {
  CHECK(growth("o = {n = 1, make = function() return function() return n end end}  o.back = o.make()") == 0);
  CHECK(growth("o = {init = function(x) me = self  all = [self, x]  return self end, me = nil, all = nil}\n"
               "for i = 1, 20 do p = o()  p.init(p) end") == 0);
}

TEST_CASE("cycles through extra locals and argument scopes are reclaimed", "[collection]") {
  CHECK(growth("function f() return function() return extra end end  o = {}  o.f = f(extra = o)") == 0);
  CHECK(growth("p = {a = nil, get = nil}  q = p(a = p, get = function() return a end)  p.a = q") == 0);
}

TEST_CASE("templates and code values are reclaimed", "[collection]") {
  CHECK(growth("t = template(raw '{{x}}')  o = {t = t}  o.o = o  y = t(x = o)") == 0);
  CHECK(growth("c = parse('1', {a = [1]})  a = [c]  push(a, a)") == 0);
  CHECK(growth("t = template(raw '{{map([1], function(n) return [n] end)}}')  x = t()") == 0);
}

TEST_CASE("an automatic collection frees cycles while the script runs", "[collection]") {
  ScriptRunner duso({.gc_threshold = 100});
  REQUIRE(duso.run("for i = 1, 100000 do o = {}  o.me = o end").error == "");
  CHECK(duso.heap().counters().peak_bytes < 1_MiB);
  CHECK(duso.heap().collector_stats().collections > 10);
}

TEST_CASE("a call without closures makes no environment, and no garbage for the collector", "[collection]") {
  ScriptRunner duso({.gc_threshold = 100});
  REQUIRE(duso.run("function f(a, b) var c = a + b  for i = 1, 3 do c = c + i end  return [c, {d = c}] end\n"
                   "for i = 1, 10000 do f(i, i) end")
              .error == "");
  CHECK(duso.heap().collector_stats().collections == 0);
}

}  // namespace
