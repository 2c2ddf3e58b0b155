// Arrays and objects as containers: push, pop, shift, unshift, range, keys, values.
//
// Arrays are shared by reference, so what changes one here changes it for everybody who holds it; a call that fails has
// changed nothing. Queues are common in scripts, so both ends are cheap: the work is done in
// interpreter/values/array.cpp.
#include <cmath>
#include <string>

#include "interpreter/execution/instance.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/copying.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

Value length_of(const Array* array) { return Value(static_cast<double>(array->size)); }

// --- both ends ---

Value push_values(Call& call) {
  const Value target = call.argument(0);
  if (!target.is_array()) return requires_declared(call, 0);
  Array* array = target.array();
  if (call.count() == 2) {
    push(array, retain(call.argument(1)));  // all or nothing by itself
    return length_of(array);
  }
  const std::uint32_t size = array->size;
  try {
    for (std::size_t i = 1; i < call.count(); ++i) push(array, retain(call.argument(i)));
  } catch (...) {
    while (array->size > size) release(pop(array));
    throw;
  }
  return length_of(array);
}

const BuiltinSpec kPush{
    .name = "push",
    .parameters = {{.name = "array", .type = Type::kArray, .positional_only = true}},
    .rest = "values",
    .returns = Type::kNumber,
    .errors = {"push() requires an array as first argument"},
    .summary =
        "Appends the values to the end of `array`, which everybody who holds the array sees, and returns its new "
        "length. Without values it returns the length.",
    .example = R"(list = [1]
print(push(list, 2, 3), list) // 3 [1, 2, 3])",
    .function = push_values,
};

const BuiltinSpec kPop{
    .name = "pop",
    .parameters = {{"array", Type::kArray}},
    .errors = {"pop() requires an array as first argument"},
    .summary = "Removes the last element of `array` and returns it; nil if the array is empty.",
    .example = R"(list = [1, 2]
print(pop(list), list, pop([])) // 2 [1] nil)",
    .function = [](Call& call) -> Value {
      const Value target = call.argument(0);
      return target.is_array() ? pop(target.array()) : requires_declared(call, 0);
    },
};

const BuiltinSpec kShift{
    .name = "shift",
    .parameters = {{"array", Type::kArray}},
    .errors = {"shift() requires an array as first argument"},
    .summary =
        "Removes the first element of `array` and returns it; nil if the array is empty. The others are not moved, so "
        "`push` and `shift` make a fast queue of any length.",
    .example = R"(queue = ["a", "b"]
print(shift(queue), queue) // a ["b"])",
    .function = [](Call& call) -> Value {
      const Value target = call.argument(0);
      return target.is_array() ? shift(target.array()) : requires_declared(call, 0);
    },
};

Value unshift_values(Call& call) {
  Array* array = required_array(call, 0);
  if (array == nullptr) return Value::raise();
  // Objects go in as copies, which have to live somewhere until the array has taken all of them.
  const Owned snapshots(Value(new_array(call.heap(), call.count() - 1)));
  for (std::size_t i = 1; i < call.count(); ++i) {
    push(snapshots.get().array(), copy_objects(call.instance(), call.argument(i)));
  }
  unshift(array, snapshots.get().array()->items, snapshots.get().array()->size);
  return length_of(array);
}

const BuiltinSpec kUnshift{
    .name = "unshift",
    .parameters = {{.name = "array", .type = Type::kArray, .positional_only = true}},
    .rest = "values",
    .returns = Type::kNumber,
    .errors = {"unshift() requires an array as first argument"},
    .summary =
        "Puts the values in front of the first element of `array`, in the order given, and returns the new length. An "
        "object is stored as a copy of what it is now; arrays are stored as they are.",
    .example = R"(list = [3]
print(unshift(list, 1, 2), list) // 3 [1, 2, 3])",
    .function = unshift_values,
};

// --- range ---

constexpr std::size_t kLongestRange = 100'000'000;

Value make_range(Call& call) {
  const auto start = required_number(call, 0);
  if (!start) return Value::raise();
  const auto end = required_number(call, 1);
  if (!end) return Value::raise();
  const double step = optional_number(call, 2).value_or(1);
  if (step == 0) return call.raise("range() step cannot be zero");

  const auto is_inside = [&](double value) { return step > 0 ? value <= *end : step < 0 && value >= *end; };
  if (!is_inside(*start)) return Value(new_array(call.heap()));
  // Additions round, so the true length may be another one; what is far too long shall fail before memory is spent on
  // it.
  const double expected = std::floor((*end - *start) / step) + 1;
  if (!(expected <= kLongestRange)) return result_too_large(call);

  Owned result(Value(new_array(call.heap(), static_cast<std::size_t>(expected))));
  Array* array = result.get().array();
  for (double value = *start; is_inside(value);) {
    if (array->size == kLongestRange) return result_too_large(call);
    push(array, Value(value));
    const double next = value + step;
    if (next == value) return result_too_large(call);
    value = next;
  }
  return result.take();
}

const BuiltinSpec kRange{
    .name = "range",
    .parameters = {{"start", Type::kNumber}, {"end", Type::kNumber, nullptr, true}, {"step", Type::kNumber, "1"}},
    .returns = Type::kArray,
    .errors = {"range() requires a number as first argument", "range() requires a number as second argument",
               "range() step cannot be zero", "range() result too large"},
    .summary =
        "An array of the numbers from `start` to `end`, both included, each `step` further than the one before. It is "
        "empty when the step leads away from `end`.",
    .example = R"(print(range(1, 5), range(10, 0, -5)) // [1, 2, 3, 4, 5] [10, 5, 0])",
    .function = make_range,
};

// --- objects ---

const BuiltinSpec kKeys{
    .name = "keys",
    .parameters = {{"object", Type::kObject}},
    .returns = Type::kArray,
    .errors = {"keys() requires an object"},
    .summary = "The names of the properties of `object` in the order in which they were added.",
    .example = R"(print(keys({b = 1, a = nil})) // ["b", "a"])",
    .function = [](Call& call) -> Value {
      const Object* object = required_object(call, 0, "an object");
      if (object == nullptr) return Value::raise();
      const std::uint32_t count = property_count(object);
      Owned result(Value(new_array(call.heap(), count)));
      for (std::uint32_t i = 0; i < count; ++i) {
        push(result.get().array(), retain(Value(property_name(object, i))));
      }
      return result.take();
    },
};

const BuiltinSpec kValues{
    .name = "values",
    .parameters = {{"object", Type::kObject}},
    .returns = Type::kArray,
    .errors = {"values() requires an object"},
    .summary =
        "The values of the properties of `object` in the order in which these were added. Arrays and objects among "
        "them "
        "are not copied.",
    .example = R"(print(values({b = 1, a = [2]})) // [1, [2]])",
    .function = [](Call& call) -> Value {
      const Object* object = required_object(call, 0, "an object");
      if (object == nullptr) return Value::raise();
      const std::uint32_t count = property_count(object);
      Owned result(Value(new_array(call.heap(), count)));
      for (std::uint32_t i = 0; i < count; ++i) push(result.get().array(), retain(property_value(object, i)));
      return result.take();
    },
};

constexpr const BuiltinSpec* kArrays[] = {&kPush, &kPop, &kShift, &kUnshift, &kRange, &kKeys, &kValues};

}  // namespace

Family array_builtins() { return kArrays; }

}  // namespace duso::stdlib
