// /STORE/: files under the keys of a store.
//
// Keys are flat: `a/b.txt` needs no `a`. Directories are what it looks like when keys are read as paths: one exists if
// some key begins with its name and a slash. An empty one that was asked for is a key too, `a/.dir`, which is never
// shown (files-and-modules.md 5).
#pragma once

#include <memory>

#include "runtime/files/backend.hpp"
#include "runtime/files/store_map.hpp"

namespace duso {

class StoreFiles final : public FileBackend {
 public:
  explicit StoreFiles(std::unique_ptr<StoreMap> store) : store_(std::move(store)) {}

  Result<std::string> read(const Location& file, std::size_t most) override;
  Result<Done> write(const Location& file, std::string_view bytes, WriteMode mode) override;
  Result<FileType> type(const Location& place) override;
  // A directory that does not exist is an empty one.
  Result<std::vector<DirectoryEntry>> list(const Location& directory) override;
  Result<Done> make_directory(const Location& directory) override;
  // Never fails: it forgets that the directory was asked for, and leaves alone what is in it.
  Result<Done> remove_directory(const Location& directory) override;
  // Never fails for a missing file.
  Result<Done> remove(const Location& file) override;
  std::vector<std::string> find(const PathPattern& pattern) override;

 private:
  std::unique_ptr<StoreMap> store_;
};

}  // namespace duso
