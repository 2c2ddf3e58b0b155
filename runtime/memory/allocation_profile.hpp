// Which places of a script allocate, and how much of it is still there: the part of the memory profiler that has to be
// asked for.
//
// The heap knows no positions. While a profile is on, lowering puts marks into the executable tree
// (interpreter/execution/site_marks.hpp), and running a mark tells the profile where the script is: that is the one
// pointer `site_`. Each sampled allocation gets the number of an *entry*, one per place and type; the heap keeps the
// number beside the object's block (chunk.hpp, large_blocks.hpp). An allocation in the same block replaces the number,
// and what lives of an entry is found by a walk over the heap when somebody asks.
//
// Peaks are recorded here too: of a type nobody else knows how many bytes are in use at every moment.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/memory/type_registry.hpp"

namespace duso::memory {

// A place in a source.
struct AllocationSite {
  const std::string* file;
  std::uint32_t line;
  std::uint32_t column;
};

class AllocationProfile {
 public:
  struct Entry {
    std::string file;  // empty: nothing of the script was running
    std::uint32_t line;
    std::uint32_t column;
    std::uint8_t type;
    std::size_t allocations;  // that were sampled
  };

  // One in [rate] allocations is recorded; at least 1.
  explicit AllocationProfile(std::size_t rate) : rate_(rate) {}

  std::size_t rate() const noexcept { return rate_; }

  // Makes [site], which must stay until it is replaced, the place where the script is; null: nowhere. Returns the one
  // before.
  const AllocationSite* exchange_site(const AllocationSite* site) noexcept { return std::exchange(site_, site); }

  // Counts an allocation of an object of [type]. Returns the number of its entry, 0 when it is not recorded.
  std::uint32_t record(std::uint8_t type) noexcept;
  // [bytes] more, or less, are in use by [type]. Before they were given up, [usage] bytes were in use by all types.
  void add_bytes(std::uint8_t type, std::size_t bytes) noexcept {
    in_use_[type] += bytes;
    if (in_use_[type] > peaks_[type]) peaks_[type] = in_use_[type];
  }
  void remove_bytes(std::uint8_t type, std::size_t bytes, std::size_t usage) noexcept {
    in_use_[type] -= bytes;
    if (usage > highest_usage_) highest_usage_ = usage;
  }

  // The entry called [number]; null for 0 and for those that were forgotten.
  const Entry* entry(std::uint32_t number) const noexcept {
    return number > forgotten_ && number - forgotten_ <= entries_.size() ? &entries_[number - forgotten_ - 1] : nullptr;
  }
  const std::vector<Entry>& entries() const noexcept { return entries_; }
  std::size_t peak_bytes(std::uint8_t type) const noexcept { return peaks_[type]; }
  // The highest usage seen before a release.
  std::size_t highest_usage() const noexcept { return highest_usage_; }

  // Forgets all entries, and the peaks but for what is in use now.
  void reset() noexcept;

 private:
  // What an entry was last found by.
  struct Recent {
    const AllocationSite* site = nullptr;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::uint32_t number = 0;
    std::uint8_t type = 0;
  };
  Recent& recent(std::uint8_t type) noexcept {
    return recent_[(reinterpret_cast<std::uintptr_t>(site_) / alignof(AllocationSite) + type) % recent_.size()];
  }
  std::uint32_t entry_number(std::uint8_t type);
  std::uint32_t find_entry(const AllocationSite& site, std::uint8_t type);

  const std::size_t rate_;
  std::size_t until_next_ = 1;  // allocations until one is recorded
  const AllocationSite* site_ = nullptr;
  std::vector<Entry> entries_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> numbers_;  // of entries, by their hash
  std::array<Recent, 64> recent_;
  std::uint32_t forgotten_ = 0;  // numbers up to this one mean nothing any more
  std::size_t highest_usage_ = 0;
  std::array<std::size_t, kTypeCount> in_use_{};
  std::array<std::size_t, kTypeCount> peaks_{};
};

}  // namespace duso::memory
