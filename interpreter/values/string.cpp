#include "interpreter/values/string.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "interpreter/values/hash.hpp"
#include "interpreter/values/utf8.hpp"

namespace duso {

namespace {

constexpr std::uint32_t kUncounted = String::kUnknownLength;

// A string block for [size] bytes of text that may later grow to whatever the allocator rounds up to.
String* allocate(memory::Heap& heap, std::size_t size) {
  if (size > kMaxStringSize) throw std::bad_alloc();
  auto* string =
      static_cast<String*>(heap.allocate_object(static_cast<std::uint8_t>(HeapType::kString), sizeof(String) + size));
  string->size = static_cast<std::uint32_t>(size);
  string->capacity =
      static_cast<std::uint32_t>(std::min(memory::Heap::block_size(string) - sizeof(String), kMaxStringSize));
  string->code_points = kUncounted;
  string->hash_code = 0;
  return string;
}

bool starts_inside_character(std::string_view text) {
  return !text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0) == 0x80;
}

}  // namespace

std::uint32_t String::count_length() const {
  code_points = static_cast<std::uint32_t>(utf8::count(view()));
  return code_points;
}

std::uint32_t String::compute_hash() const {
  const std::uint32_t hash = hash_bytes(view());
  hash_code = hash != 0 ? hash : 1;
  return hash_code;
}

String* new_string(memory::Heap& heap, std::string_view text) {
  String* string = allocate(heap, text.size());
  std::memcpy(string->data(), text.data(), text.size());
  if (utf8::is_ascii(text)) string->aux = String::kAscii;
  return string;
}

String* new_string_uninitialised(memory::Heap& heap, std::size_t size) { return allocate(heap, size); }

void finish_string(String* string) {
  if (utf8::is_ascii(string->view())) string->aux = String::kAscii;
}

String* append(memory::Heap& heap, String* left, std::string_view text) {
  if (text.empty()) return left;
  const std::size_t old_size = left->size;
  const std::size_t new_size = old_size + text.size();
  const bool ascii = utf8::is_ascii(text);

  String* result = left;
  if (left->count != 1 || (left->flags & memory::kImmortal) != 0) {
    result = allocate(heap, new_size);
    std::memcpy(result->data(), left->data(), old_size);
    result->aux = left->aux & String::kAscii;
    result->code_points = left->code_points;
  } else if (new_size > left->capacity) {
    // Growing by half keeps a loop of appends linear.
    result = allocate(heap, std::max(new_size, std::min(old_size + old_size / 2, kMaxStringSize)));
    std::memcpy(result->data(), left->data(), old_size);
    result->aux = left->aux & String::kAscii;
    result->code_points = left->code_points;
  }
  // [text] may lie inside [left], so it is copied before [left] goes.
  std::memcpy(result->data() + old_size, text.data(), text.size());
  result->size = static_cast<std::uint32_t>(new_size);
  result->hash_code = 0;

  // The length of the whole is the sum of the parts only if no character straddles the seam.
  const std::uint32_t left_length =
      (result->aux & String::kAscii) != 0 ? static_cast<std::uint32_t>(old_size) : result->code_points;
  if (!ascii) result->aux &= static_cast<std::uint8_t>(~String::kAscii);
  if (left_length != kUncounted && !starts_inside_character(text)) {
    result->code_points = left_length + static_cast<std::uint32_t>(ascii ? text.size() : utf8::count(text));
  } else {
    result->code_points = kUncounted;
  }
  if (result != left) memory::release(left);
  return result;
}

void truncate(String* string, std::uint32_t size) {
  if (string->size == size) return;
  string->size = size;
  string->hash_code = 0;
  string->code_points = kUncounted;
  string->aux &= static_cast<std::uint8_t>(~String::kAscii);
  finish_string(string);
}

String* character_at(memory::Heap& heap, const String* string, std::uint32_t index) {
  const std::string_view text = string->view();
  if (string->is_ascii()) return new_string(heap, text.substr(index, 1));
  const std::size_t start = utf8::offset_of(text, index);
  return new_string(heap, text.substr(start, utf8::decode(text.substr(start)).length));
}

}  // namespace duso
