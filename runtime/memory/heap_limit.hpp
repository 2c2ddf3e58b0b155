// The byte limit of a heap, and the reserve that makes hitting it survivable.
//
// A script that runs out of memory gets an ordinary error, but making that error, and catching it, needs memory too. So
// the first request that fails opens a reserve above the limit: a failing script has a little room to move until it has
// given something up. The reserve closes as soon as usage is back under the limit by an eighth of the reserve. (Right
// at the limit it must stay open: the request that failed may have been a large one, with a few bytes still free below
// the limit, and the error takes more than those.)
//
// Rules: memory-and-panics.md 4.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

namespace duso::memory {

// An allocation would pass the limit of its heap, or of the process. Turned into a script error at the boundary of the
// operation that failed.
class HeapLimitReached : public std::exception {
 public:
  enum class Whose : std::uint8_t { kInstance, kProcess };

  explicit HeapLimitReached(std::size_t limit, Whose whose = Whose::kInstance) : limit_(limit), whose_(whose) {}
  // The limit in bytes.
  std::size_t limit() const { return limit_; }
  Whose whose() const { return whose_; }
  const char* what() const noexcept override { return "heap limit reached"; }

 private:
  std::size_t limit_;
  Whose whose_;
};

// The text of memory-and-panics.md 4 for a limit of [bytes]: "900 bytes", "100 KB", "1.5 MB".
std::string format_size(std::size_t bytes);

// The same without an allocation: async-signal-safe.
class SizeText {
 public:
  explicit SizeText(std::size_t bytes) noexcept;
  std::string_view view() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, 32> text_;
  std::size_t size_ = 0;
};

class HeapLimit {
 public:
  // [bytes]: what may be in use at once; 0 = no limit.
  explicit HeapLimit(std::size_t bytes) noexcept : bytes_(bytes) {}

  std::size_t bytes() const noexcept { return bytes_; }
  bool reserve_is_open() const noexcept { return reserve_is_open_; }

  // Makes [bytes] the limit if that is lower than the present one; 0 and anything higher change nothing.
  void lower(std::size_t bytes) noexcept {
    if (bytes != 0 && (bytes_ == 0 || bytes < bytes_)) bytes_ = bytes;
  }

  // How much more may be allocated with [used] bytes in use; without a limit the largest number there is.
  std::size_t room(std::size_t used) const noexcept {
    if (bytes_ == 0) return SIZE_MAX;
    const std::size_t most = bytes_ + (reserve_is_open_ ? reserve() : 0);
    return most - std::min(used, most);
  }

  void open_reserve() noexcept { reserve_is_open_ = bytes_ != 0; }

  // Closes the reserve if [used] bytes in use leave enough room without it.
  void close_reserve_if_possible(std::size_t used) noexcept {
    if (reserve_is_open_ && used + std::min(reserve(), bytes_) / 8 <= bytes_) reserve_is_open_ = false;
  }

 private:
  static constexpr std::size_t kSmallestReserve = std::size_t{64} * 1024;

  std::size_t reserve() const noexcept { return std::max(kSmallestReserve, bytes_ / 64); }

  std::size_t bytes_;
  bool reserve_is_open_ = false;
};

}  // namespace duso::memory
