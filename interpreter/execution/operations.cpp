#include "interpreter/execution/operations.hpp"

#include <cmath>
#include <string>

#include "interpreter/values/arithmetic.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/number_text.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/opaque.hpp"
#include "interpreter/values/text_form.hpp"

namespace duso::execution {

namespace {

// An array may not be blown up by one stray index (language.md 18.21).
constexpr double kLargestGap = 1 << 27;

const char* verb(Arithmetic op) {
  switch (op) {
    case Arithmetic::kAdd:
      return "add";
    case Arithmetic::kSubtract:
      return "subtract";
    case Arithmetic::kMultiply:
      return "multiply";
    case Arithmetic::kDivide:
      return "divide";
    case Arithmetic::kModulo:
      return "modulo";
  }
  return "";
}

const char* compound_sign(Arithmetic op) {
  switch (op) {
    case Arithmetic::kAdd:
      return "+=";
    case Arithmetic::kSubtract:
      return "-=";
    case Arithmetic::kMultiply:
      return "*=";
    case Arithmetic::kDivide:
      return "/=";
    case Arithmetic::kModulo:
      return "%=";
  }
  return "";
}

Value raise_arithmetic_error(Frame& frame, Position position, Arithmetic op, Value left, Value right, bool compound) {
  std::string message;
  if (compound) {
    message = std::string("invalid operands for ") + compound_sign(op);
  } else if (op == Arithmetic::kAdd) {
    message = std::string("cannot add ") + error_type_name(left) + " and " + error_type_name(right);
  } else {
    message = std::string("cannot ") + verb(op) + " non-numbers";
  }
  return frame.instance->raise(frame, position, message);
}

// The bytes of [value] in concat form: of a string its own, otherwise of [buffer], which is filled.
std::string_view concat_view(Value value, std::string& buffer) {
  if (value.is_string()) return value.string()->view();
  append_concat(buffer, value);
  return buffer;
}

Value prepend(memory::Heap& heap, Value left, Value right) {
  std::string buffer;
  const std::string_view front = concat_view(left, buffer);
  const std::string_view back = right.string()->view();
  String* result = new_string_uninitialised(heap, front.size() + back.size());
  front.copy(result->data(), front.size());
  back.copy(result->data() + front.size(), back.size());
  finish_string(result);
  return Value(result);
}

bool ordered(Comparison op, double left, double right) {
  switch (op) {
    case Comparison::kLess:
      return left < right;
    case Comparison::kLessEqual:
      return left <= right;
    case Comparison::kGreater:
      return left > right;
    case Comparison::kGreaterEqual:
      return left >= right;
  }
  return false;
}

bool ordered(Comparison op, std::string_view left, std::string_view right) {
  const int order = left.compare(right);
  switch (op) {
    case Comparison::kLess:
      return order < 0;
    case Comparison::kLessEqual:
      return order <= 0;
    case Comparison::kGreater:
      return order > 0;
    case Comparison::kGreaterEqual:
      return order >= 0;
  }
  return false;
}

std::optional<double> as_ordered_number(Value value) {
  if (value.is_number()) return value.number();
  if (value.is_string()) return parse_entire_number(value.string()->view());
  return std::nullopt;
}

Value metadata_entry(Value metadata, const String* name) {
  if (!metadata.is_object()) return Value::nil();
  const Value* place = find_property(metadata.object(), name);
  return place != nullptr ? retain(*place) : Value::nil();
}

Value raise_text(Frame& frame, Position position, const char* before, const char* type) {
  return frame.instance->raise(frame, position, std::string(before) + type);
}

}  // namespace

Value concatenate(Frame& frame, Position position, Value text, Value right) {
  Owned left_guard(text);
  Owned right_guard(right);
  return guarded(frame, position, [&] {
    std::string buffer;
    const std::string_view tail = concat_view(right, buffer);
    String* result = append(frame.instance->heap(), text.string(), tail);
    left_guard.take();  // append took it over
    return Value(result);
  });
}

Value arithmetic_slow(Frame& frame, Position position, Arithmetic op, Value left, Value right, bool compound) {
  if (left.is_number() && right.is_number()) {
    // Two numbers whose result is no number, or a divisor that asks for care.
    const double a = left.number();
    const double b = right.number();
    switch (op) {
      case Arithmetic::kAdd:
        return Value(a + b);
      case Arithmetic::kSubtract:
        return Value(a - b);
      case Arithmetic::kMultiply:
        return Value(a * b);
      case Arithmetic::kDivide:
        if (b == 0) return frame.instance->raise(frame, position, "division by zero");
        return Value(a / b);
      case Arithmetic::kModulo:
        if (truncates_to_zero(b)) return frame.instance->raise(frame, position, "modulo by zero");
        return Value(modulo(a, b));
    }
  }
  if (op == Arithmetic::kAdd) {
    if (left.is_string()) return concatenate(frame, position, left, right);
    if (right.is_string()) {
      Owned left_guard(left);
      Owned right_guard(right);
      return guarded(frame, position, [&] { return prepend(frame.instance->heap(), left, right); });
    }
  }
  const Value raised = raise_arithmetic_error(frame, position, op, left, right, compound);
  release(left);
  release(right);
  return raised;
}

Truth compare_slow(Frame& frame, Position position, Comparison op, Value left, Value right) {
  Owned left_guard(left);
  Owned right_guard(right);
  const std::optional<double> a = as_ordered_number(left);
  const std::optional<double> b = a.has_value() ? as_ordered_number(right) : std::nullopt;
  if (a.has_value() && b.has_value()) return truth_of(ordered(op, *a, *b));
  if (left.is_string() && right.is_string()) {
    return truth_of(ordered(op, left.string()->view(), right.string()->view()));
  }
  frame.instance->raise(frame, position,
                        std::string("cannot compare ") + error_type_name(left) + " and " + error_type_name(right));
  return Truth::kRaised;
}

Value negate_slow(Frame& frame, Position position, Value value) {
  release(value);
  return frame.instance->raise(frame, position, "cannot negate non-number");
}

Value get_property(Frame& frame, Position position, Value base, String* name) {
  if (base.is_object()) {
    const Value* place = find_property(base.object(), name);
    return place != nullptr ? retain(*place) : Value::nil();
  }
  if (base.is_nil()) return Value::nil();
  const Engine::WellKnown& known = frame.instance->engine().well_known();
  if (base.is(HeapType::kError)) {
    if (name == known.message) return retain(as_error(base)->message);
    if (name != known.stack) return Value::nil();
    return guarded(frame, position,
                   [&] { return Value(new_string(frame.instance->heap(), stack_text(as_error(base)))); });
  }
  if (base.is(HeapType::kCode)) {
    if (name == known.metadata) return retain(as_code(base)->metadata);
    if (name != known.source) return Value::nil();
    return guarded(frame, position,
                   [&] { return Value(new_string(frame.instance->heap(), as_code(base)->payload->source)); });
  }
  if (base.is(HeapType::kBinary)) return metadata_entry(as_binary(base)->metadata, name);
  return raise_text(frame, position, "cannot access property of ", error_type_name(base));
}

Value key_of(Frame& frame, Position position, Value index) {
  if (index.is_string()) return retain(index);
  return guarded(frame, position, [&] { return Value(new_string(frame.instance->heap(), concat_text(index))); });
}

Value get_index(Frame& frame, Position position, Value base, Value index) {
  if (base.is_array()) {
    if (!index.is_number()) return frame.instance->raise(frame, position, "array index must be a number");
    const double at = std::trunc(index.number());
    const Array* array = base.array();
    if (!(at >= 0 && at < array->size)) return frame.instance->raise(frame, position, "array index out of bounds");
    return retain(array->items[static_cast<std::uint32_t>(at)]);
  }
  if (base.is_object()) {
    const Value key = key_of(frame, position, index);
    if (key.is_raise()) return key;
    const Value* place = find_property(base.object(), key.string());
    const Value found = place != nullptr ? retain(*place) : Value::nil();
    release(key);
    return found;
  }
  if (base.is_string()) {
    if (!index.is_number()) return frame.instance->raise(frame, position, "string index must be a number");
    const double at = std::trunc(index.number());
    const String* string = base.string();
    if (!(at >= 0 && at < string->length())) {
      return frame.instance->raise(frame, position, "string index out of bounds");
    }
    return guarded(frame, position,
                   [&] { return Value(character_at(frame.instance->heap(), string, static_cast<std::uint32_t>(at))); });
  }
  if (base.is(HeapType::kBinary)) {
    const Value key = key_of(frame, position, index);
    if (key.is_raise()) return key;
    const Value found = metadata_entry(as_binary(base)->metadata, key.string());
    release(key);
    return found;
  }
  return raise_text(frame, position, "cannot index ", error_type_name(base));
}

Value store_property(Frame& frame, Position position, Value base, String* name, Value value) {
  if (!base.is_object()) {
    release(value);
    return raise_text(frame, position, "cannot assign property of ", error_type_name(base));
  }
  return guarded(frame, position, [&] {
    set_property(frame.instance->heap(), base.object(), name, value);
    return Value::next();
  });
}

Value store_index(Frame& frame, Position position, Value base, Value index, Value value) {
  Owned guard(value);
  if (base.is_object()) {
    const Value key = key_of(frame, position, index);
    if (key.is_raise()) return key;
    Owned key_guard(key);
    return guarded(frame, position, [&] {
      set_property(frame.instance->heap(), base.object(), key.string(), guard.take());
      return Value::next();
    });
  }
  if (!base.is_array()) {
    return raise_text(frame, position, "cannot assign to index of ", error_type_name(base));
  }
  if (!index.is_number()) return frame.instance->raise(frame, position, "array index must be a number");
  const double at = std::trunc(index.number());
  if (!(at >= 0)) return frame.instance->raise(frame, position, "array index must be non-negative");
  Array* array = base.array();
  if (at >= array->size + kLargestGap) return frame.instance->raise(frame, position, "array index too large");
  const auto place = static_cast<std::size_t>(at);
  if (place < array->size) {
    set_element(array, static_cast<std::uint32_t>(place), guard.take());
    return Value::next();
  }
  return guarded(frame, position, [&] {
    grow(array, place + 1);
    set_element(array, static_cast<std::uint32_t>(place), guard.take());
    return Value::next();
  });
}

}  // namespace duso::execution
