#include "cli/json_line.hpp"

#include <cstdio>

#include "stdlib/builtins/json_writer.hpp"

namespace duso::cli {

void JsonLine::begin(std::string_view name) {
  text_.append(is_empty_ ? "{" : ",");
  is_empty_ = false;
  stdlib::append_json_string(text_, name);
  text_.append(":");
}

JsonLine& JsonLine::add(std::string_view name, std::string_view text) {
  begin(name);
  stdlib::append_json_string(text_, text);
  return *this;
}

JsonLine& JsonLine::add_raw(std::string_view name, std::string_view json) {
  begin(name);
  text_.append(json);
  return *this;
}

JsonLine& JsonLine::add_seconds(std::string_view name, double seconds) {
  char digits[64];
  std::snprintf(digits, sizeof digits, "%.6f", seconds);
  return add_raw(name, digits);
}

JsonLine& JsonLine::add_array(std::string_view name, std::span<const std::string> objects) {
  begin(name);
  text_.append("[");
  for (const std::string& object : objects) {
    if (&object != objects.data()) text_.append(",");
    text_.append(object);
  }
  text_.append("]");
  return *this;
}

std::string JsonLine::text() {
  text_.append(is_empty_ ? "{}" : "}");
  return std::string(text_.view());
}

}  // namespace duso::cli
