#include "runtime/files/watch_list.hpp"

namespace duso {

std::optional<std::string> WatchList::last_seen(const std::string& script, const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = seen_.find({script, path});
  return found != seen_.end() ? std::optional(found->second) : std::nullopt;
}

void WatchList::remember(const std::string& script, const std::string& path, std::string signature) {
  const std::lock_guard lock(mutex_);
  seen_.insert_or_assign({script, path}, std::move(signature));
}

}  // namespace duso
