// Every builtin is declared completely: help, reference, completion and argument checks are read from the declarations.
#include "stdlib/builtins/table.hpp"

#include <cctype>
#include <set>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

using duso::execution::BuiltinSpec;
using duso::execution::Parameter;
using duso::stdlib::all_builtins;

namespace {

bool is_word(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (std::islower(static_cast<unsigned char>(c)) == 0 && std::isdigit(static_cast<unsigned char>(c)) == 0 &&
        c != '_') {
      return false;
    }
  }
  return true;
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
    CHECK(is_word(builtin->name));
    REQUIRE(builtin->summary != nullptr);
    const std::string_view summary = builtin->summary;
    REQUIRE_FALSE(summary.empty());
    CHECK(summary.ends_with('.'));
    CHECK(summary.find('\n') == std::string_view::npos);
    CHECK(builtin->function != nullptr);
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
    if (builtin->rest) CHECK(is_word(builtin->rest->name));
  }
}
