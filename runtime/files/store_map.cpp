#include "runtime/files/store_map.hpp"

namespace duso {

StoredFile MemoryStore::get(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(key);
  if (found == files_.end()) return {};
  return {StoredFile::Kind::kText, found->second};
}

void MemoryStore::set(std::string_view key, std::string_view text) {
  auto shared = std::make_shared<const std::string>(text);
  const std::lock_guard lock(mutex_);
  files_.insert_or_assign(std::string(key), std::move(shared));
}

bool MemoryStore::append(std::string_view key, std::string_view text) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const std::string>& place = files_[std::string(key)];
  // Readers may still hold the old text, so it is never changed in place.
  place = std::make_shared<const std::string>(place != nullptr ? *place + std::string(text) : std::string(text));
  return true;
}

void MemoryStore::remove(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(key);
  if (found != files_.end()) files_.erase(found);
}

std::vector<std::string> MemoryStore::keys(std::string_view prefix) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> found;
  for (auto at = files_.lower_bound(prefix); at != files_.end() && at->first.starts_with(prefix); ++at) {
    found.push_back(at->first);
  }
  return found;
}

}  // namespace duso
