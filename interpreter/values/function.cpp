#include "interpreter/values/function.hpp"

#include <algorithm>

#include "interpreter/values/type_table.hpp"

namespace duso {

namespace {

template <class T>
T* allocate(memory::Heap& heap, HeapType type, std::size_t bytes = sizeof(T)) {
  return static_cast<T*>(heap.allocate_object(static_cast<std::uint8_t>(type), bytes));
}

constexpr auto kRootType = static_cast<std::uint8_t>(HeapType::kRoot);

void release_container(memory::HeapObject* object) {
  if (object != nullptr) memory::release(object);
}

}  // namespace

Environment* new_environment(memory::Heap& heap, Environment* parent, std::uint32_t slots) {
  auto* environment = allocate<Environment>(heap, HeapType::kEnvironment, sizeof(Environment) + slots * sizeof(Value));
  environment->parent = parent;
  if (parent != nullptr) memory::retain(parent);
  environment->self = Value::unset();
  environment->extras = nullptr;
  environment->size = slots;
  environment->branch = 0;
  std::fill_n(environment->slots(), slots, Value::unset());
  // Its variables are written without a check for containers.
  environment->flags |= memory::kCyclic;
  return environment;
}

Root* new_root(memory::Heap& heap, execution::GlobalNames* names, std::uint32_t size) {
  auto* root = allocate<Root>(heap, HeapType::kRoot);
  root->slots = nullptr;
  root->size = 0;
  root->capacity = 0;
  root->branch = 0;
  root->names = names;
  root->flags |= memory::kCyclic;
  try {
    ensure_root_size(heap, root, size);
  } catch (...) {
    memory::release(root);
    throw;
  }
  return root;
}

void ensure_root_size(memory::Heap& heap, Root* root, std::uint32_t size) {
  if (size <= root->size) return;
  if (size > root->capacity) {
    const std::uint32_t capacity = std::max(size, root->capacity + root->capacity / 2);
    auto* slots = static_cast<Value*>(heap.allocate_buffer(capacity * sizeof(Value), kRootType));
    std::copy_n(root->slots, root->size, slots);
    if (root->slots != nullptr) heap.free_buffer(root->slots, root->capacity * sizeof(Value), kRootType);
    root->slots = slots;
    root->capacity = capacity;
  }
  std::fill(root->slots + root->size, root->slots + size, Value::unset());
  root->size = size;
}

void clear_root(Root* root) { drop_root(memory::Heap::of(root), root); }

Function* new_function(memory::Heap& heap, const execution::FunctionCode* code, Environment* environment, Root* root) {
  auto* function = allocate<Function>(heap, HeapType::kFunction);
  function->code = code;
  function->environment = environment;
  function->root = root;
  memory::retain(root);
  if (environment != nullptr) {
    memory::retain(environment);
    function->flags |= memory::kCyclic;
  }
  // A module's root can be collected, and its functions are what closes the circle; a main script's root is pinned.
  function->flags |= root->flags & memory::kCyclic;
  return function;
}

HostFunction* new_host_function(memory::Heap& heap, const execution::BuiltinSpec* spec, Value bound) {
  Owned guard(bound);
  auto* function = allocate<HostFunction>(heap, HeapType::kHostFunction);
  function->spec = spec;
  function->bound = guard.take();
  if (function->bound.is_container()) function->flags |= memory::kCyclic;
  return function;
}

void drop_environment(memory::Heap&, memory::HeapObject* object) {
  auto* environment = static_cast<Environment*>(object);
  release_container(std::exchange(environment->parent, nullptr));
  release_container(std::exchange(environment->extras, nullptr));
  release(std::exchange(environment->self, Value::unset()));
  const std::uint32_t size = std::exchange(environment->size, 0);
  for (std::uint32_t i = 0; i < size; ++i) release(environment->slots()[i]);
}

void trace_environment(memory::HeapObject* object, memory::ReferenceVisitor& visitor) {
  auto* environment = static_cast<Environment*>(object);
  if (environment->parent != nullptr) visitor.visit(environment->parent);
  if (environment->extras != nullptr) visitor.visit(environment->extras);
  if (environment->self.is_heap()) visitor.visit(environment->self.heap_object());
  for (std::uint32_t i = 0; i < environment->size; ++i) {
    const Value value = environment->slots()[i];
    if (value.is_heap()) visitor.visit(value.heap_object());
  }
}

void drop_root(memory::Heap& heap, memory::HeapObject* object) {
  auto* root = static_cast<Root*>(object);
  Value* slots = std::exchange(root->slots, nullptr);
  const std::uint32_t size = std::exchange(root->size, 0);
  for (std::uint32_t i = 0; i < size; ++i) release(slots[i]);
  if (slots != nullptr) heap.free_buffer(slots, root->capacity * sizeof(Value), kRootType);
  root->capacity = 0;
}

std::size_t root_bytes(const memory::HeapObject* object) {
  const auto* root = static_cast<const Root*>(object);
  return root->slots != nullptr ? memory::Heap::usable_size(root->capacity * sizeof(Value)) : 0;
}

void trace_root(memory::HeapObject* object, memory::ReferenceVisitor& visitor) {
  auto* root = static_cast<Root*>(object);
  for (std::uint32_t i = 0; i < root->size; ++i) {
    if (root->slots[i].is_heap()) visitor.visit(root->slots[i].heap_object());
  }
}

void drop_function(memory::Heap&, memory::HeapObject* object) {
  auto* function = static_cast<Function*>(object);
  release_container(std::exchange(function->environment, nullptr));
  release_container(std::exchange(function->root, nullptr));
}

void trace_function(memory::HeapObject* object, memory::ReferenceVisitor& visitor) {
  auto* function = static_cast<Function*>(object);
  if (function->environment != nullptr) visitor.visit(function->environment);
  if (function->root != nullptr) visitor.visit(function->root);
}

void drop_host_function(memory::Heap&, memory::HeapObject* object) {
  release(std::exchange(static_cast<HostFunction*>(object)->bound, Value::nil()));
}

void trace_host_function(memory::HeapObject* object, memory::ReferenceVisitor& visitor) {
  const Value bound = static_cast<HostFunction*>(object)->bound;
  if (bound.is_heap()) visitor.visit(bound.heap_object());
}

}  // namespace duso
