// How processes of one program tell each other something: a row of fields.
//
// A field is a text with its length in front, "5:hello"; numbers are texts too. There is no need to escape anything,
// and a row that was cut off, because its writer was gone, ends with the last whole field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace duso::cli {

class FieldWriter {
 public:
  FieldWriter& add(std::string_view text);
  FieldWriter& add(std::uint64_t number) { return add(std::to_string(number)); }
  const std::string& fields() const { return fields_; }

 private:
  std::string fields_;
};

class FieldReader {
 public:
  // [fields] must stay as long as this and what it returns.
  explicit FieldReader(std::string_view fields) : rest_(fields) {}

  // The next field; nothing when there is no whole one left.
  std::optional<std::string_view> next();
  // The next field as a text, empty if there is none, or as a number, 0 if there is none.
  std::string text() { return std::string(next().value_or("")); }
  std::uint64_t number();

  // What was not read yet.
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace duso::cli
