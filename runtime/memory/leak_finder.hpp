// Objects that live though nothing can reach them any more: dead cycles that were not collected yet.
//
// Nothing has to know where the roots are. Every reference is counted, and those from one object to another can be
// seen: so an object whose count is higher than the number of references that other objects hold on it is referenced
// from outside - a global, a frame on a native stack, a waiting task, the runtime itself. What no such object leads to
// is leaked. That is the collector's trial deletion over the whole heap instead of over what the candidates reach, and
// it does not free anything: so it is a check of the collector at the same time.
//
// Costs a walk over the whole heap, three times.
#pragma once

#include "runtime/memory/heap.hpp"

namespace duso::memory {

// Shows every leaked object of [heap] to [visitor], which must neither allocate on the heap nor release anything.
// Throws std::bad_alloc when there is no memory for a list of all objects.
void find_leaks(Heap& heap, ReferenceVisitor& visitor);

}  // namespace duso::memory
