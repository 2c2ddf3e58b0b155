#include "stdlib/builtins/arguments.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "interpreter/values/text_form.hpp"
#include "interpreter/values/utf8.hpp"

namespace duso::stdlib {

using execution::Call;

namespace {

// The first double that 64 bits can not hold.
constexpr double kBeyond = 0x1p63;

constexpr std::array<std::string_view, 8> kOrdinals = {"first", "second", "third",   "fourth",
                                                       "fifth", "sixth",  "seventh", "eighth"};

void raise_missing(const Call& call, std::size_t index, std::string_view wording) {
  if (wording.empty()) {
    requires_declared(call, index);
  } else {
    call.requires_argument(wording);
  }
}

}  // namespace

String* required_string(const Call& call, std::size_t index, std::string_view wording) {
  const Value value = call.argument(index);
  if (value.is_string()) return value.string();
  raise_missing(call, index, wording);
  return nullptr;
}

Array* required_array(const Call& call, std::size_t index, std::string_view wording) {
  const Value value = call.argument(index);
  if (value.is_array()) return value.array();
  raise_missing(call, index, wording);
  return nullptr;
}

Object* required_object(const Call& call, std::size_t index, std::string_view wording) {
  const Value value = call.argument(index);
  if (value.is_object()) return value.object();
  raise_missing(call, index, wording);
  return nullptr;
}

std::optional<double> required_number(const Call& call, std::size_t index, std::string_view wording) {
  const Value value = call.argument(index);
  if (value.is_number()) return value.number();
  raise_missing(call, index, wording);
  return std::nullopt;
}

bool required_argument(const Call& call, std::size_t index, std::string_view wording) {
  if (call.has(index)) return true;
  call.requires_argument(wording);
  return false;
}

Value requires_declared(const Call& call, std::size_t index) {
  std::string what = type_phrase(call.spec().parameters.at(index).type);
  what += " as ";
  what += kOrdinals.at(index);
  what += " argument";
  return call.requires_argument(what);
}

std::int64_t to_count(double number) {
  if (std::isnan(number)) return 0;
  if (number >= kBeyond) return std::numeric_limits<std::int64_t>::max();
  if (number < -kBeyond) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(number);
}

Value result_too_large(const Call& call) { return call.raise(std::string(call.spec().name) + "() result too large"); }

DisplayText::DisplayText(Value value) {
  if (value.is_string()) {
    text_ = value.string()->view();
    is_ascii_ = value.string()->is_ascii();
    return;
  }
  append_display(converted_, value);
  text_ = converted_;
  is_ascii_ = utf8::is_ascii(text_);
}

}  // namespace duso::stdlib
