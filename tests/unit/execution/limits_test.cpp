// What happens at the limits of an instance: heap, stack, call depth, and work.
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "tests/unit/execution/script_runner.hpp"

namespace {

using namespace duso::test;
using duso::execution::PendingKind;

TEST_CASE("a script over its heap limit gets a catchable error and goes on", "[limits]") {
  const ScriptResult duso = run_script(R"(
      try
        a = []
        while true do push(a, "0123456789" + len(a)) end
      catch (e)
        a = nil
        print(e.message)
        print(split(e.stack, "\n")[0])
      end
      b = []
      for i = 1, 1000 do push(b, "text " + i) end
      print(len(b))
  )",
                                       {.max_heap = 1_MiB});
  CHECK(duso.out ==
        "out of memory: heap limit of 1 MB reached\n"
        "test.du:4:27: out of memory: heap limit of 1 MB reached\n"
        "1000\n");
  CHECK(duso.error.empty());
  CHECK(duso.status == 0);
}

TEST_CASE("the message names the limit in the largest fitting unit", "[limits]") {
  const auto message_at = [](std::size_t limit) {
    return run_script(R"(try x = repeat("x", 1e9) catch (e) print(e.message) end)", {.max_heap = limit}).out;
  };
  CHECK(message_at(100_KiB) == "out of memory: heap limit of 100 KB reached\n");
  CHECK(message_at(1_MiB + 512_KiB) == "out of memory: heap limit of 1.5 MB reached\n");
  CHECK(message_at(16_MiB) == "out of memory: heap limit of 16 MB reached\n");
}

TEST_CASE("an uncaught heap limit error ends the script like any error", "[limits]") {
  ScriptRunner duso({.max_heap = 256_KiB});
  const ScriptResult result = duso.run("a = []\nwhile true do push(a, [a]) end");
  CHECK(result.error_line() == "test.du:2:23: out of memory: heap limit of 256 KB reached");
  CHECK(result.status == 1);
  CHECK(duso.left_behind() == 0);
  CHECK(duso.run("print(1 + 1)").out == "2\n");
}

TEST_CASE("what fails for lack of memory has no partial effect", "[limits]") {
  const ScriptResult duso = run_script(R"(
      s = repeat("x", 100000)
      a = range(1, 10000)
      o = {s = s}
      size = len(a)
      try s = s + repeat("y", 400000) catch (e) print("assign", len(s)) end
      try s += repeat("y", 400000) catch (e) print("append", len(s)) end
      try o.s += repeat("y", 400000) catch (e) print("property", len(o.s)) end
      try unshift(a, repeat("y", 1000000)) catch (e) print("unshift", len(a) == size, a[0]) end
      try o["k"] = repeat("y", 1000000) catch (e) print("key", keys(o)) end
  )",
                                       {.max_heap = 512_KiB});
  CHECK(duso.out == "assign 100000\nappend 100000\nproperty 100000\nunshift true 1\nkey [\"s\"]\n");
}

TEST_CASE("garbage in cycles does not count against the limit", "[limits]") {
  const ScriptResult duso = run_script(R"(
      for i = 1, 20000 do
        o = {text = "0123456789"}
        o.me = o
      end
      print("done")
  )",
                                       {.max_heap = 256_KiB, .gc_threshold = 1'000'000});
  CHECK(duso.out == "done\n");
}

TEST_CASE("a text that shares its parts without end is refused before it is written", "[limits]") {
  const ScriptResult duso = run_script(R"(
      a = ["x"]
      for i = 1, 60 do a = [a, a] end
      try print(a) catch (e) print(e.message) end
      try x = "{{a}}" catch (e) print(e.message) end
  )",
                                       {.max_heap = 1_MiB});
  CHECK(duso.out == "out of memory: heap limit of 1 MB reached\nout of memory: heap limit of 1 MB reached\n");
}

TEST_CASE("runaway recursion names the stack limit and keeps both ends of the trace", "[limits][stack]") {
  const ScriptResult duso = run_script("function f(n)\n  return f(n + 1)\nend\nf(0)\n", {.stack_size = 4_MiB});
  CHECK(duso.error_line() == "test.du:2:11: stack overflow");
  CHECK(duso.status == 1);
  std::size_t lines = 0;
  for (const char c : duso.error) lines += c == '\n' ? 1 : 0;
  CHECK(lines == 2 + 20 + 1 + 5 + 1);
  CHECK(duso.error.find("\n  at f (test.du:2:11)\n  ... ") != std::string::npos);
  CHECK(duso.error.find(" frames left out\n  at f (test.du:2:11)") != std::string::npos);
  const std::string end = "  at f (test.du:4:2)\n  limit: 4 MB of script stack";
  CHECK(duso.error.ends_with(end));
}

