// A JSON object in one line, for programs that read what a command says.
//
// Scripts have `format_json` for values that they made; a command knows its members when it is written, and their order
// is part of what it promises. So here a line grows member by member. How a text is put in quotes is the one thing that
// both need, and there is one way to do it.
#pragma once

#include <concepts>
#include <span>
#include <string>
#include <string_view>

#include "runtime/memory/heap.hpp"
#include "stdlib/builtins/text_buffer.hpp"

namespace duso::cli {

class JsonLine {
 public:
  // Each adds a member and returns the line itself.
  JsonLine& add(std::string_view name, std::string_view text);
  template <std::integral Number>
  JsonLine& add(std::string_view name, Number number) {
    return add_raw(name, std::to_string(number));
  }
  // A time in seconds, to the microsecond.
  JsonLine& add_seconds(std::string_view name, double seconds);
  // What is not known.
  JsonLine& add_null(std::string_view name) { return add_raw(name, "null"); }
  // An array of objects, each what `text` gave for it.
  JsonLine& add_array(std::string_view name, std::span<const std::string> objects);

  // The object, without a line end. The line takes no more members afterwards.
  std::string text();
  // The object and a line end.
  std::string finish() { return text() + '\n'; }

 private:
  void begin(std::string_view name);
  JsonLine& add_raw(std::string_view name, std::string_view json);

  memory::Heap heap_;  // what the text is charged to
  stdlib::TextBuffer text_{heap_};
  bool is_empty_ = true;
};

}  // namespace duso::cli
