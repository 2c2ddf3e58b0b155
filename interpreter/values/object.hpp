// Objects: properties by name, in order of insertion.
//
// Two representations. A *shaped* object has a shape (names) and an array of slots (values); the slots of a literal lie
// in the object's own block. An object that is used as a dictionary - many properties, or names that come from data -
// has no shape and keeps a hash table with an ordered list of entries instead. Scripts can not tell the difference;
// inline caches never match a dictionary, because its shape is null.
//
// There is no way to delete a property: setting it to nil keeps the key.
#pragma once

#include <cstdint>

#include "interpreter/values/shape.hpp"
#include "interpreter/values/string.hpp"
#include "interpreter/values/value.hpp"
#include "runtime/memory/heap.hpp"

namespace duso {

struct Dictionary;

struct Object : memory::HeapObject {
  static constexpr std::uint32_t kMaxShapedSlots = 64;

  Shape* shape;  // null: a dictionary
  union {
    Value* slots;            // shaped: `aux` slots of room, in this block or in a buffer
    Dictionary* dictionary;  // null while empty
  };

  Value* inline_slots() { return reinterpret_cast<Value*>(this + 1); }
  bool slots_are_inline() const { return slots == const_cast<Object*>(this)->inline_slots(); }
  std::uint32_t slot_capacity() const { return aux; }
};
static_assert(sizeof(Object) == 24);

// A new object with no properties and room for [capacity] (at most kMaxShapedSlots) inside its block; owned by the
// caller.
Object* new_object(memory::Heap& heap, ShapeTable& shapes, std::uint32_t capacity = 4);

// A new object of [shape] whose slots are all nil, for the caller to fill by `initialise_slot`; owned by the caller.
Object* new_shaped_object(memory::Heap& heap, Shape* shape);

// Puts [owned] into a slot that holds nil.
inline void initialise_slot(Object* object, std::uint32_t slot, Value owned) {
  if (may_close_cycle(owned)) object->flags |= memory::kCyclic;
  object->slots[slot] = owned;
}

// Replaces the value of an existing slot by [owned].
inline void set_slot(Object* object, std::uint32_t slot, Value owned) {
  if (may_close_cycle(owned)) object->flags |= memory::kCyclic;
  Value old = object->slots[slot];
  object->slots[slot] = owned;
  release(old);
}

std::uint32_t property_count(const Object* object);
// The name and value (both borrowed) of the [index]-th property in order of insertion.
String* property_name(const Object* object, std::uint32_t index);
Value property_value(const Object* object, std::uint32_t index);

// The place of the property called [name], or null. [name] need not be interned. The place is valid until the object
// changes.
Value* find_property(const Object* object, const String* name);

// Sets the property [name] to [owned]; if that throws, [owned] is released and the object unchanged. [ShapeTable] is
// asked for new shapes; a name that is not interned becomes interned or turns the object into a dictionary.
void set_property(memory::Heap& heap, Object* object, String* name, Value owned);

// Adds property [name] (interned, not present) while moving a shaped object to [next], the shape that has it as last
// name.
void add_slot(memory::Heap& heap, Object* object, Shape* next, Value owned);

// A new object with the same properties in the same order; values are shared. Owned by the caller.
Object* shallow_copy(memory::Heap& heap, const Object* object, std::uint32_t extra_capacity = 0);

}  // namespace duso
