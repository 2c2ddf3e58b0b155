// The hash table behind objects that are used as dictionaries.
//
// Entries stand in order of insertion; an index of 32-bit entry numbers (open addressing, at most half full) finds them
// by the strings' cached hashes. Small dictionaries have no index and are searched from front to back. One buffer of
// the heap holds everything: this head, the entries, then the index.
#pragma once

#include <cstdint>

#include "interpreter/values/string.hpp"
#include "interpreter/values/value.hpp"
#include "runtime/memory/heap.hpp"

namespace duso {

struct Dictionary {
  struct Entry {
    String* name;
    Value value;
  };
  static constexpr std::uint32_t kSmall = 8;

  std::uint32_t size;
  std::uint32_t capacity;    // entries
  std::uint32_t index_size;  // a power of two, or 0 for a small dictionary
  std::uint32_t padding;

  Entry* entries() { return reinterpret_cast<Entry*>(this + 1); }
  std::uint32_t* index() { return reinterpret_cast<std::uint32_t*>(entries() + capacity); }

  // The entry called [name], or null.
  Entry* find(const String* name);

  // A dictionary with the entries of [old] (which may be null and is freed) and room for [capacity]; what it holds
  // moves along.
  static Dictionary* grown(memory::Heap& heap, Dictionary* old, std::uint32_t capacity);

  // Appends an entry that does not exist yet; there must be room. Takes over both references.
  void add(String* name, Value value);

  // What it takes on the heap.
  std::size_t block_bytes() const;

  static void destroy(memory::Heap& heap, Dictionary* dictionary);
};
static_assert(sizeof(Dictionary::Entry) == 16);

}  // namespace duso
