#include "interpreter/values/array.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "interpreter/values/type_table.hpp"

namespace duso {

namespace {

memory::Heap& heap_of(const Array* array) { return memory::Heap::of(array); }

constexpr auto kType = static_cast<std::uint8_t>(HeapType::kArray);

std::size_t buffer_bytes(std::size_t capacity) { return sizeof(ArrayBuffer) + capacity * sizeof(Value); }

ArrayBuffer* allocate_buffer(memory::Heap& heap, std::size_t capacity) {
  if (capacity > kMaxArraySize) throw std::bad_alloc();
  const std::size_t bytes = memory::Heap::usable_size(buffer_bytes(capacity));
  auto* buffer = static_cast<ArrayBuffer*>(heap.allocate_buffer(bytes, kType));
  buffer->holders = 1;
  buffer->capacity = static_cast<std::uint32_t>((bytes - sizeof(ArrayBuffer)) / sizeof(Value));
  return buffer;
}

void free_buffer(memory::Heap& heap, ArrayBuffer* buffer) {
  heap.free_buffer(buffer, memory::Heap::usable_size(buffer_bytes(buffer->capacity)), kType);
}

void drop_buffer(memory::Heap& heap, ArrayBuffer* buffer, Value* items, std::uint32_t size) {
  if (--buffer->holders != 0) return;
  for (std::uint32_t i = 0; i < size; ++i) release(items[i]);
  free_buffer(heap, buffer);
}

// Gives the array a buffer of its own with room for [front] more elements in front of and [capacity] from the first one
// on.
void reallocate(Array* array, std::size_t capacity, std::size_t front) {
  memory::Heap& heap = heap_of(array);
  ArrayBuffer* fresh = allocate_buffer(heap, front + capacity);
  Value* items = fresh->items() + front;
  if (array->items != nullptr) {
    ArrayBuffer* old = array->buffer();
    if (array->size != 0) std::memcpy(items, array->items, array->size * sizeof(Value));
    if (old->holders == 1) {
      free_buffer(heap, old);
    } else {
      // Loops keep the old elements; the copies are references of their own.
      for (std::uint32_t i = 0; i < array->size; ++i) retain(items[i]);
      --old->holders;
    }
  }
  array->items = items;
  array->offset = static_cast<std::uint32_t>(front);
}

// Room behind the last element for [capacity] elements in all, in a buffer that no loop holds.
void reserve(Array* array, std::size_t capacity) {
  if (array->items != nullptr) {
    ArrayBuffer* buffer = array->buffer();
    if (buffer->holders == 1) {
      if (array->offset + capacity <= buffer->capacity) return;
      if (array->offset >= array->size && capacity <= buffer->capacity) {
        // A queue: at least half of the buffer was shifted out, so moving down pays for itself.
        std::memmove(buffer->items(), array->items, array->size * sizeof(Value));
        array->items = buffer->items();
        array->offset = 0;
        return;
      }
    }
  }
  reallocate(array, std::max<std::size_t>({capacity, array->size + array->size / 2, 4}), 0);
}

void make_sole_holder(Array* array) {
  if (array->buffer()->holders > 1) reallocate(array, array->size, 0);
}

}  // namespace

Array* new_array(memory::Heap& heap, std::size_t capacity) {
  auto* array = static_cast<Array*>(heap.allocate_object(kType, sizeof(Array)));
  array->items = nullptr;
  array->size = 0;
  array->offset = 0;
  if (capacity != 0) {
    try {
      array->items = allocate_buffer(heap, capacity)->items();
    } catch (...) {
      memory::release(array);
      throw;
    }
  }
  return array;
}

Array* new_array_copy(memory::Heap& heap, const Value* items, std::size_t count) {
  Array* array = new_array(heap, count);
  for (std::size_t i = 0; i < count; ++i) push(array, retain(items[i]));
  return array;
}

void push_slow(Array* array, Value owned) {
  try {
    reserve(array, std::size_t{array->size} + 1);
  } catch (...) {
    release(owned);
    throw;
  }
  array->items[array->size++] = owned;
}

Value pop(Array* array) {
  if (array->size == 0) return Value::nil();
  make_sole_holder(array);
  return array->items[--array->size];
}

Value shift(Array* array) {
  if (array->size == 0) return Value::nil();
  make_sole_holder(array);
  --array->size;
  ++array->offset;
  return *array->items++;
}

void unshift(Array* array, const Value* items, std::size_t count) {
  if (count == 0) return;
  const bool fits = array->items != nullptr && array->buffer()->holders == 1 && array->offset >= count;
  if (!fits) {
    // Room in front grows with the array, so a run of single unshifts is amortised O(1) each.
    const std::size_t front = count + array->size / 2;
    reallocate(array, std::size_t{array->size} + 1, front);
  }
  array->items -= count;
  array->offset -= static_cast<std::uint32_t>(count);
  array->size += static_cast<std::uint32_t>(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (may_close_cycle(items[i])) array->flags |= memory::kCyclic;
    array->items[i] = retain(items[i]);
  }
}

void grow(Array* array, std::size_t size) {
  if (size <= array->size) return;
  reserve(array, size);
  std::fill(array->items + array->size, array->items + size, Value::nil());
  array->size = static_cast<std::uint32_t>(size);
}

ArrayWalk::ArrayWalk(Array* array)
    : array_(array), items_(array->items), size_(array->size), buffer_(array->size != 0 ? array->buffer() : nullptr) {
  memory::retain(array_);
  if (buffer_ != nullptr) ++buffer_->holders;
}

ArrayWalk::~ArrayWalk() {
  if (buffer_ != nullptr) drop_buffer(heap_of(array_), buffer_, items_, size_);
  memory::release(array_);
}

void drop_array(memory::Heap& heap, memory::HeapObject* object) {
  auto* array = static_cast<Array*>(object);
  if (array->items == nullptr) return;
  ArrayBuffer* buffer = array->buffer();
  Value* items = array->items;
  const std::uint32_t size = array->size;
  array->items = nullptr;
  array->size = 0;
  array->offset = 0;
  drop_buffer(heap, buffer, items, size);
}

// A buffer that loops hold as well counts for the array.
std::size_t array_bytes(const memory::HeapObject* object) {
  const auto* array = static_cast<const Array*>(object);
  return array->items != nullptr ? memory::Heap::usable_size(buffer_bytes(array->buffer()->capacity)) : 0;
}

void trace_array(memory::HeapObject* object, memory::ReferenceVisitor& visitor) {
  auto* array = static_cast<Array*>(object);
  // A loop that holds the buffer holds the elements too: they are referenced from outside the graph.
  if (array->items == nullptr || array->buffer()->holders > 1) return;
  for (Value value : array->elements()) {
    if (value.is_heap()) visitor.visit(value.heap_object());
  }
}

}  // namespace duso
