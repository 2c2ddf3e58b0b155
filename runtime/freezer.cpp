#include "runtime/freezer.hpp"

namespace duso {

std::string_view FreezeResult::problem_text() const {
  switch (problem) {
    case FreezeProblem::kCyclic:
      return "cannot copy a cyclic value";
    case FreezeProblem::kFunction:
      return "contains a function";
    case FreezeProblem::kTooLarge:
      return "is too large";
    case FreezeProblem::kNone:
      break;
  }
  return {};
}

const FrozenShape* FrozenShapeMap::freeze(Shape* shape) {
  if (shape == last_) return last_frozen_;
  const auto [entry, is_new] = frozen_.try_emplace(shape, nullptr);
  if (is_new || entry->second == nullptr) {
    std::vector<std::string_view> names(shape->size());
    for (std::uint32_t slot = 0; slot < shape->size(); ++slot) names[slot] = shape->name(slot)->view();
    entry->second = FrozenShape::of(names);
  }
  last_ = shape;
  last_frozen_ = entry->second;
  return last_frozen_;
}

Shape* FrozenShapeMap::thaw(const FrozenShape& frozen) {
  if (frozen.id() < thawed_.size() && thawed_[frozen.id()] != nullptr) return thawed_[frozen.id()];
  Shape* shape = shapes_.empty();
  for (std::uint32_t i = 0; i < frozen.size() && shape != nullptr; ++i) {
    shape = shape->with(shapes_.names().intern(frozen.name(i)));
  }
  if (frozen.id() >= thawed_.size()) thawed_.resize(std::size_t{frozen.id()} + 1);
  thawed_[frozen.id()] = shape;
  return shape;
}

}  // namespace duso
