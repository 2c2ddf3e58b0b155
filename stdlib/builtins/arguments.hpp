// What builtins ask of their arguments.
//
// A call arrives with its arguments bound to the declared parameters, but unchecked: the language lets a builtin decide
// what it makes of a wrong type. Nearly all of them decide one of two things, and both are here. A *required* argument
// of the wrong type, or none, raises `NAME() requires a TYPE as N-th argument`, worded from the declaration; the
// accessor then returns nothing, and the builtin returns `Value::raise()`:
//
//     const String* text = required_string(call, 0);
//     if (text == nullptr) return Value::raise();
//
// An *optional* argument of the wrong type counts as not given. A builtin whose message is worded differently passes
// its own wording; one with rules of its own reads `call.argument(index)` itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "interpreter/execution/builtin.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/string.hpp"

namespace duso::stdlib {

// The argument at [index] (from 0) if it has the type in the name, borrowed. Otherwise an error is pending: "NAME()
// requires WORDING", where an empty [wording] stands for the declared type and place: "a string as first argument".
String* required_string(const execution::Call& call, std::size_t index, std::string_view wording = {});
Array* required_array(const execution::Call& call, std::size_t index, std::string_view wording = {});
Object* required_object(const execution::Call& call, std::size_t index, std::string_view wording = {});
std::optional<double> required_number(const execution::Call& call, std::size_t index, std::string_view wording = {});

// Whether the argument at [index] was given at all, be it nil; if not, "NAME() requires WORDING" is pending.
bool required_argument(const execution::Call& call, std::size_t index, std::string_view wording = "an argument");

// The argument at [index] if it is of that type; what is not counts as not given.
inline bool optional_boolean(const execution::Call& call, std::size_t index, bool fallback) {
  const Value value = call.argument(index);
  return value.is_boolean() ? value.is_true() : fallback;
}
inline std::optional<double> optional_number(const execution::Call& call, std::size_t index) {
  const Value value = call.argument(index);
  return value.is_number() ? std::optional(value.number()) : std::nullopt;
}
inline const String* optional_string(const execution::Call& call, std::size_t index) {
  const Value value = call.argument(index);
  return value.is_string() ? value.string() : nullptr;
}

// Raises "NAME() requires a TYPE as N-th argument" for the parameter at [index] as it is declared.
Value requires_declared(const execution::Call& call, std::size_t index);

// [number] as a count or position: truncated toward zero, clamped to 64 bits; not-a-number counts as 0.
std::int64_t to_count(double number);

// Results above this size are refused before anything is built (builtins.md, Where we differ 3).
inline constexpr std::size_t kLargestText = std::size_t{1} << 30;

// Raises "NAME() result too large".
Value result_too_large(const execution::Call& call);

// The display form of a value, for builtins that take anything as text. A string is borrowed, not copied, so it must
// outlive this.
class DisplayText {
 public:
  explicit DisplayText(Value value);
  DisplayText(const DisplayText&) = delete;
  DisplayText& operator=(const DisplayText&) = delete;

  std::string_view view() const { return text_; }
  bool is_ascii() const { return is_ascii_; }

 private:
  std::string converted_;
  std::string_view text_;
  bool is_ascii_;
};

}  // namespace duso::stdlib
