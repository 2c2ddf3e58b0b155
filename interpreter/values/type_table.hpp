// What each type of this directory tells the memory layer: how to give up what an object holds, how to walk it, and
// what the buffers it owns take. The functions are defined beside their types; only the registration in value.cpp names
// them.
#pragma once

#include "runtime/memory/heap.hpp"

namespace duso {

void drop_array(memory::Heap& heap, memory::HeapObject* object);
void trace_array(memory::HeapObject* object, memory::ReferenceVisitor& visitor);
std::size_t array_bytes(const memory::HeapObject* object);
void drop_object(memory::Heap& heap, memory::HeapObject* object);
void trace_object(memory::HeapObject* object, memory::ReferenceVisitor& visitor);
std::size_t object_bytes(const memory::HeapObject* object);
void drop_function(memory::Heap& heap, memory::HeapObject* object);
void trace_function(memory::HeapObject* object, memory::ReferenceVisitor& visitor);
void drop_host_function(memory::Heap& heap, memory::HeapObject* object);
void trace_host_function(memory::HeapObject* object, memory::ReferenceVisitor& visitor);
void drop_environment(memory::Heap& heap, memory::HeapObject* object);
void trace_environment(memory::HeapObject* object, memory::ReferenceVisitor& visitor);
void drop_root(memory::Heap& heap, memory::HeapObject* object);
void trace_root(memory::HeapObject* object, memory::ReferenceVisitor& visitor);
std::size_t root_bytes(const memory::HeapObject* object);
void drop_error(memory::Heap& heap, memory::HeapObject* object);
void trace_error(memory::HeapObject* object, memory::ReferenceVisitor& visitor);
std::size_t error_bytes(const memory::HeapObject* object);
void drop_code(memory::Heap& heap, memory::HeapObject* object);
void trace_code(memory::HeapObject* object, memory::ReferenceVisitor& visitor);
void drop_binary(memory::Heap& heap, memory::HeapObject* object);
void trace_binary(memory::HeapObject* object, memory::ReferenceVisitor& visitor);
std::size_t binary_bytes(const memory::HeapObject* object);
void drop_regex(memory::Heap& heap, memory::HeapObject* object);

}  // namespace duso
