// The named objects of the process, by kind and name.
//
// An object lives in here from the first open() of its name to remove(), and as long as somebody has it. Any thread may
// call.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/tasks/sync/sync_object.hpp"

namespace duso::tasks::sync {

class Registry {
 public:
  // The object of kind [Object] called [name]; if there is none yet, it is made with [arguments].
  template <class Object, class... Arguments>
  std::shared_ptr<Object> open(std::string_view name, Arguments&&... arguments) {
    const std::lock_guard lock(mutex_);
    Names& names = objects_[static_cast<std::size_t>(Object::kKind)];
    auto found = names.find(name);
    if (found == names.end()) {
      auto made = std::make_shared<Object>(std::string(name), std::forward<Arguments>(arguments)...);
      found = names.emplace(std::string(name), std::move(made)).first;
    }
    return std::static_pointer_cast<Object>(found->second);
  }

  // The names of all objects of [kind], sorted.
  std::vector<std::string> names(Kind kind) const;
  // Forgets the object [name] of [kind]; whoever has it keeps it. False if there is none.
  bool remove(Kind kind, std::string_view name);

 private:
  using Names = std::map<std::string, std::shared_ptr<SyncObject>, std::less<>>;

  mutable std::mutex mutex_;
  std::array<Names, kKindCount> objects_;
};

}  // namespace duso::tasks::sync
