#include "stdlib/builtins/native_modules.hpp"

#include <array>

#include <catch2/catch.hpp>

#include "interpreter/values/object.hpp"
#include "tests/unit/stdlib/test_instance.hpp"

using namespace duso;
using stdlib::NativeModule;

namespace {

int made = 0;

Value make_object(execution::Instance& instance) {
  ++made;
  return Value(new_object(instance.heap(), instance.engine().shapes()));
}

constexpr std::array kModules = {NativeModule{"tasks", true, make_object}, NativeModule{"http", false, make_object}};

}  // namespace

TEST_CASE("a native module has a reserved name, and some a short one", "[modules]") {
  CHECK(stdlib::find_reserved(kModules, "duso/tasks") == &kModules[0]);
  CHECK(stdlib::find_reserved(kModules, "duso/http") == &kModules[1]);
  CHECK(stdlib::find_reserved(kModules, "tasks") == nullptr);
  CHECK(stdlib::find_reserved(kModules, "duso/none") == nullptr);
  CHECK(stdlib::find_unshadowed(kModules, "tasks") == &kModules[0]);
  CHECK(stdlib::find_unshadowed(kModules, "http") == nullptr);
  CHECK(stdlib::find_unshadowed(kModules, "duso/tasks") == nullptr);
}

TEST_CASE("a native module is one object for as long as its instance", "[modules]") {
  TestInstance one;
  TestInstance other;
  made = 0;
  const Owned first(stdlib::native_module_object(one.get(), kModules[0]));
  const Owned again(stdlib::native_module_object(one.get(), kModules[0]));
  const Owned second(stdlib::native_module_object(one.get(), kModules[1]));
  const Owned elsewhere(stdlib::native_module_object(other.get(), kModules[0]));
  CHECK(first.get().object() == again.get().object());
  CHECK(first.get().object() != second.get().object());
  CHECK(first.get().object() != elsewhere.get().object());
  CHECK(made == 3);
}

TEST_CASE("an instance that is unloaded keeps no module", "[modules]") {
  TestInstance instance;
  release(stdlib::native_module_object(instance.get(), kModules[0]));
  instance.get().unload();
  CHECK(instance.heap().counters().live() == 0);
}
