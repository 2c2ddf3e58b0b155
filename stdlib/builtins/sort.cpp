// sort: a stable merge sort that survives every comparator.
//
// A comparator is script code. It may contradict itself, have side effects or throw, and the result still has to be
// some permutation of the elements; the standard library's sorts promise none of that. This one never looks beyond the
// two runs it is merging, whatever the comparator says. Runs of kRun elements are sorted by insertion first, which is
// also what the language promises for arrays up to that length (builtins.md 3.4), then runs are merged pairwise until
// one is left.
//
// Without comparator the elements decide the method: numbers are compared as doubles and strings as bytes, without a
// look at types in the inner loop; a mixture is compared by text, made once per element.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interpreter/values/array.hpp"
#include "interpreter/values/string.hpp"
#include "interpreter/values/text_form.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

constexpr std::size_t kRun = 12;

// What a comparison came to: whether the first operand goes before the second, or that the comparator failed.
enum class Before { kNo, kYes, kFailed };

Before before_if(bool truth) { return truth ? Before::kYes : Before::kNo; }

// Moves each element of [first], [last) left as long as it goes before its left neighbour. False when [before] failed.
template <class T, class Compare>
bool insertion_sort(T* first, T* last, Compare& before) {
  for (T* next = first + 1; next < last; ++next) {
    T moving = *next;
    T* hole = next;
    Before answer = Before::kNo;
    while (hole != first && (answer = before(moving, hole[-1])) == Before::kYes) {
      *hole = hole[-1];
      --hole;
    }
    *hole = moving;
    if (answer == Before::kFailed) return false;
  }
  return true;
}

// Merges the sorted runs [left], [middle) and [middle], [end) into [out]. False when [before] failed.
template <class T, class Compare>
bool merge(const T* left, const T* middle, const T* end, T* out, Compare& before) {
  const T* right = middle;
  while (left != middle && right != end) {
    const Before answer = before(*right, *left);
    if (answer == Before::kFailed) return false;
    *out++ = answer == Before::kYes ? *right++ : *left++;
  }
  out = std::copy(left, middle, out);
  std::copy(right, end, out);
  return true;
}

// Sorts [items]. False when [before] failed; then their order is undefined.
template <class T, class Compare>
bool stable_sort(std::vector<T>& items, Compare before) {
  const std::size_t size = items.size();
  for (std::size_t start = 0; start < size; start += kRun) {
    if (!insertion_sort(items.data() + start, items.data() + std::min(start + kRun, size), before)) return false;
  }
  if (size <= kRun) return true;
  std::vector<T> merged(size);
  for (std::size_t width = kRun; width < size; width *= 2) {
    for (std::size_t start = 0; start < size; start += 2 * width) {
      const T* from = items.data();
      const std::size_t middle = std::min(start + width, size);
      const std::size_t end = std::min(start + 2 * width, size);
      if (!merge(from + start, from + middle, from + end, merged.data() + start, before)) return false;
    }
    items.swap(merged);
  }
  return true;
}

// --- without comparator ---

void sort_numbers(Array* array) {
  std::vector<double> numbers;
  numbers.reserve(array->size);
  for (const Value value : array->elements()) numbers.push_back(value.number());
  stable_sort(numbers, [](double a, double b) { return before_if(a < b); });
  std::ranges::transform(numbers, array->items, [](double number) { return Value(number); });
}

void sort_strings(Array* array) {
  std::vector<Value> strings(array->items, array->items + array->size);
  stable_sort(strings, [](Value a, Value b) { return before_if(a.string()->view() < b.string()->view()); });
  std::ranges::copy(strings, array->items);
}

void sort_mixture(Array* array) {
  struct Keyed {
    Value value;
    std::string_view text;
  };
  std::vector<std::string> texts;
  texts.reserve(array->size);
  std::vector<Keyed> items;
  items.reserve(array->size);
  for (const Value value : array->elements()) {
    if (value.is_string()) {
      items.push_back({value, value.string()->view()});
    } else {
      items.push_back({value, texts.emplace_back(concat_text(value))});
    }
  }
  stable_sort(items, [](const Keyed& a, const Keyed& b) {
    if (a.value.is_number() && b.value.is_number()) return before_if(a.value.number() < b.value.number());
    return before_if(a.text < b.text);
  });
  std::ranges::transform(items, array->items, &Keyed::value);
}

void sort_by_value(Array* array) {
  const auto all = [array](bool (Value::*is_type)() const) {
    return std::ranges::all_of(array->elements(), [is_type](Value value) { return (value.*is_type)(); });
  };
  if (all(&Value::is_number)) {
    sort_numbers(array);
  } else if (all(&Value::is_string)) {
    sort_strings(array);
  } else {
    sort_mixture(array);
  }
}

// --- with comparator ---

// Sorts [array], which no script can reach. False with an error pending when the comparator failed.
bool sort_by(Call& call, Value comparator, Array* array) {
  std::vector<Value> items(array->items, array->items + array->size);
  const auto before = [&](Value a, Value b) {
    const Owned answer(call.call(comparator, std::array{a, b}));
    return answer.get().is_raise() ? Before::kFailed : before_if(is_truthy(answer.get()));
  };
  if (!stable_sort(items, before)) return false;
  std::ranges::copy(items, array->items);
  return true;
}

Value sort(Call& call) {
  const Array* array = required_array(call, 0);
  if (array == nullptr) return Value::raise();
  Owned result(Value(new_array_copy(call.heap(), array->items, array->size)));
  if (array->size < 2) return result.take();
  if (!call.has(1)) {
    sort_by_value(result.get().array());
  } else if (!sort_by(call, call.argument(1), result.get().array())) {
    return Value::raise();
  }
  return result.take();
}

const BuiltinSpec kSort{
    .name = "sort",
    .parameters = {{"array", Type::kArray}, {"comparison_function", Type::kFunction, "nil"}},
    .returns = Type::kArray,
    .errors = {"sort() requires an array as first argument", "cannot call non-function (got {type})"},
    .summary =
        "A sorted copy of `array`. Numbers are ordered by value, strings by their bytes, other pairs by their text. "
        "With a "
        "`comparison_function(a, b)`, `a` goes first when it returns something truthy. Equal elements keep their "
        "order.",
    .example =
        R"(function is_shorter(a, b) return len(a) < len(b) end
print(sort([3, 1, 2]))                      // [1, 2, 3]
print(sort(["ccc", "a", "bb"], is_shorter)) // ["a", "bb", "ccc"])",
    .function = sort,
};

constexpr const BuiltinSpec* kSorting[] = {&kSort};

}  // namespace

Family sorting_builtins() { return kSorting; }

}  // namespace duso::stdlib
