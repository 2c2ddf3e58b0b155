// What the builtins for data formats leave behind when memory runs out in the middle of their work: nothing.
#include <initializer_list>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "runtime/memory/heap_limit.hpp"
#include "stdlib/builtins/json_builder.hpp"
#include "stdlib/builtins/json_library.hpp"
#include "tests/unit/stdlib/test_instance.hpp"

using namespace duso;

namespace {

// Lets every allocation of [body] fail once, the first one, then the second one, and so on until none is left to fail.
template <class Body>
void check_failures(TestInstance& instance, const Body& body) {
  body();  // names and shapes outlive the instance
  const std::size_t live = instance.heap().counters().live();
  for (std::size_t n = 1;; ++n) {
    REQUIRE(n < 1000);
    instance.heap().fail_allocation(n);
    try {
      body();
      instance.heap().fail_allocation(0);
      return;
    } catch (const memory::HeapLimitReached&) {
      CAPTURE(n);
      CHECK(instance.heap().counters().live() == live);
    }
  }
}

const std::string kDocument =
    R"({"list":[1,"two",{"id":1,"tag":"x"},{"id":2,"tag":"y"}],"a name that is far too long to be kept for ever":"v",)"
    R"("list":{"":[],"escaped":"\u00e9"},"same":1,"same":2})";

}  // namespace

TEST_CASE("reading and writing give back what they took when an allocation fails", "[builtins]") {
  TestInstance instance;
  const std::initializer_list<std::pair<std::string_view, std::string_view>> calls = {
      {"parse_json", kDocument},
      {"parse_csv", "a,\"b\"\"c\"\nd,e\n"},
      {"parse_form", "a=1&a=2&a=3&b=%20&c"},
      {"decode_base64", "aGVsbG8="},
      {"encode_base64", "hello"},
      {"format_json", "long \"text\""},
      {"format_time", "1718454245"},
      {"parse_csv", "a,b\nc"},
      {"parse_form", "a=1&a=%zz"},
      {"parse_json", "[[1,\"x\",{\"a\":"},
  };
  for (const auto& [name, argument] : calls) {
    CAPTURE(name, argument);
    const Owned text = instance.string(argument);
    check_failures(instance, [&] {
      const Owned result = instance.call(name, {text.get()});
      if (result.get().is_raise()) instance.take_error();
    });
  }
}

TEST_CASE("so does the library's way of reading JSON", "[json]") {
  TestInstance instance;
  check_failures(instance, [&] {
    stdlib::JsonBuilder builder(instance.get());
    if (stdlib::read_with_simdjson(kDocument, 0, builder)) release(builder.take());
  });
}

TEST_CASE("and writing values back", "[json]") {
  TestInstance instance;
  const Owned text = instance.string(kDocument);
  const Owned value = instance.call("parse_json", {text.get()});
  REQUIRE(value.get().is_object());
  for (const std::string_view name : {"format_json", "format_form"}) {
    check_failures(instance, [&] {
      const Owned result = instance.call(name, {value.get()});
      if (result.get().is_raise()) instance.take_error();
    });
  }
}
