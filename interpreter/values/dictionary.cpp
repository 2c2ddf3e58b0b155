#include "interpreter/values/dictionary.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace duso {

namespace {

constexpr std::uint32_t kMaxEntries = 1U << 28;
constexpr auto kOwner = static_cast<std::uint8_t>(HeapType::kObject);

std::uint32_t index_size_for(std::uint32_t capacity) {
  if (capacity <= Dictionary::kSmall) return 0;
  std::uint32_t size = 16;
  while (size < 2 * capacity) size *= 2;
  return size;
}

std::size_t bytes_for(std::uint32_t capacity) {
  return sizeof(Dictionary) + capacity * sizeof(Dictionary::Entry) + index_size_for(capacity) * sizeof(std::uint32_t);
}

}  // namespace

Dictionary::Entry* Dictionary::find(const String* name) {
  if (index_size == 0) {
    for (Entry* entry = entries(); entry != entries() + size; ++entry) {
      if (same_text(entry->name, name)) return entry;
    }
    return nullptr;
  }
  const std::uint32_t hash = name->hash();
  for (std::uint32_t i = hash & (index_size - 1); index()[i] != 0; i = (i + 1) & (index_size - 1)) {
    Entry& entry = entries()[index()[i] - 1];
    if (entry.name->hash() == hash && same_text(entry.name, name)) return &entry;
  }
  return nullptr;
}

Dictionary* Dictionary::grown(memory::Heap& heap, Dictionary* old, std::uint32_t capacity) {
  if (capacity > kMaxEntries) throw std::bad_alloc();
  auto* dictionary = static_cast<Dictionary*>(heap.allocate_buffer(bytes_for(capacity), kOwner));
  dictionary->size = 0;
  dictionary->capacity = capacity;
  dictionary->index_size = index_size_for(capacity);
  std::fill_n(dictionary->index(), dictionary->index_size, 0U);
  if (old != nullptr) {
    for (std::uint32_t i = 0; i < old->size; ++i) dictionary->add(old->entries()[i].name, old->entries()[i].value);
    heap.free_buffer(old, bytes_for(old->capacity), kOwner);
  }
  return dictionary;
}

std::size_t Dictionary::block_bytes() const { return memory::Heap::usable_size(bytes_for(capacity)); }

void Dictionary::add(String* name, Value value) {
  entries()[size] = {name, value};
  ++size;
  if (index_size == 0) return;
  std::uint32_t i = name->hash() & (index_size - 1);
  while (index()[i] != 0) i = (i + 1) & (index_size - 1);
  index()[i] = size;
}

void Dictionary::destroy(memory::Heap& heap, Dictionary* dictionary) {
  if (dictionary == nullptr) return;
  for (std::uint32_t i = 0; i < dictionary->size; ++i) {
    memory::release(dictionary->entries()[i].name);
    release(dictionary->entries()[i].value);
  }
  heap.free_buffer(dictionary, bytes_for(dictionary->capacity), kOwner);
}

}  // namespace duso
