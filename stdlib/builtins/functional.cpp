// map, filter and reduce.
//
// A callback may do anything, also to the array that is being walked. The walk is over the elements that the array has
// at the start: growing or shrinking it changes nothing, replacing an element that was not reached yet is seen
// (ArrayWalk). A string thrown by a callback arrives with the builtin's name in front; other thrown values arrive as
// they are.
#include <array>
#include <string>

#include "interpreter/execution/instance.hpp"
#include "interpreter/values/array.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/callbacks.hpp"
#include "stdlib/builtins/copying.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

// The array to walk, or null with an error pending. Whether the second argument is a function is seen when it is called
// first.
Array* array_and_function(const Call& call) {
  Array* array = required_array(call, 0);
  if (array == nullptr || !required_argument(call, 1, "a function as second argument")) return nullptr;
  return array;
}

Value map(Call& call) {
  Array* array = array_and_function(call);
  if (array == nullptr) return Value::raise();
  const ArrayWalk walk(array);
  Owned result(Value(new_array(call.heap(), walk.size())));
  for (std::uint32_t i = 0; i < walk.size(); ++i) {
    const Owned item = Owned::share(walk[i]);  // the callback may replace the element
    const Value mapped = call.call(call.argument(1), std::array{item.get()});
    if (mapped.is_raise()) return wrap_callback_error(call, "error in map function: ");
    push(result.get().array(), mapped);
  }
  return result.take();
}

const BuiltinSpec kMap{
    .name = "map",
    .parameters = {{"array", Type::kArray}, {"function", Type::kFunction, nullptr, true}},
    .returns = Type::kArray,
    .errors = {"map() requires an array as first argument", "map() requires a function as second argument",
               "error in map function: {error}"},
    .summary =
        "A new array of what `function` returns for each element of `array`, in order. The function is called with the "
        "element alone, without its index.",
    .example = R"(print(map([1, 2, 3], function(n) return n * n end)) // [1, 4, 9])",
    .function = map,
};

Value filter(Call& call) {
  Array* array = array_and_function(call);
  if (array == nullptr) return Value::raise();
  const ArrayWalk walk(array);
  Owned result(Value(new_array(call.heap())));
  for (std::uint32_t i = 0; i < walk.size(); ++i) {
    Owned item = Owned::share(walk[i]);
    const Owned verdict(call.call(call.argument(1), std::array{item.get()}));
    if (verdict.get().is_raise()) return wrap_callback_error(call, "error in filter function: ");
    if (is_truthy(verdict.get())) push(result.get().array(), item.take());
  }
  return result.take();
}

const BuiltinSpec kFilter{
    .name = "filter",
    .parameters = {{"array", Type::kArray}, {"function", Type::kFunction, nullptr, true}},
    .returns = Type::kArray,
    .errors = {"filter() requires an array as first argument", "filter() requires a function as second argument",
               "error in filter function: {error}"},
    .summary = "A new array of those elements of `array` for which `function` returns something truthy, in order.",
    .example = R"(print(filter([1, 2, 3, 4], function(n) return n % 2 == 0 end)) // [2, 4])",
    .function = filter,
};

Value reduce(Call& call) {
  Array* array = array_and_function(call);
  if (array == nullptr) return Value::raise();
  const ArrayWalk walk(array);
  Owned accumulator(copy_objects(call.instance(), call.argument(2)));
  for (std::uint32_t i = 0; i < walk.size(); ++i) {
    const Owned item = Owned::share(walk[i]);
    const Value next = call.call(call.argument(1), std::array{accumulator.get(), item.get()});
    if (next.is_raise()) return wrap_callback_error(call, "error in reduce function: ");
    accumulator.reset(next);
  }
  return accumulator.take();
}

const BuiltinSpec kReduce{
    .name = "reduce",
    .parameters = {{"array", Type::kArray},
                   {"function", Type::kFunction, nullptr, true},
                   {"initial_value", Type::kAny, "nil"}},
    .errors = {"reduce() requires an array as first argument", "reduce() requires a function as second argument",
               "error in reduce function: {error}"},
    .summary =
        "Folds `array` into one value: `function(accumulator, element)` is called for each element in order, and what "
        "it "
        "returns is the next accumulator. The first one is `initial_value`; an object given there is copied, so that "
        "it "
        "stays as it is.",
    .example = R"(print(reduce([1, 2, 3], function(sum, n) return sum + n end, 0)) // 6)",
    .function = reduce,
};

constexpr const BuiltinSpec* kFunctional[] = {&kMap, &kFilter, &kReduce};

}  // namespace

Family functional_builtins() { return kFunctional; }

}  // namespace duso::stdlib
