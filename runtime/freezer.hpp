// The boundary copy: script values to frozen values and back.
//
// Freezing walks a value once, depth first, with a list of open containers instead of the native stack: two references
// to one container become two copies, and a container that is met inside itself is a cycle, which can not be copied.
// Only containers that could ever lead back to themselves (memory::kCyclic) are watched for that, so flat data pays
// nothing. The instance's heap is only read, and no script code runs.
//
// Thawing walks the same way and allocates on the heap of its instance as everything else does.
//
// What would be slow about objects are their names. A worker's shapes and the process's lists of names
// (frozen_shape.hpp) stand for the same thing, so each worker has a Freezer that remembers which belong together; an
// object then costs one lookup on the way out and one on the way in, however many properties it has.
//
// Rules: concurrency.md 1.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "interpreter/values/object.hpp"
#include "interpreter/values/shape.hpp"
#include "interpreter/values/value.hpp"
#include "runtime/frozen_shape.hpp"
#include "runtime/frozen_value.hpp"
#include "runtime/memory/heap.hpp"

namespace duso {

// What becomes of functions. A dropped one is left out of an object and is nil anywhere else.
enum class FunctionRule : std::uint8_t {
  kDropScript,  // builtins, and methods that say so (BuiltinSpec::crosses_instances), cross: contexts, exit values
  kDropAll,     // none crosses: what a datastore holds
  kRefuse,      // a function anywhere is an error: arguments of `background`
};

enum class FreezeProblem : std::uint8_t {
  kNone,
  kCyclic,    // a container contains itself
  kFunction,  // FunctionRule::kRefuse, and there is a function
  kTooLarge,  // more bytes than allowed
};

struct FreezeResult {
  FrozenValue value;  // nil if there was a problem
  FreezeProblem problem = FreezeProblem::kNone;
  std::string path;  // where in the value, such as `.jobs[2].run`; empty for the value itself

  bool ok() const { return problem == FreezeProblem::kNone; }
  // "cannot copy a cyclic value", "contains a function", "is too large".
  std::string_view problem_text() const;
};

// Which shape of one worker is which list of names. Used by that worker's thread only.
class FrozenShapeMap {
 public:
  // [shapes] must outlive the map.
  explicit FrozenShapeMap(ShapeTable& shapes) : shapes_(shapes) {}

  ShapeTable& shapes() const { return shapes_; }
  // The list of the names of [shape]; null when the process has too many lists.
  const FrozenShape* freeze(Shape* shape);
  // The shape with the names of [frozen]; null when the worker has too many shapes.
  Shape* thaw(const FrozenShape& frozen);

 private:
  ShapeTable& shapes_;
  std::unordered_map<const Shape*, const FrozenShape*> frozen_;
  const Shape* last_ = nullptr;  // objects come in series
  const FrozenShape* last_frozen_ = nullptr;
  std::vector<Shape*> thawed_;  // by the list's id; null: not asked for yet, or impossible
};

// One per worker, for all the instances that run there.
class Freezer {
 public:
  explicit Freezer(ShapeTable& shapes) : shapes_(shapes) {}

  // A frozen copy of [value] (borrowed). [max_bytes] is what it may take outside of the heap, 0: no limit. Throws
  // std::bad_alloc.
  FreezeResult freeze(Value value, FunctionRule rule = FunctionRule::kDropScript, std::size_t max_bytes = 0);

  // A script value on [heap], whose instance runs on this worker; owned by the caller. Throws what an allocation
  // throws, and leaves nothing behind then.
  Value thaw(memory::Heap& heap, const FrozenValue& frozen);

 private:
  FrozenShapeMap shapes_;
};

}  // namespace duso
