// What the fuzz targets of single builtins share: an instance to call them in, and the demand that their errors say who
// raised them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <string_view>

#include "tests/unit/stdlib/test_instance.hpp"

namespace duso::fuzz {

inline void expect(bool holds) {
  if (!holds) std::abort();
}

// One instance for all inputs, as in a server: what an input leaves behind in a cache must not harm the next one.
inline TestInstance& instance() {
  static TestInstance instance;
  return instance;
}

// What the builtin [name] returns; unset when it raises an error, which must then begin with its name.
inline Owned call(std::string_view name, std::initializer_list<Value> arguments) {
  Owned result = instance().call(name, arguments);
  if (!result.get().is_raise()) return result;
  const std::string error = instance().take_error();
  expect(error.starts_with(std::string(name) + "() "));
  result.take();
  return Owned(Value::unset());
}

inline std::string text_of(const Owned& value) { return display_text(value.get()); }

// The input of a target as text; the fuzzer's null pointer for an empty one is none.
inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return size != 0 ? std::string_view(reinterpret_cast<const char*>(data), size) : "";
}

// Takes the first line off [text], without its end.
inline std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text = end == std::string_view::npos ? "" : text.substr(end + 1);
  return line;
}

}  // namespace duso::fuzz
