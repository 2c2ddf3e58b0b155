// The sizes that small blocks come in.
//
// Every request is rounded up to one of 52 sizes. Script objects are small and their sizes repeat, so up to 256 bytes
// each multiple of 8 has a class of its own and nothing is wasted; from there to kLargestSmall four classes per
// doubling keep the waste below a fifth while a growing array passes through few of them. Class 0 does not exist: in an
// object's header it says that the block is large, and in a block that stands in a free list it says just that (see
// small_blocks.hpp).
//
// Both tables are known at compile time, so a request whose size is a constant costs no lookup at all.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace duso::memory {

inline constexpr std::size_t kLargestSmall = 8192;  // bytes; anything above is an allocation of its own
inline constexpr std::size_t kSizeClassCount = 53;  // the unused class 0 included

namespace detail {

inline constexpr std::size_t kBlockAlignment = 8;
inline constexpr std::size_t kLastFineSize = 256;

consteval std::array<std::uint16_t, kSizeClassCount> make_block_sizes() {
  std::array<std::uint16_t, kSizeClassCount> sizes{};
  std::size_t size = 0;
  for (std::size_t size_class = 1; size_class < kSizeClassCount; ++size_class) {
    std::size_t step = kBlockAlignment;
    if (size >= kLastFineSize) {
      std::size_t power = kLastFineSize;
      while (power * 2 <= size) power *= 2;
      step = power / 4;
    }
    size += step;
    sizes[size_class] = static_cast<std::uint16_t>(size);
  }
  return sizes;
}

inline constexpr std::array<std::uint16_t, kSizeClassCount> kBlockSizes = make_block_sizes();
static_assert(kBlockSizes[1] == 8 && kBlockSizes[32] == 256 && kBlockSizes[33] == 320);
static_assert(kBlockSizes[kSizeClassCount - 1] == kLargestSmall);

// The class of a request, by its size in units of the alignment.
consteval std::array<std::uint8_t, kLargestSmall / kBlockAlignment + 1> make_classes() {
  std::array<std::uint8_t, kLargestSmall / kBlockAlignment + 1> classes{};
  std::size_t size_class = 1;
  for (std::size_t units = 0; units < classes.size(); ++units) {
    if (units * kBlockAlignment > kBlockSizes[size_class]) ++size_class;
    classes[units] = static_cast<std::uint8_t>(size_class);
  }
  return classes;
}

inline constexpr std::array<std::uint8_t, kLargestSmall / kBlockAlignment + 1> kClasses = make_classes();

}  // namespace detail

// The class that serves a request of [bytes], which must be at most kLargestSmall. Zero bytes get the smallest block.
constexpr std::uint8_t size_class_of(std::size_t bytes) {
  return detail::kClasses[(bytes + detail::kBlockAlignment - 1) / detail::kBlockAlignment];
}

// The bytes of a block of [size_class], which must not be 0.
constexpr std::size_t block_size_of(std::size_t size_class) { return detail::kBlockSizes[size_class]; }

}  // namespace duso::memory
