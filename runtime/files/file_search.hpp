// Finding the places that a pattern matches in a tree of directories.
//
// Parts without wildcards are walked through without a look; only a part with one reads the directory it stands in. So
// `/a/b/*.txt` reads one directory, and what is in the way but may not be read matches nothing.
#pragma once

#include <string>
#include <vector>

#include "runtime/files/wildcard.hpp"

namespace duso {

// The tree that is searched. Paths are those of the pattern.
class DirectoryTree {
 public:
  virtual ~DirectoryTree() = default;
  // The names in [directory]; nothing if it is none or can not be read.
  virtual std::vector<std::string> names_in(const std::string& directory) = 0;
  // Whether there is an entry [path], be it a link that leads nowhere.
  virtual bool has(const std::string& path) = 0;
};

// The paths in [tree] that [pattern] matches, sorted in byte order.
std::vector<std::string> find_in(DirectoryTree& tree, const PathPattern& pattern);

}  // namespace duso
