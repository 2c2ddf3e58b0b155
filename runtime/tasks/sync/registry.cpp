#include "runtime/tasks/sync/registry.hpp"

namespace duso::tasks::sync {

std::vector<std::string> Registry::names(Kind kind) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, object] : objects_[static_cast<std::size_t>(kind)]) names.push_back(name);
  return names;
}

bool Registry::remove(Kind kind, std::string_view name) {
  std::shared_ptr<SyncObject> forgotten;  // may be destroyed, but not under the lock
  const std::lock_guard lock(mutex_);
  Names& names = objects_[static_cast<std::size_t>(kind)];
  const auto found = names.find(name);
  if (found == names.end()) return false;
  forgotten = std::move(found->second);
  names.erase(found);
  return true;
}

}  // namespace duso::tasks::sync
