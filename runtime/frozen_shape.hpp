// The property names of frozen objects: each list of names exists once in the process.
//
// Objects that scripts hand to each other come in series with the same names. A frozen object names its list by
// address, so freezing one costs no look at the names, and every worker translates a list into a shape of its own only
// once (freezer.hpp).
//
// Lists are never given up, which spares every copy of a frozen object a count that all threads would fight for. In
// return there may only be so many of them; objects beyond that keep their names for themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace duso {

class FrozenShape {
 public:
  // The list of [names], which must differ from each other; made when there is none yet. Null when there are too many
  // lists already. From any thread.
  static const FrozenShape* of(std::span<const std::string_view> names);

  // A small number of its own, counted from 0.
  std::uint32_t id() const { return id_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
  std::string_view name(std::uint32_t index) const { return names_[index]; }

 private:
  friend class FrozenShapeTable;

  std::uint32_t id_ = 0;
  std::vector<std::string_view> names_;
};

}  // namespace duso
