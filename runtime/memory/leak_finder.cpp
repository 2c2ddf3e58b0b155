#include "runtime/memory/leak_finder.hpp"

#include <vector>

#include "runtime/memory/object_colour.hpp"

namespace duso::memory {

namespace {

bool is_mortal(const HeapObject* object) { return (object->flags & kImmortal) == 0; }

// Calls a function for every object, or for every reference, that it is shown.
template <class Function>
class Calling final : public ReferenceVisitor {
 public:
  explicit Calling(const Function& function) : function_(function) {}
  void visit(HeapObject* object) override { function_(object); }

 private:
  const Function& function_;
};

template <class Function>
void for_each_object(Heap& heap, const Function& function) {
  Calling visitor(function);
  heap.for_each_object(visitor);
}

template <class Function>
void for_each_reference(HeapObject* object, const Function& function) {
  Calling visitor(function);
  trace_references(object, visitor);
}

}  // namespace

void find_leaks(Heap& heap, ReferenceVisitor& visitor) {
  std::vector<HeapObject*> reached;
  reached.reserve(heap.counters().live());

  for_each_object(heap, [](HeapObject* object) {
    for_each_reference(object, [](HeapObject* child) {
      if (is_mortal(child)) --child->count;
    });
  });

  // What is left of a count comes from outside.
  const auto reach = [&](HeapObject* object) {
    if (!is_mortal(object) || colour_of(object) == Colour::kGrey) return;
    set_colour(object, Colour::kGrey);
    reached.push_back(object);
  };
  for_each_object(heap, [&](HeapObject* object) {
    if (object->count != 0) reach(object);
    while (!reached.empty()) {
      HeapObject* const next = reached.back();
      reached.pop_back();
      for_each_reference(next, reach);
    }
  });

  for_each_object(heap, [](HeapObject* object) {
    for_each_reference(object, [](HeapObject* child) {
      if (is_mortal(child)) ++child->count;
    });
  });
  for_each_object(heap, [&](HeapObject* object) {
    if (colour_of(object) == Colour::kGrey) {
      set_colour(object, Colour::kBlack);
    } else {
      visitor.visit(object);
    }
  });
}

}  // namespace duso::memory
