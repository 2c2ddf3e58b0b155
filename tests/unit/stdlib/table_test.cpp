// Every builtin is declared completely: help, reference, completion and argument checks are read from the declarations.
#include "stdlib/builtins/table.hpp"

#include <set>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

using duso::execution::BuiltinSpec;
using duso::execution::Parameter;
using duso::stdlib::all_builtins;
using duso::stdlib::find_builtin;

namespace {

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz0123456789_";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

bool is_word(std::string_view text, std::string_view letters = kLower) {
  return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos;
}

}  // namespace

TEST_CASE("the table holds the builtins of all families", "[builtins]") {
  std::set<std::string_view> names;
  for (const BuiltinSpec* builtin : all_builtins()) names.insert(builtin->name);
  for (const char* name :
       {"push",          "deep_copy", "map",        "sort",    "floor",    "type",       "print",      "sys",
        "throw",         "split",     "find",       "toregex", "template", "parse_json", "format_csv", "parse_form",
        "encode_base64", "timestamp", "parse_time", "uuid",    "busy",     "load"}) {
    CAPTURE(name);
    CHECK(names.contains(name));
  }
}

TEST_CASE("no two builtins share a name", "[builtins]") {
  std::set<std::string_view> names;
  for (const BuiltinSpec* builtin : all_builtins()) {
    CAPTURE(builtin->name);
    CHECK(names.insert(builtin->name).second);
  }
}

TEST_CASE("every builtin says what it is and does", "[builtins]") {
  for (const BuiltinSpec* builtin : all_builtins()) {
    CAPTURE(builtin->name);
    const bool is_constant = builtin->function == nullptr;
    CHECK(is_word(builtin->name, is_constant ? kUpper : kLower));
    REQUIRE(builtin->summary != nullptr);
    const std::string_view summary = builtin->summary;
    REQUIRE_FALSE(summary.empty());
    CHECK(summary.ends_with('.'));
    CHECK(summary.find('\n') == std::string_view::npos);
  }
}

TEST_CASE("every builtin has an example that calls it and shows what it prints", "[builtins]") {
  for (const BuiltinSpec* builtin : all_builtins()) {
    CAPTURE(builtin->name);
    REQUIRE(builtin->example != nullptr);
    const std::string_view example = builtin->example;
    CHECK(example.find(builtin->name) != std::string_view::npos);
    CHECK(example.find("// ") != std::string_view::npos);
  }
}

TEST_CASE("parameters are named once each, and required ones come first", "[builtins]") {
  for (const BuiltinSpec* builtin : all_builtins()) {
    CAPTURE(builtin->name);
    std::set<std::string_view> names;
    bool optional_seen = false;
    for (const Parameter& parameter : builtin->parameters) {
      CAPTURE(parameter.name);
      CHECK(is_word(parameter.name));
      CHECK(names.insert(parameter.name).second);
      CHECK(parameter.type != duso::execution::Type::kNone);
      if (parameter.fallback != nullptr) {
        CHECK_FALSE(std::string_view(parameter.fallback).empty());
        optional_seen = true;
      } else {
        CHECK_FALSE(optional_seen);
      }
    }
    if (builtin->rest) {
      CHECK(is_word(builtin->rest->name));
      CHECK(builtin->rest->type != duso::execution::Type::kNone);
    }
  }
}

TEST_CASE("every builtin that needs an argument of some type says what it raises without", "[builtins]") {
  for (const BuiltinSpec* builtin : all_builtins()) {
    CAPTURE(builtin->name);
    const bool needs_any = !builtin->parameters.empty() && builtin->parameters.front().fallback == nullptr &&
                           builtin->parameters.front().type == duso::execution::Type::kAny;
    // parse() makes an error value of everything.
    if (builtin->least_arguments() > 0 && !needs_any && std::string_view(builtin->name) != "parse") {
      CHECK_FALSE(builtin->errors.empty());
    }
    for (const char* message : builtin->errors) {
      CHECK_FALSE(std::string_view(message).empty());
      CHECK(std::string_view(message).find('\n') == std::string_view::npos);
    }
  }
}

TEST_CASE("a declaration answers how many arguments a call needs and may have", "[builtins]") {
  const BuiltinSpec* find = find_builtin("find");
  REQUIRE(find != nullptr);
  CHECK(find->least_arguments() == 2);
  CHECK(find->most_arguments() == 3);
  const BuiltinSpec* print = find_builtin("print");
  CHECK(print->least_arguments() == 0);
  CHECK_FALSE(print->most_arguments().has_value());
  CHECK(find_builtin("push")->least_arguments() == 1);
  CHECK(find_builtin("max")->least_arguments() == 1);
  CHECK(find_builtin("pi")->most_arguments() == 0);
}

TEST_CASE("a declaration answers which parameter a name goes to", "[builtins]") {
  const BuiltinSpec* pad = find_builtin("pad_left");
  CHECK(pad->parameter_index("width") == 1);
  CHECK(pad->parameter_index("wdith") == pad->parameters.size());
  CHECK(find_builtin("push")->parameter_index("array") == 1);  // it is positional-only
}

TEST_CASE("a set of types is worded as a phrase", "[builtins]") {
  using duso::execution::Type;
  using duso::execution::type_phrase;
  CHECK(type_phrase(Type::kString) == "a string");
  CHECK(type_phrase(Type::kString | Type::kRegex) == "a string or a regex");
  CHECK(type_phrase(Type::kArray | Type::kObject | Type::kNil) == "an array, an object or nil");
  CHECK(type_phrase(Type::kAny) == "any value");
}
