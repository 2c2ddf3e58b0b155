// The table itself, and the two sets of ids that would otherwise be searched for in it again and again.
#include "runtime/memory/type_registry.hpp"

#include <algorithm>
#include <exception>

namespace duso::memory {

namespace {

// A set of type ids that can be walked without looking at all of them.
class TypeSet {
 public:
  void remove(std::uint8_t type) {
    size_ = static_cast<std::size_t>(std::remove(ids_.begin(), ids_.begin() + size_, type) - ids_.begin());
  }
  void insert(std::uint8_t type) { ids_[size_++] = type; }
  std::span<const std::uint8_t> ids() const { return {ids_.data(), size_}; }

 private:
  std::array<std::uint8_t, kTypeCount> ids_{};
  std::size_t size_ = 0;
};

constinit TypeSet containers;
constinit TypeSet hosts;

}  // namespace

constinit std::array<TypeInfo, kTypeCount> detail::types{};

void register_type(std::uint8_t type, const TypeInfo& info) {
  if (type >= kTypeCount) std::terminate();
  containers.remove(type);
  hosts.remove(type);
  detail::types[type] = info;
  if (info.kind != TypeKind::kLeaf) containers.insert(type);
  if (info.kind == TypeKind::kHost) hosts.insert(type);
}

std::span<const std::uint8_t> container_types() { return containers.ids(); }

std::span<const std::uint8_t> host_types() { return hosts.ids(); }

}  // namespace duso::memory
