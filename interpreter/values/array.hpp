// Arrays: a growable run of values that a running `for` can hold on to.
//
// The elements live in a buffer of their own with a small count of holders: the array itself and every `for` loop that
// is walking it. As long as a loop holds the buffer, replacing an element writes into it (and the loop sees it), while
// a structural change (push, pop, shift, unshift, growth) first gives the array a copy and leaves the old buffer, with
// the old elements, to the loops. So a loop costs one increment, and nobody copies unless both things really happen.
//
// `shift` moves the start instead of the elements.
#pragma once

#include <cstdint>
#include <span>

#include "interpreter/values/value.hpp"
#include "runtime/memory/heap.hpp"

namespace duso {

struct ArrayBuffer {
  std::uint32_t holders;
  std::uint32_t capacity;
  Value* items() { return reinterpret_cast<Value*>(this + 1); }
};
static_assert(sizeof(ArrayBuffer) == 8);

struct Array : memory::HeapObject {
  Value* items;  // the first element; null while the array never had any
  std::uint32_t size;
  std::uint32_t offset;  // elements given up in front of `items` by shift

  ArrayBuffer* buffer() const { return reinterpret_cast<ArrayBuffer*>(items - offset) - 1; }
  std::span<Value> elements() const { return {items, size}; }
};
static_assert(sizeof(Array) == 24);

// Elements an array may have at most; more throws std::bad_alloc.
inline constexpr std::size_t kMaxArraySize = 0x7FFF'FFFF;

// A new empty array with room for [capacity] elements; owned by the caller.
Array* new_array(memory::Heap& heap, std::size_t capacity = 0);

// A new array of [count] elements copied from [items] (each is retained); owned by the caller.
Array* new_array_copy(memory::Heap& heap, const Value* items, std::size_t count);

void push_slow(Array* array, Value owned);
// Appends [owned], whose reference moves into the array; if that throws, the reference is released and the array
// unchanged.
inline void push(Array* array, Value owned) {
  if (may_close_cycle(owned)) array->flags |= memory::kCyclic;
  if (array->items != nullptr) {
    ArrayBuffer* buffer = array->buffer();
    if (buffer->holders == 1 && array->offset + array->size < buffer->capacity) {
      array->items[array->size++] = owned;
      return;
    }
  }
  push_slow(array, owned);
}

// Removes and returns the last (first) element, owned by the caller; nil when empty.
Value pop(Array* array);
Value shift(Array* array);
// Puts [count] values in front, keeping their order; they are retained.
void unshift(Array* array, const Value* items, std::size_t count);

// Replaces the element at [index] (which must exist) by [owned].
inline void set_element(Array* array, std::uint32_t index, Value owned) {
  if (may_close_cycle(owned)) array->flags |= memory::kCyclic;
  Value old = array->items[index];
  array->items[index] = owned;
  release(old);
}

// Makes the array [size] elements long (never shorter), filling with nil.
void grow(Array* array, std::size_t size);

// Keeps the elements that an array has now alive and in place for one walk. While it exists, a structural change leaves
// this view alone; replaced elements are seen as long as the array was not restructured.
class ArrayWalk {
 public:
  explicit ArrayWalk(Array* array);
  ~ArrayWalk();
  ArrayWalk(const ArrayWalk&) = delete;
  ArrayWalk& operator=(const ArrayWalk&) = delete;
  std::uint32_t size() const { return size_; }
  Value operator[](std::uint32_t index) const { return items_[index]; }  // borrowed

 private:
  Array* array_;
  Value* items_;
  std::uint32_t size_;
  ArrayBuffer* buffer_;
};

}  // namespace duso
