#include "runtime/frozen_shape.hpp"

#include <mutex>
#include <string>
#include <unordered_map>

#include "interpreter/values/hash.hpp"

namespace duso {

namespace {

// As many as the shapes that one worker may have.
constexpr std::size_t kMostShapes = 100'000;

}  // namespace

// All lists by their names. Names follow each other in the key, each behind its size, so that different lists have
// different keys; what the lists say of their names points into the keys.
class FrozenShapeTable {
 public:
  const FrozenShape* shape_of(std::span<const std::string_view> names) {
    const std::string key = key_of(names);
    const std::lock_guard lock(mutex_);
    const auto known = shapes_.find(key);
    if (known != shapes_.end()) return &known->second;
    if (shapes_.size() >= kMostShapes) return nullptr;
    const auto id = static_cast<std::uint32_t>(shapes_.size());
    std::vector<std::string_view> kept(names.size());
    const auto added = shapes_.try_emplace(key).first;
    const char* at = added->first.data();
    for (std::size_t i = 0; i < names.size(); ++i) {
      at += sizeof(std::size_t);
      kept[i] = {at, names[i].size()};
      at += names[i].size();
    }
    added->second.id_ = id;
    added->second.names_ = std::move(kept);
    return &added->second;
  }

 private:
  struct Hash {
    std::size_t operator()(const std::string& key) const { return hash_bytes(key); }
  };

  static std::string key_of(std::span<const std::string_view> names) {
    std::string key;
    for (const std::string_view name : names) {
      const std::size_t size = name.size();
      key.append(reinterpret_cast<const char*>(&size), sizeof size);
      key += name;
    }
    return key;
  }

  std::mutex mutex_;
  std::unordered_map<std::string, FrozenShape, Hash> shapes_;
};

const FrozenShape* FrozenShape::of(std::span<const std::string_view> names) {
  static FrozenShapeTable table;
  return table.shape_of(names);
}

}  // namespace duso
