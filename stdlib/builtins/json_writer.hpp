// Values to JSON text.
//
// The text grows in one buffer. Containers that are being written stand on a stack of our own. The names of an object
// are written in the order of their bytes; what that order is, and how each name looks in quotes, is worked out once
// per shape and call, so a series of like objects costs neither sorting nor escaping of names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "interpreter/values/object.hpp"
#include "interpreter/values/shape.hpp"
#include "interpreter/values/value.hpp"
#include "stdlib/builtins/text_buffer.hpp"

namespace duso::stdlib {

class JsonWriter {
 public:
  // Appends to [out]. Each level is indented by [indent]; empty means everything on one line. Both must outlive this.
  JsonWriter(TextBuffer& out, std::string_view indent) : out_(out), indent_(indent) {}

  // Writes [value]. False when it has no JSON form; `problem` says why. May throw HeapLimitReached.
  bool write(Value value);
  const std::string& problem() const { return problem_; }

 private:
  // One property in the order of writing: where its value is and, in `names`, how its name looks with quotes and colon.
  struct Property {
    std::uint32_t index;
    std::uint32_t name_begin;
    std::uint32_t name_end;
  };
  struct Plan {
    std::vector<Property> properties;
    std::string names;
  };

  // A container that is being written.
  struct Frame {
    Value container;
    std::uint32_t next;
    Plan plan;         // of a dictionary
    const Plan* used;  // null for an array
  };

  bool begin(Value value);
  bool step();
  bool write_number(double number);
  void write_other(Value value);
  void end_container(char bracket, bool is_empty);
  void new_line();
  void fail(std::string problem) { problem_ = std::move(problem); }

  Plan make_plan(const Object* object) const;
  const Plan& plan_of(const Shape* shape, const Object* object);

  TextBuffer& out_;
  std::string_view indent_;
  std::vector<Frame> frames_;
  std::unordered_map<const Shape*, Plan> plans_;
  std::string problem_;
};

// Appends [text] to [out] as a JSON string, quotes included.
void append_json_string(TextBuffer& out, std::string_view text);

}  // namespace duso::stdlib
