// The directories of the disk, as a search walks through them.
#pragma once

#include <string>
#include <vector>

#include "runtime/files/file_search.hpp"

namespace duso {

class DiskTree : public DirectoryTree {
 public:
  std::vector<std::string> names_in(const std::string& directory) override;
  bool has(const std::string& path) override;
};

}  // namespace duso
