// A text that is put together piece by piece before it becomes a string.
//
// Strings of the heap do not change their size, so text of unknown length grows out here. Growth is still the
// script's business: a buffer that could not become a string within the heap's limit stops growing, before the memory
// of the machine is gone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <new>
#include <string>
#include <string_view>

#include "interpreter/values/string.hpp"
#include "runtime/memory/heap.hpp"

namespace duso::stdlib {

class TextBuffer {
 public:
  // Text for [heap], which must outlive this, of about [expected] bytes.
  explicit TextBuffer(memory::Heap& heap, std::size_t expected = 0) : heap_(heap) {
    if (expected > 0) grow(expected);
  }

  // Appends [piece]. Throws HeapLimitReached or std::bad_alloc when the text is too large for a string of this heap.
  void append(std::string_view piece) {
    if (piece.size() > text_.capacity() - text_.size()) grow(piece.size());
    text_.append(piece);
  }

  std::string_view view() const { return text_; }

  // The text as a new string, owned by the caller.
  String* to_string() const { return new_string(heap_, text_); }

 private:
  void grow(std::size_t added) {
    const std::size_t needed = text_.size() + added;
    if (needed > kMaxStringSize) throw std::bad_alloc();
    heap_.require(needed);
    text_.reserve(std::max(needed, 2 * text_.capacity()));
  }

  memory::Heap& heap_;
  std::string text_;
};

}  // namespace duso::stdlib
