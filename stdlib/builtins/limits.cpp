#include "stdlib/builtins/limits.hpp"

#include <cmath>
#include <cstddef>
#include <optional>

#include "interpreter/values/object.hpp"
#include "interpreter/values/string.hpp"
#include "runtime/size_text.hpp"

namespace duso::stdlib {

namespace {

// A limit's name, and where it is kept; 0 there means none.
struct LimitField {
  std::string_view name;
  std::size_t* value;
  bool is_size;  // may be written as SIZE text
  bool may_be_raised;
};

// What a script wrote for [field]: a whole number, or SIZE text.
std::optional<std::size_t> read_limit(const LimitField& field, Value value) {
  if (value.is_string() && field.is_size) return parse_size(value.string()->view());
  constexpr double kLargest = 9007199254740992.0;  // 2^53: up to here every whole number is exact
  if (!value.is_number() || !(value.number() >= 0) || value.number() > kLargest) return std::nullopt;
  if (value.number() != std::trunc(value.number())) return std::nullopt;
  return static_cast<std::size_t>(value.number());
}

}  // namespace

std::string lower_limits(execution::InstanceConfig& limits, Value wanted, std::string_view speaker) {
  return lower_limits(limits, nullptr, wanted, speaker);
}

std::string lower_limits(execution::InstanceConfig& limits, std::size_t* process_heap, Value wanted,
                         std::string_view speaker) {
  const std::string prefix = std::string(speaker) + ": ";
  if (!wanted.is_object()) return prefix + "limits must be an object";
  const LimitField fields[] = {
      {"max_heap", &limits.heap.limit, true, false},
      {"max_process_heap", process_heap, true, false},
      {"stack_size", &limits.stack_size, true, false},
      {"task_stack_size", &limits.task_stack_size, true, false},
      {"max_call_depth", &limits.max_call_depth, false, false},
      {"gc_threshold", &limits.heap.gc_threshold, false, true},
  };
  const Object* object = wanted.object();
  for (std::uint32_t i = 0; i < property_count(object); ++i) {
    const std::string name(property_name(object, i)->view());
    const LimitField* field = nullptr;
    for (const LimitField& candidate : fields) {
      if (candidate.name == name && candidate.value != nullptr) field = &candidate;
    }
    if (field == nullptr) return prefix + "unknown limit \"" + name + "\"";
    const std::optional<std::size_t> value = read_limit(*field, property_value(object, i));
    if (!value.has_value() || (field->may_be_raised && *value == 0)) return prefix + name + " has a bad value";
    const bool is_raised = *field->value != 0 && (*value == 0 || *value > *field->value);
    if (is_raised && !field->may_be_raised) return prefix + name + " may only be lowered";
    *field->value = *value;
  }
  return {};
}

}  // namespace duso::stdlib
