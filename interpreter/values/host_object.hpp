// Host objects: what a script holds when it holds something of the runtime, such as a task or a channel.
//
// A host object lies on the script heap like any value and refers to one C++ object outside of it. When its last
// reference goes, or the whole heap does, the C++ object is told through the `drop` of its host type. Scripts do not
// see host objects themselves but handles: ordinary objects whose methods are bound to one.
#pragma once

#include "interpreter/values/value.hpp"
#include "runtime/memory/heap.hpp"

namespace duso {

struct HostType {
  const char* name;                                                           // "task", "channel"
  void (*drop)(void* payload);                                                // gives up one reference to [payload]
  void (*trace)(void* payload, memory::ReferenceVisitor& visitor) = nullptr;  // null: holds no script values
};

inline constexpr HeapType kHostObject = HeapType::kFirstHostType;

struct HostObject : memory::HeapObject {
  const HostType* host_type;
  void* payload;  // null once it was dropped
};

// Registers the heap type. Once, at start-up.
void register_host_objects();

// Owned by the caller; takes over one reference to [payload], which is dropped if there is no memory.
HostObject* new_host_object(memory::Heap& heap, const HostType& type, void* payload);

// What [value] refers to if it is a host object of [type]; else null. Borrowed.
void* host_payload(Value value, const HostType& type);

}  // namespace duso
