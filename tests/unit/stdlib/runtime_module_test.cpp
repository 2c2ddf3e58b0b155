// The functions of the module `runtime` are declared as completely as builtins are.
#include <set>
#include <string_view>

#include <catch2/catch.hpp>

#include "stdlib/builtins/module_runtime.hpp"

using duso::execution::BuiltinSpec;
using namespace duso::stdlib;

TEST_CASE("every function of the module runtime is documented, and none is there twice", "[builtins]") {
  std::set<std::string_view> names;
  for (const ModuleFunctions group : {limit_functions(), reference_functions(), collector_functions(),
                                      profile_functions(), type_functions(), statistics_functions()}) {
    for (const BuiltinSpec& function : group) {
      CAPTURE(function.name);
      CHECK(names.insert(function.name).second);
      CHECK(function.function != nullptr);
      REQUIRE(function.summary != nullptr);
      CHECK(std::string_view(function.summary).ends_with('.'));
      REQUIRE(function.example != nullptr);
      const std::string_view example = function.example;
      CHECK(example.find(function.name) != std::string_view::npos);
      CHECK(example.find("require(\"runtime\")") != std::string_view::npos);
      CHECK(example.find("// ") != std::string_view::npos);
    }
  }
  for (const char* name :
       {"limits", "config", "refcount", "weak", "same", "gc", "should_collect", "gc_stats", "memory", "profile",
        "check_leaks", "leak_report", "profile_reset", "types", "type_info", "reflect", "stats", "instances"}) {
    CAPTURE(name);
    CHECK(names.contains(name));
  }
}
