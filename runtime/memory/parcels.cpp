#include "runtime/memory/parcels.hpp"

#include <memory>
#include <new>
#include <utility>

namespace duso::memory {

// The chunks of one thread that have free parcels; the first is taken from.
class OpenChunks {
 public:
  OpenChunks() = default;
  OpenChunks(const OpenChunks&) = delete;
  OpenChunks& operator=(const OpenChunks&) = delete;
  // A chunk whose parcels are still in use stays, for whoever has them.
  ~OpenChunks() {
    while (first_ != nullptr) {
      SharedChunk& chunk = *first_;
      close(chunk);
      if (chunk.is_empty()) drop(chunk);
    }
  }

  std::byte* take() {
    if (first_ == nullptr) open(*new (take_chunk_memory()) SharedChunk);
    SharedChunk& chunk = *first_;
    std::byte* const parcel = chunk.pop();
    if (chunk.is_full()) close(chunk);
    return parcel;
  }

  void give_back(std::byte* parcel) noexcept {
    SharedChunk& chunk = *SharedChunk::of(parcel);
    if (chunk.is_full()) open(chunk);
    chunk.parcel_at(parcel) = {nullptr, std::exchange(chunk.first_free_, parcel)};
    --chunk.taken_;
    const bool is_last = first_ == &chunk && chunk.next_open_ == nullptr;
    if (!chunk.is_empty() || is_last) return;
    close(chunk);
    drop(chunk);
  }

 private:
  void open(SharedChunk& chunk) noexcept {
    chunk.previous_open_ = nullptr;
    chunk.next_open_ = first_;
    if (first_ != nullptr) first_->previous_open_ = &chunk;
    first_ = &chunk;
  }

  void close(SharedChunk& chunk) noexcept {
    (chunk.previous_open_ != nullptr ? chunk.previous_open_->next_open_ : first_) = chunk.next_open_;
    if (chunk.next_open_ != nullptr) chunk.next_open_->previous_open_ = chunk.previous_open_;
  }

  static void drop(SharedChunk& chunk) noexcept {
    std::destroy_at(&chunk);
    give_back_chunk_memory(&chunk);
  }

  SharedChunk* first_ = nullptr;
};

namespace {

thread_local OpenChunks open_chunks;

}  // namespace

std::byte* SharedChunk::pop() noexcept {
  ++taken_;
  if (first_free_ == nullptr) return bytes() + untouched_++ * kParcelBytes;
  return std::exchange(first_free_, parcel_at(first_free_).next);
}

std::byte* SharedChunk::take_parcel(Heap& heap, std::byte* next) {
  std::byte* const parcel = open_chunks.take();
  of(parcel)->parcel_at(parcel) = {&heap, next};
  of(parcel)->clear_labels(parcel);
  return parcel;
}

void SharedChunk::give_back(std::byte* parcel) noexcept { open_chunks.give_back(parcel); }

}  // namespace duso::memory
