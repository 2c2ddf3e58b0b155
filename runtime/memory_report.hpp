// What a script's memory is made of: the numbers of `runtime.profile()`, and the report that `-profile-memory` writes.
//
// Everything is taken from the heap at one moment: its counters, one walk over what lives, and the full trace that
// tells leaked objects from used ones. Sites, and how much a type used at most, are only known to a heap that was asked
// to profile (runtime/memory/allocation_profile.hpp).
//
// Rules: memory-and-panics.md 7.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "runtime/memory/heap.hpp"

namespace duso {

struct MemoryReport {
  struct Type {
    std::string name;
    std::size_t allocations = 0;
    std::size_t deallocations = 0;
    std::size_t total_bytes = 0;
    std::size_t live = 0;
    std::size_t bytes = 0;  // of what lives, owned buffers included
    std::size_t peak_bytes = 0;
  };
  // With a profile that samples, all counts are estimates.
  struct Site {
    std::string location;  // "job.du:12:9"; "(native)" when no script was running
    std::string type;
    std::size_t allocations = 0;
    std::size_t live = 0;
    std::size_t bytes = 0;
    std::size_t leaks = 0;
  };

  bool has_sites = false;
  std::size_t allocations = 0;  // objects
  std::size_t deallocations = 0;
  std::size_t bytes_allocated = 0;
  std::size_t bytes_freed = 0;
  std::size_t peak_bytes = 0;
  std::size_t leaks = 0;
  std::vector<Type> types;   // those that were ever allocated, by bytes, then name
  std::vector<Site> sites;   // by bytes, then location
  std::vector<Site> leaked;  // what leaked: one for every type and site, by number

  std::size_t objects() const { return allocations - deallocations; }
};

// Looks at [heap]. Throws std::bad_alloc when there is no memory to do so.
MemoryReport look_at_memory(memory::Heap& heap);

// The report as text, for the script [script] with [pid], which has run for [seconds].
std::string memory_report_text(memory::Heap& heap, const std::string& script, std::uint64_t pid, double seconds);

}  // namespace duso
