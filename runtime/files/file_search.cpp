#include "runtime/files/file_search.hpp"

#include <algorithm>

namespace duso {

namespace {

// [name] below [directory], which is empty for the place where the search starts.
std::string extended(const std::string& directory, const std::string& name) {
  if (directory.empty()) return name;
  return directory == "/" ? directory + name : directory + '/' + name;
}

}  // namespace

std::vector<std::string> find_in(DirectoryTree& tree, const PathPattern& pattern) {
  const std::vector<NamePattern>& parts = pattern.parts();
  std::vector<std::string> reached{pattern.is_absolute() ? "/" : ""};
  if (parts.empty()) return pattern.is_absolute() ? reached : std::vector<std::string>();
  for (const NamePattern& part : parts) {
    std::vector<std::string> next;
    for (const std::string& directory : reached) {
      if (part.is_literal()) {
        next.push_back(extended(directory, part.literal()));
        continue;
      }
      for (const std::string& name : tree.names_in(directory.empty() ? "." : directory)) {
        if (part.matches(name)) next.push_back(extended(directory, name));
      }
    }
    reached = std::move(next);
  }
  // A directory that was read has what was found in it; what nobody looked at may not exist.
  if (parts.back().is_literal()) std::erase_if(reached, [&tree](const std::string& path) { return !tree.has(path); });
  std::ranges::sort(reached);
  return reached;
}

}  // namespace duso
