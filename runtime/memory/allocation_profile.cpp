#include "runtime/memory/allocation_profile.hpp"

#include <new>

namespace duso::memory {

namespace {

const std::string kNoFile;
constexpr AllocationSite kNowhere{&kNoFile, 0, 0};

}  // namespace

std::uint32_t AllocationProfile::record(std::uint8_t type) noexcept {
  if (--until_next_ != 0) return 0;
  until_next_ = rate_;
  try {
    const std::uint32_t number = entry_number(type);
    ++entries_[number - forgotten_ - 1].allocations;
    return number;
  } catch (const std::bad_alloc&) {
    return 0;  // as if it had not been sampled
  }
}

// Most allocations come from few places, one after the other.
std::uint32_t AllocationProfile::entry_number(std::uint8_t type) {
  const AllocationSite& site = site_ != nullptr ? *site_ : kNowhere;
  Recent& last = recent(type);
  if (last.site == &site && last.type == type && last.line == site.line && last.column == site.column &&
      last.number > forgotten_) {
    return last.number;
  }
  const std::uint32_t number = find_entry(site, type);
  last = {&site, site.line, site.column, number, type};
  return number;
}

// Two files may have like positions, and a freed source's name may come back at another address: so texts decide.
std::uint32_t AllocationProfile::find_entry(const AllocationSite& site, std::uint8_t type) {
  const std::uint64_t hash = (std::uint64_t{site.line} << 32) ^ (std::uint64_t{site.column} << 8) ^ type;
  const auto [first, last] = numbers_.equal_range(hash);
  for (auto candidate = first; candidate != last; ++candidate) {
    if (entries_[candidate->second - forgotten_ - 1].file == *site.file) return candidate->second;
  }
  entries_.push_back({*site.file, site.line, site.column, type, 0});
  const auto number = static_cast<std::uint32_t>(forgotten_ + entries_.size());
  try {
    numbers_.emplace(hash, number);
  } catch (...) {
    entries_.pop_back();
    throw;
  }
  return number;
}

void AllocationProfile::reset() noexcept {
  forgotten_ += static_cast<std::uint32_t>(entries_.size());
  entries_.clear();
  numbers_.clear();
  peaks_ = in_use_;
  highest_usage_ = 0;
}

}  // namespace duso::memory
