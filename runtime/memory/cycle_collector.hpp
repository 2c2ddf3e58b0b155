// Cycle collection for one heap.
//
// Reference counts free almost everything at once, but not an array that contains itself. This collector finds such
// garbage by trial deletion: take the containers whose count was decremented but not to zero (the candidates), subtract
// every reference that comes from inside the subgraph they reach, and whatever is left at zero was only keeping itself
// alive. Nothing on any stack needs to be scanned, because stack references are counted like all others.
//
//   1. *Subtract.* Walk from the candidates. Every object reached turns grey, and each reference found takes one off
//      the count of the object it leads to. What is left of a count then comes from outside.
//   2. *Restore.* A grey object with a count above zero is in use, and so is all it reaches: turn those black again and
//      put back the references found on the way.
//   3. *Free.* What is still grey is garbage. Its counts are put back as well, each object gets one more reference that
//      holds it in place, and then all are dropped: while they give up each other, none can die in the middle. At the
//      end only the holds are left. So a type needs nothing beyond `drop` and `trace` to be collected.
//
// Only objects marked kCyclic are walked. All others hold nothing that could ever lead back to them (the layer above
// marks an object before it stores a reference that could), so for a cycle they are as good as leaves: references to
// them are neither subtracted nor followed, and they die by their counts when the garbage that holds them is dropped.
//
// It runs on the instance's own thread, at an allocation or on request, never on the hot path of a store. It must not
// recurse: a list of a million nodes has to be walked with a work list. The lists come from the system, not from the
// heap, and whenever one can not be had the collection leaves everything as it found it.
//
// Background: Bacon and Rajan, "Concurrent Cycle Collection in Reference Counted Systems", 2001 (the synchronous
// variant).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "runtime/memory/heap.hpp"

namespace duso::memory {

class CycleCollector {
 public:
  struct Findings {
    std::size_t visited = 0;  // objects the candidates reach, themselves included
    std::size_t garbage = 0;  // those of them that were dead and are freed now
    std::size_t cycles = 0;   // strongly connected groups among the dead
  };

  // A collector for one collection of [heap].
  explicit CycleCollector(Heap& heap) : heap_(heap) {}

  // Frees every dead cycle that the heap's candidates reach. Afterwards nothing is a candidate but what the dead let
  // go. Host handles in a dead cycle are closed exactly once; no script code runs.
  Findings collect() noexcept;

 private:
  void subtract(std::span<HeapObject* const> candidates);
  void restore_living();
  void keep_garbage() noexcept;
  void free_garbage() noexcept;
  void put_back_references() noexcept;

  Heap& heap_;
  std::vector<HeapObject*> reached_;  // what turned grey, in the order it was found; from step 3 on the garbage only
};

}  // namespace duso::memory
