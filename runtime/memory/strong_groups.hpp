// How many cycles a heap of garbage was made of, for the statistics.
//
// Dead objects form *strongly connected groups*: in a group each object leads to each other one. Groups are found with
// Tarjan's algorithm over the dead objects only, with explicit stacks instead of recursion. While it runs, the count of
// an object, which is zero by then, serves as its number.
#pragma once

#include <cstddef>
#include <span>

#include "runtime/memory/heap_object.hpp"

namespace duso::memory {

// The number of strongly connected groups among [garbage] that really are cycles: two objects or more, or one that
// refers to itself. All objects given must be grey with count zero, and are again afterwards; nothing else may be grey.
// Without memory for the work the answer is 0.
std::size_t count_strong_groups(std::span<HeapObject* const> garbage) noexcept;

}  // namespace duso::memory
