// The three steps of a collection, each as a visitor that sees one reference and a loop that brings it to all of them.
// The header says why they are right.
#include "runtime/memory/cycle_collector.hpp"

#include <new>

#include "runtime/memory/strong_groups.hpp"

namespace duso::memory {

namespace {

// Whether the collector walks through [object] at all.
bool is_walked(const HeapObject* object) { return (object->flags & (kCyclic | kImmortal)) == kCyclic; }

// A list with room for all it may ever hold: whether there is memory for it shows before anything was changed.
std::vector<HeapObject*> list_for(std::size_t objects) {
  std::vector<HeapObject*> list;
  list.reserve(objects);
  return list;
}

// Step 1 seen from one object: takes a reference off each child, and puts the child on the list when it is found first.
class Subtract final : public ReferenceVisitor {
 public:
  explicit Subtract(std::vector<HeapObject*>& reached) : reached_(reached) {}
  void visit(HeapObject* child) override {
    if (!is_walked(child)) return;
    --child->count;
    reach(child);
  }
  void reach(HeapObject* object) noexcept {
    if (colour_of(object) == Colour::kGrey) return;
    set_colour(object, Colour::kGrey);
    reached_.push_back(object);
  }

 private:
  std::vector<HeapObject*>& reached_;
};

// Step 2 seen from one object in use: puts the reference to each child back; the child is in use as well.
class Restore final : public ReferenceVisitor {
 public:
  explicit Restore(std::vector<HeapObject*>& living) : living_(living) {}
  void visit(HeapObject* child) override {
    if (!is_walked(child)) return;
    ++child->count;
    revive(child);
  }
  void revive(HeapObject* object) noexcept {
    if (colour_of(object) != Colour::kGrey) return;
    set_colour(object, Colour::kBlack);
    living_.push_back(object);
  }

 private:
  std::vector<HeapObject*>& living_;
};

class PutBack final : public ReferenceVisitor {
 public:
  void visit(HeapObject* child) override {
    if (is_walked(child)) ++child->count;
  }
};

}  // namespace

CycleCollector::Findings CycleCollector::collect() noexcept {
  CandidateBuffer& candidates = heap_.candidates_;
  candidates.purge_all([this](HeapObject* dead) { heap_.give_back(dead); });
  Findings findings;
  if (candidates.size() == 0) return findings;
  try {
    reached_ = list_for(heap_.containers_live());
    subtract(candidates.entries());
    restore_living();
  } catch (const std::bad_alloc&) {
    put_back_references();
    return findings;  // the candidates wait for the next time
  }
  candidates.clear();
  findings.visited = reached_.size();
  keep_garbage();
  findings.garbage = reached_.size();
  findings.cycles = count_strong_groups(reached_);
  free_garbage();
  return findings;
}

void CycleCollector::subtract(std::span<HeapObject* const> candidates) {
  Subtract visitor(reached_);
  for (HeapObject* candidate : candidates) visitor.reach(candidate);
  for (std::size_t next = 0; next < reached_.size(); ++next) trace_references(reached_[next], visitor);
}

void CycleCollector::restore_living() {
  std::vector<HeapObject*> living = list_for(reached_.size());
  Restore visitor(living);
  for (HeapObject* object : reached_) {
    if (object->count == 0) continue;
    visitor.revive(object);
    while (!living.empty()) {
      HeapObject* next = living.back();
      living.pop_back();
      trace_references(next, visitor);
    }
  }
}

void CycleCollector::keep_garbage() noexcept {
  std::erase_if(reached_, [](const HeapObject* object) { return colour_of(object) != Colour::kGrey; });
}

// Undoes step 1 for all that is still grey.
void CycleCollector::put_back_references() noexcept {
  PutBack visitor;
  for (HeapObject* object : reached_) {
    set_colour(object, Colour::kBlack);
    trace_references(object, visitor);
  }
}

void CycleCollector::free_garbage() noexcept {
  put_back_references();
  // Held, and marked as noted, so that losing its references one by one makes none of them a candidate.
  for (HeapObject* object : reached_) {
    ++object->count;
    object->flags |= kBuffered;
  }
  for (HeapObject* object : reached_) {
    if ((object->flags & kWeaklyReferenced) != 0) heap_.weak_.forget(object);
    drop_contents(heap_, object);
  }
  for (HeapObject* object : reached_) {
    object->flags &= static_cast<std::uint8_t>(~kBuffered);
    if (--object->count == 0) heap_.free_object(object);
  }
}

}  // namespace duso::memory
