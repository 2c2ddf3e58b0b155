// The one table that tells the heap what a type id means.
//
// The layers above fill it once, before the first heap exists; from then on it is only read, so all threads share it
// without a lock. Beside the entry of each id it knows which ids belong to containers and which to hosts, because the
// heap sums its counters over those.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "runtime/memory/heap_object.hpp"

namespace duso::memory {

// Ids are below this. Every heap has counters for each of them, so room for types that do not exist is not free: ten
// thousand instances have ten thousand heaps.
inline constexpr std::size_t kTypeCount = 32;

namespace detail {
extern std::array<TypeInfo, kTypeCount> types;
}  // namespace detail

// Registers [info] under [type], which is below kTypeCount; call at start-up only, before any heap exists. Ids are
// chosen by the layer above; registering an id again replaces its entry.
void register_type(std::uint8_t type, const TypeInfo& info);

// What is known of [type]; an id that was never registered is a leaf without a name.
inline const TypeInfo& type_info(std::uint8_t type) { return detail::types[type]; }

// Gives up everything that [object], an object of [heap], owns; its own block stays.
inline void drop_contents(Heap& heap, HeapObject* object) {
  if (const auto drop = type_info(object->type).drop; drop != nullptr) drop(heap, object);
}

// Shows every counted reference that [object] holds to [visitor]. A host type without a trace function keeps its
// references to itself: to the collector they come from outside, so what they lead to is never garbage.
inline void trace_references(HeapObject* object, ReferenceVisitor& visitor) {
  if (const auto trace = type_info(object->type).trace; trace != nullptr) trace(object, visitor);
}

// The ids registered as containers, hosts included.
std::span<const std::uint8_t> container_types();

// The ids registered as hosts.
std::span<const std::uint8_t> host_types();

}  // namespace duso::memory
