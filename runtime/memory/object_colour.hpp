// The two header bits in which the collector keeps what it thinks of an object.
//
// Between collections every living object is black; only the collector itself ever sees grey.
#pragma once

#include <cstdint>

#include "runtime/memory/heap_object.hpp"

namespace duso::memory {

enum class Colour : std::uint8_t {
  kBlack = 0,  // in use, as far as anybody knows
  kGrey = 8,   // under trial: references from inside the subgraph are subtracted from its count
  kDead = 16,  // dropped and empty, but still named by the candidate buffer
};

inline Colour colour_of(const HeapObject* object) noexcept { return static_cast<Colour>(object->flags & kColourMask); }

inline void set_colour(HeapObject* object, Colour colour) noexcept {
  object->flags = static_cast<std::uint8_t>((object->flags & ~kColourMask) | static_cast<std::uint8_t>(colour));
}

}  // namespace duso::memory
