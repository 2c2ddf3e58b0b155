// C++ exceptions of builtins: which are errors that a script can catch, and which end it.
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/execution/script_runner.hpp"

using namespace duso;
using execution::BuiltinSpec;
using execution::Call;
using execution::PendingKind;

namespace {

// The usual builtins, and some that throw.
std::vector<const BuiltinSpec*> throwing_builtins() {
  static const BuiltinSpec kThrowing[] = {
      {.name = "throw_runtime_error",
       .summary = "",
       .example = "",
       .function = [](Call&) -> Value { throw std::runtime_error("out of order"); }},
      {.name = "throw_number", .summary = "", .example = "", .function = [](Call&) -> Value { throw 42; }},
      {.name = "throw_bad_alloc",
       .summary = "",
       .example = "",
       .function = [](Call&) -> Value { throw std::bad_alloc(); }},
  };
  const auto usual = stdlib::all_builtins();
  std::vector<const BuiltinSpec*> all(usual.begin(), usual.end());
  for (const BuiltinSpec& spec : kThrowing) all.push_back(&spec);
  return all;
}

test::ScriptResult run(std::string_view text) {
  static const std::vector<const BuiltinSpec*> kBuiltins = throwing_builtins();
  return test::ScriptRunner({}, kBuiltins).run(text);
}

}  // namespace

TEST_CASE("an exception that no builtin may let out passes every catch block", "[panic]") {
  const test::ScriptResult result = run(R"(
    function work() throw_runtime_error() end
    print("before")
    try
      try work() catch (e) print("inner") end
    catch (e)
      print("outer")
    end
    print("after"))");
  CHECK(result.out == "before\n");
  CHECK(result.ended == PendingKind::kPanic);
  CHECK(result.error == "out of order");
}

TEST_CASE("whatever its type, and whoever called the builtin", "[panic]") {
  for (const char* text :
       {"try throw_number() catch (e) print(1) end", "try map([1], throw_number) catch (e) end",
        "try throw_number(n = 1) catch (e) end", "try print(throw_number(1, 2, 3, 4, 5, 6)) catch (e) end"}) {
    CAPTURE(text);
    const test::ScriptResult result = run(text);
    CHECK(result.ended == PendingKind::kPanic);
    CHECK(result.error == "exception of unknown type");
    CHECK(result.out.empty());
  }
}

TEST_CASE("a failed allocation stays an error", "[panic]") {
  const test::ScriptResult result = run(R"(
    try throw_bad_alloc() catch (e) print(e.message) end
    try map([1], throw_bad_alloc) catch (e) print(e.message) end)");
  CHECK(result.out == "out of memory: allocation failed\nerror in map function: out of memory: allocation failed\n");
  CHECK(result.ended == PendingKind::kNone);
}
