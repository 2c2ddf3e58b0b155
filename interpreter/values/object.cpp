#include "interpreter/values/object.hpp"

#include <algorithm>

#include "interpreter/values/dictionary.hpp"
#include "interpreter/values/type_table.hpp"

namespace duso {

namespace {

constexpr auto kType = static_cast<std::uint8_t>(HeapType::kObject);

std::size_t slots_bytes(std::uint32_t capacity) { return capacity * sizeof(Value); }

Object* allocate(memory::Heap& heap, Shape* shape, std::uint32_t capacity) {
  auto* object = static_cast<Object*>(heap.allocate_object(kType, sizeof(Object) + slots_bytes(capacity)));
  object->shape = shape;
  object->slots = object->inline_slots();
  object->aux = static_cast<std::uint8_t>(capacity);
  return object;
}

void free_slots(memory::Heap& heap, Object* object) {
  if (!object->slots_are_inline()) heap.free_buffer(object->slots, slots_bytes(object->slot_capacity()), kType);
}

// Gives a shaped object room for one more slot.
void reserve_slot(memory::Heap& heap, Object* object, std::uint32_t used) {
  if (used < object->slot_capacity()) return;
  const std::uint32_t capacity = std::max<std::uint32_t>(4, used + used / 2 + 1);
  auto* slots = static_cast<Value*>(heap.allocate_buffer(slots_bytes(capacity), kType));
  std::copy_n(object->slots, used, slots);
  free_slots(heap, object);
  object->slots = slots;
  object->aux = static_cast<std::uint8_t>(capacity);
}

// From now on the object is a hash table; its properties move over in order.
void become_dictionary(memory::Heap& heap, Object* object) {
  const std::uint32_t size = object->shape->size();
  Dictionary* dictionary =
      Dictionary::grown(heap, nullptr, std::max<std::uint32_t>(Dictionary::kSmall, size + size / 2));
  for (std::uint32_t slot = 0; slot < size; ++slot) {
    String* name = object->shape->name(slot);
    memory::retain(name);
    dictionary->add(name, object->slots[slot]);
  }
  free_slots(heap, object);
  object->shape = nullptr;
  object->dictionary = dictionary;
}

void add_to_dictionary(memory::Heap& heap, Object* object, String* name, Value owned) {
  Dictionary* dictionary = object->dictionary;
  if (dictionary == nullptr || dictionary->size == dictionary->capacity) {
    const std::uint32_t capacity = dictionary == nullptr ? Dictionary::kSmall : 2 * dictionary->capacity;
    dictionary = object->dictionary = Dictionary::grown(heap, dictionary, capacity);
  }
  memory::retain(name);
  dictionary->add(name, owned);
}

void mark(Object* object, Value value) {
  if (may_close_cycle(value)) object->flags |= memory::kCyclic;
}

}  // namespace

Object* new_object(memory::Heap& heap, ShapeTable& shapes, std::uint32_t capacity) {
  return allocate(heap, shapes.empty(), std::min(capacity, Object::kMaxShapedSlots));
}

Object* new_shaped_object(memory::Heap& heap, Shape* shape) {
  Object* object = allocate(heap, shape, shape->size());
  std::fill_n(object->slots, shape->size(), Value::nil());
  return object;
}

std::uint32_t property_count(const Object* object) {
  if (object->shape != nullptr) return object->shape->size();
  return object->dictionary != nullptr ? object->dictionary->size : 0;
}

String* property_name(const Object* object, std::uint32_t index) {
  return object->shape != nullptr ? object->shape->name(index) : object->dictionary->entries()[index].name;
}

Value property_value(const Object* object, std::uint32_t index) {
  return object->shape != nullptr ? object->slots[index] : object->dictionary->entries()[index].value;
}

Value* find_property(const Object* object, const String* name) {
  if (object->shape == nullptr) {
    if (object->dictionary == nullptr) return nullptr;
    Dictionary::Entry* entry = object->dictionary->find(name);
    return entry != nullptr ? &entry->value : nullptr;
  }
  // A text that nobody interned is the name of no shaped property.
  const String* interned = object->shape->table().names().find(name);
  if (interned == nullptr) return nullptr;
  const std::uint32_t slot = object->shape->find(interned);
  return slot != Shape::kMissing ? &object->slots[slot] : nullptr;
}

void add_slot(memory::Heap& heap, Object* object, Shape* next, Value owned) {
  const std::uint32_t slot = next->size() - 1;
  try {
    reserve_slot(heap, object, slot);
  } catch (...) {
    release(owned);
    throw;
  }
  mark(object, owned);
  object->slots[slot] = owned;
  object->shape = next;
}

void set_property(memory::Heap& heap, Object* object, String* name, Value owned) {
  if (Value* place = find_property(object, name)) {
    mark(object, owned);
    Value old = *place;
    *place = owned;
    release(old);
    return;
  }
  if (object->shape != nullptr) {
    // Names that code mentions make shapes. A name that only data knows makes a dictionary, unless the way is known
    // already.
    const bool is_name = name->is_interned();
    String* interned = object->shape->table().names().find(name);
    Shape* next = nullptr;
    if (interned != nullptr) next = is_name ? object->shape->with(interned) : object->shape->existing_with(interned);
    if (next != nullptr) {
      add_slot(heap, object, next, owned);
      return;
    }
  }
  try {
    if (object->shape != nullptr) become_dictionary(heap, object);
    add_to_dictionary(heap, object, name, owned);
  } catch (...) {
    release(owned);
    throw;
  }
  mark(object, owned);
}

Object* shallow_copy(memory::Heap& heap, const Object* object, std::uint32_t extra_capacity) {
  const std::uint32_t size = property_count(object);
  if (object->shape != nullptr) {
    const std::uint32_t capacity = std::min(size + extra_capacity, Object::kMaxShapedSlots);
    Object* copy = allocate(heap, object->shape, capacity);
    for (std::uint32_t slot = 0; slot < size; ++slot) copy->slots[slot] = retain(object->slots[slot]);
    copy->flags |= object->flags & memory::kCyclic;
    return copy;
  }
  Object* copy = allocate(heap, nullptr, 0);
  copy->dictionary = nullptr;
  if (size == 0) return copy;
  try {
    copy->dictionary = Dictionary::grown(heap, nullptr, size + extra_capacity);
  } catch (...) {
    memory::release(copy);
    throw;
  }
  for (std::uint32_t i = 0; i < size; ++i) {
    const Dictionary::Entry& entry = object->dictionary->entries()[i];
    memory::retain(entry.name);
    copy->dictionary->add(entry.name, retain(entry.value));
  }
  copy->flags |= object->flags & memory::kCyclic;
  return copy;
}

void drop_object(memory::Heap& heap, memory::HeapObject* base) {
  auto* object = static_cast<Object*>(base);
  if (object->shape == nullptr) {
    Dictionary* dictionary = object->dictionary;
    object->dictionary = nullptr;
    Dictionary::destroy(heap, dictionary);
    return;
  }
  const std::uint32_t size = object->shape->size();
  Value* slots = object->slots;
  const bool in_block = object->slots_are_inline();
  const std::uint32_t capacity = object->slot_capacity();
  object->shape = nullptr;  // an empty dictionary
  object->dictionary = nullptr;
  for (std::uint32_t slot = 0; slot < size; ++slot) release(slots[slot]);
  if (!in_block) heap.free_buffer(slots, slots_bytes(capacity), kType);
}

std::size_t object_bytes(const memory::HeapObject* base) {
  const auto* object = static_cast<const Object*>(base);
  if (object->shape == nullptr) return object->dictionary != nullptr ? object->dictionary->block_bytes() : 0;
  return object->slots_are_inline() ? 0 : memory::Heap::usable_size(slots_bytes(object->slot_capacity()));
}

void trace_object(memory::HeapObject* base, memory::ReferenceVisitor& visitor) {
  auto* object = static_cast<Object*>(base);
  const std::uint32_t size = property_count(object);
  for (std::uint32_t i = 0; i < size; ++i) {
    const Value value = property_value(object, i);
    if (value.is_heap()) visitor.visit(value.heap_object());
  }
}

}  // namespace duso
