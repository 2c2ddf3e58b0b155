// Strings: immutable bytes that normally hold UTF-8.
//
// The text follows the header in the same block. Whether it is pure ASCII is known from the start, so that `len`,
// `substr` and indexing are O(1) on ASCII; for other text the number of code points is counted once and remembered. The
// hash is computed when first asked for. Property names are *interned*: one object per text and worker, so that names
// compare by address.
//
// "Immutable" is what a script sees. A string that nobody else refers to may grow in place (`append`), which is what
// makes `s = s + x` in a loop linear.
#pragma once

#include <cstdint>
#include <string_view>

#include "interpreter/values/value.hpp"
#include "runtime/memory/heap.hpp"

namespace duso {

struct String : memory::HeapObject {
  static constexpr std::uint32_t kUnknownLength = 0xFFFF'FFFF;
  enum Aux : std::uint8_t { kAscii = 1, kInterned = 2 };

  std::uint32_t size;                 // bytes
  std::uint32_t capacity;             // bytes that fit the block
  mutable std::uint32_t code_points;  // kUnknownLength until somebody asks
  mutable std::uint32_t hash_code;    // 0: not computed yet

  char* data() { return reinterpret_cast<char*>(this + 1); }
  const char* data() const { return reinterpret_cast<const char*>(this + 1); }
  std::string_view view() const { return {data(), size}; }
  bool is_ascii() const { return (aux & kAscii) != 0; }
  bool is_interned() const { return (aux & kInterned) != 0; }

  // Code points; an invalid byte counts as one (builtins.md 1.5).
  std::uint32_t length() const {
    if (is_ascii()) return size;
    return code_points != kUnknownLength ? code_points : count_length();
  }

  std::uint32_t hash() const { return hash_code != 0 ? hash_code : compute_hash(); }

 private:
  std::uint32_t count_length() const;
  std::uint32_t compute_hash() const;
};
static_assert(sizeof(String) == 24);

// Longest string in bytes; longer results throw std::bad_alloc.
inline constexpr std::size_t kMaxStringSize = 0xFFFF'FF00;

// A new string holding a copy of [text]; owned by the caller.
String* new_string(memory::Heap& heap, std::string_view text);

// A new string of [size] bytes that the caller fills in and then passes to finish_string.
String* new_string_uninitialised(memory::Heap& heap, std::size_t size);

// Works out the ASCII mark of a string that was filled in by hand.
void finish_string(String* string);

// [left] followed by [text]; takes over the caller's reference to [left]. When that was the only one, the text grows in
// place (amortised O(added bytes)). On failure (heap limit) [left] is unchanged and still the caller's.
String* append(memory::Heap& heap, String* left, std::string_view text);

// Shortens a string that nobody else has to [size] bytes, undoing appends.
void truncate(String* string, std::uint32_t size);

inline bool same_text(const String* a, const String* b) {
  return a == b || (a->size == b->size && a->view() == b->view());
}

// The character at code point [index] of [string] as a string of its own; [index] must be below its length.
String* character_at(memory::Heap& heap, const String* string, std::uint32_t index);

}  // namespace duso
