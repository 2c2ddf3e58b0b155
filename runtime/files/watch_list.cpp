#include "runtime/files/watch_list.hpp"

namespace duso {

bool WatchList::knows(const std::string& script, const std::string& path) {
  const std::lock_guard lock(mutex_);
  return seen_.contains({script, path});
}

WatchList::Change WatchList::look(const std::string& script, const std::string& path, const std::string& signature) {
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = seen_.try_emplace({script, path}, signature);
  if (is_new) return Change::kFirstLook;
  if (entry->second == signature) return Change::kSame;
  entry->second = signature;
  return Change::kChanged;
}

}  // namespace duso