TEST_CASE("the call depth limit counts nested calls exactly", "[limits][stack]") {
  const ScriptLimits limits{.max_call_depth = 100};
  const std::string count = "function f(n) return n == 0 ? 0 : 1 + f(n - 1) end\n";
  CHECK(run_script(count + "print(f(99))", limits).out == "99\n");
  const ScriptResult duso = run_script(count + "f(100)", limits);
  CHECK(duso.error_line() == "test.du:1:40: stack overflow");
  CHECK(duso.error.ends_with("\n  limit: 100 nested calls"));
}

TEST_CASE("after a stack overflow the full stack is there again", "[limits][stack]") {
  const ScriptResult duso = run_script(R"(
      function f(n) return n == 0 ? 0 : 1 + f(n - 1) end
      for i = 1, 3 do
        try f(1e9) catch (e) print(e.message) end
        print(f(3000))
      end
  )",
                                       {.stack_size = 16_MiB});
  const std::string once = "stack overflow\n3000\n";
  CHECK(duso.out == once + once + once);
}

TEST_CASE("a stack overflow keeps its message through the callbacks it passes", "[limits][stack]") {
  const ScriptResult duso = run_script(R"(
      function f(n) return map([n], f) end
      try f(1) catch (e) print(e.message) end
  )",
                                       {.stack_size = 4_MiB});
  CHECK(duso.out == "stack overflow\n");
}

TEST_CASE("an error that passes a thousand callbacks has a text of bounded size", "[limits]") {
  const ScriptResult duso = run_script(R"(
      function f(n) if n == 0 then throw("bottom") end  return map([n - 1], f) end
      try f(1000) catch (e) print(len(e.message) < 200000, contains(e.message, "bottom")) end
  )");
  CHECK(duso.out == "true true\n");
}

TEST_CASE("a function with very many variables gets the stack it needs, or none", "[limits][stack]") {
  std::string script = "function f(deep)\n";
  for (int i = 0; i < 100'000; ++i) script += "var v" + std::to_string(i) + " = 1\n";
  script += "return deep == 0 ? v99999 : f(deep - 1) end\ntry print(f(2)) catch (e) print(e.message) end";
  CHECK(run_script(script).out == "1\n");
  CHECK(run_script(script, {.stack_size = 1_MiB}).out == "stack overflow\n");
}

TEST_CASE("a high expression finds room wherever on the stack it is evaluated", "[limits][stack]") {
  std::string sum = "1";
  for (int i = 0; i < 400; ++i) sum = "(1 + " + sum + ")";
  std::string calls = "n";
  for (int i = 0; i < 400; ++i) calls = "id(" + calls + ")";
  const ScriptResult duso = run_script(
      "function id(n) return n end\n"
      "function high(n) return " +
      sum + " + " + calls +
      " end\n"
      "function walk(n) if n == 0 then return high(0) end return walk(n - 1) end\n"
      "for n = 0, 1200, 7 do if walk(n) != 401 then print(n) end end print(\"done\")");
  CHECK(duso.out == "done\n");
}

TEST_CASE("a program that is nested too deeply for the stack fails to start", "[limits][stack]") {
  std::string sum = "1";
  for (int i = 0; i < 480; ++i) sum = "(1 + " + sum + ")";
  CHECK(run_script("print(" + sum + ")").out == "481\n");
  CHECK(run_script("print(" + sum + ")", {.stack_size = 300_KiB}).error ==
        "stack overflow\n  limit: 300 KB of script stack");
}

TEST_CASE("stop() ends a script that nothing else would end", "[limits]") {
  for (const char* script : {"while true do end", "while true do try while true do x = 1 end catch (e) end end",
                             "function f() return f end  while true do f() end",
                             "function f(n) if n > 0 then f(n - 1) f(n - 1) end end  try f(1000) catch (e) end",
                             "for i = 1, 1e15 do try throw(i) catch (e) continue end end"}) {
    ScriptRunner duso;
    std::thread stopper([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      duso.instance().stop();
    });
    const ScriptResult result = duso.run(script);
    stopper.join();
    CHECK(result.ended == PendingKind::kStopped);
    CHECK(duso.left_behind() == 0);
  }
}

TEST_CASE("a budget of safe points is exact", "[limits]") {
  ScriptRunner duso;
  duso.instance().stop_after(10);
  const ScriptResult result = duso.run("for i = 1, 100 do print(i) end");
  CHECK(result.out == "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n");
  CHECK(result.ended == PendingKind::kStopped);
}

}  // namespace
