// Module `runtime`: types, and what a value is made of (memory-and-panics.md 8).
//
// A type has a name, and most have an id of the heap. Where several ids share a name (functions of scripts and of the
// runtime, environments of calls and of programs) the first one stands for all. Host types share one id of the heap;
// each gets an id of its own behind all others when a script first looks at one, and keeps it as long as the process
// lives. Nil, booleans and numbers are in no heap; they stand at the end of the id range.
#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/execution/code.hpp"
#include "interpreter/values/function.hpp"
#include "interpreter/values/host_object.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/module_runtime.hpp"
#include "stdlib/builtins/record.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::FunctionCode;
using execution::Type;

namespace {

// --- types ---

struct TypeEntry {
  std::size_t id = 0;
  std::string name;
  const char* kind = "value";
  std::size_t size = sizeof(Value);
  bool is_acyclic = true;
  std::size_t count = 0;  // living objects, and their bytes
  std::size_t bytes = 0;
};

constexpr std::array<std::string_view, 3> kValueTypes = {"nil", "boolean", "number"};
constexpr std::size_t kFirstValueType = memory::kTypeCount - kValueTypes.size();

// The ids that host types have got so far.
std::size_t id_of(const HostType& type) {
  static std::mutex mutex;
  static std::vector<const HostType*> seen;
  const std::lock_guard lock(mutex);
  auto place = std::ranges::find(seen, &type);
  if (place == seen.end()) place = seen.insert(seen.end(), &type);
  return static_cast<std::size_t>(kHostObject) + 1 + static_cast<std::size_t>(place - seen.begin());
}

TypeEntry entry_of(std::uint8_t type) {
  const memory::TypeInfo& info = memory::type_info(type);
  TypeEntry entry;
  entry.id = type;
  entry.name = info.name;
  entry.size = info.size;
  // Code, binaries and regexes own memory outside of the heap, which makes them hosts there; to a script they are
  // leaves.
  const bool is_own = type < static_cast<std::uint8_t>(HeapType::kFirstHostType);
  const bool is_container = info.kind == memory::TypeKind::kContainer;
  entry.kind = is_container ? "container" : is_own ? "leaf" : "host";
  entry.is_acyclic = is_own && !is_container;
  return entry;
}

// All types that objects of the heap have or can have, by id.
std::map<std::size_t, TypeEntry> all_types(memory::Heap& heap) {
  std::map<std::size_t, TypeEntry> types;
  std::map<std::string, std::size_t> id_by_name;
  std::array<std::size_t, memory::kTypeCount> id_by_heap_type{};
  for (std::size_t type = 1; type < memory::kTypeCount; ++type) {
    if (memory::type_info(static_cast<std::uint8_t>(type)).name == nullptr) continue;
    TypeEntry entry = entry_of(static_cast<std::uint8_t>(type));
    id_by_heap_type[type] = id_by_name.emplace(entry.name, type).first->second;
    types.emplace(id_by_heap_type[type], std::move(entry));
  }
  class Walk final : public memory::ReferenceVisitor {
   public:
    Walk(std::map<std::size_t, TypeEntry>& found, const std::array<std::size_t, memory::kTypeCount>& ids)
        : types_(found), ids_(ids) {}
    void visit(memory::HeapObject* object) override {
      count(types_[ids_[object->type]], object);
      if (object->type != static_cast<std::uint8_t>(kHostObject)) return;
      const HostType& type = *static_cast<const HostObject*>(object)->host_type;
      TypeEntry& entry = types_[id_of(type)];
      if (entry.name.empty()) {
        entry = entry_of(object->type);
        entry.id = id_of(type);
        entry.name = type.name;
      }
      count(entry, object);
    }

   private:
    static void count(TypeEntry& entry, const memory::HeapObject* object) {
      ++entry.count;
      entry.bytes += memory::Heap::size_with_buffers(object);
    }
    std::map<std::size_t, TypeEntry>& types_;
    const std::array<std::size_t, memory::kTypeCount>& ids_;
  } walk(types, id_by_heap_type);
  heap.for_each_object(walk);
  return types;
}

Value entry_record(execution::Instance& instance, const TypeEntry& entry) {
  Record record(instance);
  record.set("id", entry.id);
  record.set("name", entry.name);
  record.set("kind", entry.kind);
  record.set("size", entry.size);
  record.set("acyclic", entry.is_acyclic);
  record.set("owner", "duso");
  record.set("count", entry.count);
  record.set("bytes", entry.bytes);
  return record.take();
}

Value types(Call& call) {
  const std::map<std::size_t, TypeEntry> found = all_types(call.heap());
  Owned list(Value(new_array(call.heap(), found.size())));
  for (const auto& [id, entry] : found) push(list.get().array(), entry_record(call.instance(), entry));
  return list.take();
}

Value type_info(Call& call) {
  const Value value = call.argument(0);
  const bool by_name = value.is_string() && is_truthy(call.argument(1));
  const std::string name(by_name ? value.string()->view() : std::string_view(type_name(value)));
  const auto* const value_type = std::ranges::find(kValueTypes, name);
  if (value_type != kValueTypes.end()) {
    TypeEntry entry;
    entry.id = kFirstValueType + static_cast<std::size_t>(value_type - kValueTypes.begin());
    entry.name = name;
    return entry_record(call.instance(), entry);
  }
  for (const auto& [id, entry] : all_types(call.heap())) {
    if (entry.name == name) return entry_record(call.instance(), entry);
  }
  return call.raise("runtime.type_info: unknown type \"" + name + "\"");
}

// --- reflection ---

Value parameter_record(execution::Instance& instance, std::string_view name, bool has_default) {
  Record record(instance);
  record.set("name", name);
  record.set("has_default", has_default);
  return record.take();
}

// What is the same for functions of every kind.
Record function_record(execution::Instance& instance, std::string_view name, bool is_native) {
  Record record(instance);
  record.set("type", "function");
  record.set("name", name.empty() ? std::string_view("<anonymous>") : name);
  record.set("native", is_native);
  return record;
}

Value reflect_script_function(execution::Instance& instance, const Function* function) {
  const FunctionCode& code = *function->code;
  Owned parameters(Value(new_array(instance.heap(), code.parameters.size())));
  for (const execution::ParameterCode& parameter : code.parameters) {
    push(parameters.get().array(),
         parameter_record(instance, parameter.name->view(), parameter.default_value != nullptr));
  }
  std::size_t captures = 0;
  for (const Environment* at = function->environment; at != nullptr; at = at->parent) ++captures;
  Record record = function_record(instance, code.name, false);
  record.set("params", parameters.take());
  record.set("file", code.source->name());
  if (code.definition != nullptr) {
    record.set("line", code.definition->position.line);
    record.set("column", code.definition->position.column);
  }
  record.set("captures", captures);
  return record.take();
}

Value reflect_native_function(execution::Instance& instance, const BuiltinSpec& spec) {
  Owned parameters(Value(new_array(instance.heap(), spec.parameters.size())));
  for (const execution::Parameter& parameter : spec.parameters) {
    push(parameters.get().array(), parameter_record(instance, parameter.name, parameter.fallback != nullptr));
  }
  Record record = function_record(instance, spec.name, true);
  record.set("params", parameters.take());
  record.set("file", Value::nil());
  record.set("line", Value::nil());
  record.set("column", Value::nil());
  record.set("captures", 0);
  return record.take();
}

// The host type that [value] is a method for, or null.
const HostType* host_type_of_method(Value value) {
  if (!value.is(HeapType::kHostFunction)) return nullptr;
  const Value bound = static_cast<const HostFunction*>(value.heap_object())->bound;
  return bound.is(kHostObject) ? static_cast<const HostObject*>(bound.heap_object())->host_type : nullptr;
}

Value sorted_names(execution::Instance& instance, std::vector<std::string_view> names) {
  std::ranges::sort(names);
  Owned list(Value(new_array(instance.heap(), names.size())));
  for (const std::string_view name : names) push(list.get().array(), Value(new_string(instance.heap(), name)));
  return list.take();
}

// An object; a handle of the runtime if its methods are.
Value reflect_object(execution::Instance& instance, const Object* object) {
  std::vector<std::string_view> all;
  std::vector<std::string_view> fields;
  std::vector<std::string_view> methods;
  const HostType* host_type = nullptr;
  for (std::uint32_t i = 0; i < property_count(object); ++i) {
    const std::string_view name = property_name(object, i)->view();
    const Value value = property_value(object, i);
    all.push_back(name);
    (value.is_callable() ? methods : fields).push_back(name);
    if (const HostType* type = host_type_of_method(value)) host_type = type;
  }
  Record record(instance);
  if (host_type != nullptr) {
    record.set("type", host_type->name);
    record.set("fields", sorted_names(instance, std::move(fields)));
    record.set("methods", sorted_names(instance, std::move(methods)));
    record.set("owner", "duso");
  } else {
    record.set("type", "object");
    record.set("keys", sorted_names(instance, std::move(all)));
    record.set("methods", sorted_names(instance, std::move(methods)));
    record.set("count", property_count(object));
  }
  return record.take();
}

Value reflect(Call& call) {
  execution::Instance& instance = call.instance();
  const Value value = call.argument(0);
  if (value.is_function()) return reflect_script_function(instance, value.function());
  if (value.is_builtin()) return reflect_native_function(instance, instance.engine().builtin(value.builtin_index()));
  if (value.is(HeapType::kHostFunction)) {
    return reflect_native_function(instance, *static_cast<const HostFunction*>(value.heap_object())->spec);
  }
  if (value.is_object()) return reflect_object(instance, value.object());
  Record record(instance);
  record.set("type", type_name(value));
  if (value.is_array()) record.set("count", value.array()->size);
  return record.take();
}

const BuiltinSpec kFunctions[] = {
    {.name = "types",
     .returns = Type::kArray,
     .summary = "The types that objects of this script have or can have, by id: `id`, `name`, `kind` (`leaf`, "
                "`container` or `host`), `size` in bytes of an object's fixed part, `acyclic`, `owner`, and how many "
                "there are now: `count`, `bytes`. Walks the whole heap.",
     .example = R"(print(require("runtime").types()[0].name) // string)",
     .function = types},
    {.name = "type_info",
     .parameters = {{"value"}, {"by_name", Type::kBoolean, "false"}},
     .returns = Type::kObject,
     .summary = "The entry of `types()` for the type of `value`, or, with `by_name`, for the type that the string "
                "`value` names. Numbers, booleans and nil have the kind `value`.",
     .example = R"(print(require("runtime").type_info([]).kind) // container)",
     .function = type_info},
    {.name = "reflect",
     .parameters = {{"value"}},
     .returns = Type::kObject,
     .summary =
         "What `value` is made of. Of a function: `name`, `native`, `params` with `name` and `has_default`, `file`, "
         "`line`, `column`, and how many scopes it `captures`. Of an object: its `keys`, those of them that are "
         "`methods`, and their `count`; of a handle `fields`, `methods` and `owner`. Of an array: `count`. Of "
         "everything the `type`.",
     .example = R"(print(require("runtime").reflect([1, 2]).count) // 2)",
     .function = reflect},
};

}  // namespace

ModuleFunctions type_functions() { return kFunctions; }

}  // namespace duso::stdlib
