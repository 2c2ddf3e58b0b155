// A text that is put together piece by piece before it becomes a string.
//
// Strings of the heap do not change their size, so text of unknown length grows out here. Growth is still the
// script's business: a buffer that could not become a string within the heap's limit stops growing, before the memory
// of the machine is gone.
//
// There are two ways to write: `append` takes text that exists already, `reserve` and `commit` let a formatter write
// its digits straight into the buffer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include "interpreter/values/string.hpp"
#include "runtime/memory/heap.hpp"

namespace duso::stdlib {

class TextBuffer {
 public:
  // Text for [heap], which must outlive this, of about [expected] bytes.
  explicit TextBuffer(memory::Heap& heap, std::size_t expected = 0) : heap_(heap) {
    if (expected > 0) grow(expected);
  }

  // Appends [piece], which must not lie in this buffer. Throws HeapLimitReached or std::bad_alloc when the text is too
  // large for a string of this heap.
  void append(std::string_view piece) {
    if (piece.empty()) return;
    std::memcpy(reserve(piece.size()), piece.data(), piece.size());
    size_ += piece.size();
  }
  void append(char byte) {
    *reserve(1) = byte;
    ++size_;
  }

  // Room for [bytes] behind the text, valid until the next call. Throws as `append` does.
  char* reserve(std::size_t bytes) {
    if (bytes > capacity_ - size_) grow(bytes);
    return text_.get() + size_;
  }

  // Makes the first [bytes] of what was reserved and written part of the text.
  void commit(std::size_t bytes) { size_ += bytes; }

  std::string_view view() const { return size_ != 0 ? std::string_view(text_.get(), size_) : std::string_view(""); }
  memory::Heap& heap() const { return heap_; }

  // The text as a new string, owned by the caller.
  String* to_string() const { return new_string(heap_, view()); }

 private:
  void grow(std::size_t added) {
    const std::size_t needed = size_ + added;
    if (needed > kMaxStringSize) throw std::bad_alloc();
    heap_.require(needed);
    const std::size_t capacity = std::max(needed, 2 * capacity_);
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ != 0) std::memcpy(larger.get(), text_.get(), size_);
    text_ = std::move(larger);
    capacity_ = capacity;
  }

  memory::Heap& heap_;
  std::unique_ptr<char[]> text_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace duso::stdlib
