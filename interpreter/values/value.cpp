#include "interpreter/values/value.hpp"

#include "interpreter/values/array.hpp"
#include "interpreter/values/function.hpp"
#include "interpreter/values/host_object.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/opaque.hpp"
#include "interpreter/values/string.hpp"
#include "interpreter/values/type_table.hpp"
#include "runtime/memory/heap.hpp"

namespace duso {

const char* type_name(Value value) {
  if (value.is_number()) return "number";
  if (value.is_boolean()) return "boolean";
  switch (value.tag()) {
    case Value::kStringTag:
      return "string";
    case Value::kArrayTag:
      return "array";
    case Value::kObjectTag:
      return "object";
    case Value::kBuiltinTag:
    case Value::kFunctionTag:
      return "function";
    case Value::kOtherTag:
      break;
    default:
      return "nil";
  }
  switch (static_cast<HeapType>(value.heap_object()->type)) {
    case HeapType::kHostFunction:
      return "function";
    case HeapType::kError:
      return "error";
    case HeapType::kCode:
      return "code";
    case HeapType::kBinary:
      return "binary";
    case HeapType::kRegex:
      return "regex";
    default:
      return "object";
  }
}

const char* error_type_name(Value value) { return value.is_boolean() ? "bool" : type_name(value); }

bool is_truthy_slow(Value value) {
  if (value.is_string()) return value.string()->size != 0;
  if (value.is_array()) return value.array()->size != 0;
  if (value.is_object()) return property_count(value.object()) != 0;
  if (value.is(HeapType::kBinary)) return !as_binary(value)->payload->bytes->empty();
  return value.is_heap() || value.is_builtin();
}

bool equals_slow(Value a, Value b) {
  if (a.is_string() && b.is_string()) return same_text(a.string(), b.string());
  if (a.is_nil()) return b.is_nil();
  return a.is_boolean() && identical(a, b);
}

void register_value_types() {
  using memory::TypeInfo;
  using memory::TypeKind;
  const auto add = [](HeapType type, const TypeInfo& info) {
    memory::register_type(static_cast<std::uint8_t>(type), info);
  };
  add(HeapType::kString, {"string", TypeKind::kLeaf, nullptr, nullptr, sizeof(String)});
  add(HeapType::kArray, {"array", TypeKind::kContainer, drop_array, trace_array, sizeof(Array), array_bytes});
  add(HeapType::kObject, {"object", TypeKind::kContainer, drop_object, trace_object, sizeof(Object), object_bytes});
  add(HeapType::kFunction, {"function", TypeKind::kContainer, drop_function, trace_function, sizeof(Function)});
  add(HeapType::kHostFunction,
      {"function", TypeKind::kContainer, drop_host_function, trace_host_function, sizeof(HostFunction)});
  add(HeapType::kEnvironment,
      {"environment", TypeKind::kContainer, drop_environment, trace_environment, sizeof(Environment)});
  add(HeapType::kRoot, {"environment", TypeKind::kContainer, drop_root, trace_root, sizeof(Root), root_bytes});
  add(HeapType::kError, {"error", TypeKind::kContainer, drop_error, trace_error, sizeof(Error), error_bytes});
  // These own memory outside the heap, which must be given back even when the whole heap is dropped.
  add(HeapType::kCode, {"code", TypeKind::kHost, drop_code, trace_code, sizeof(Code)});
  add(HeapType::kBinary, {"binary", TypeKind::kHost, drop_binary, trace_binary, sizeof(Binary), binary_bytes});
  add(HeapType::kRegex, {"regex", TypeKind::kHost, drop_regex, nullptr, sizeof(Regex)});
  register_host_objects();
}

}  // namespace duso
