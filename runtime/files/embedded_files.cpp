#include "runtime/files/embedded_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "runtime/files/file_search.hpp"
#include "runtime/files/path_text.hpp"

namespace duso {

namespace {

// The directories at the top that are always there, whatever was put into them.
constexpr std::array<std::string_view, 5> kTopDirectories = {"app", "contrib", "docs", "examples", "stdlib"};

// The name of [place] in the table; `.` is the root.
std::string name_of(const Location& place) { return paths::clean(place.key()); }

class EmbeddedTree final : public DirectoryTree {
 public:
  explicit EmbeddedTree(EmbeddedFiles& files) : files_(files) {}
  std::vector<std::string> names_in(const std::string& directory) override {
    std::vector<std::string> names;
    const Result<std::vector<DirectoryEntry>> entries = files_.list(place(directory));
    if (!entries.ok()) return names;
    for (const DirectoryEntry& entry : entries.value()) names.push_back(entry.name);
    return names;
  }
  bool has(const std::string& path) override { return files_.type(place(path)).ok(); }

 private:
  // The root itself has lost the slash that makes it the root.
  static Location place(const std::string& path) {
    return {Volume::kEmbedded, path.starts_with(kEmbeddedPrefix) ? path : std::string(kEmbeddedPrefix)};
  }

  EmbeddedFiles& files_;
};

}  // namespace

std::span<const EmbeddedFile>::iterator EmbeddedFiles::first_from(std::string_view name) const {
  return std::ranges::lower_bound(files_, name, {}, &EmbeddedFile::name);
}

const EmbeddedFile* EmbeddedFiles::find_file(const std::string& name) const {
  const auto found = first_from(name);
  return found != files_.end() && found->name == name ? &*found : nullptr;
}

const EmbeddedFile* EmbeddedFiles::find_file(const Location& place) const { return find_file(name_of(place)); }

bool EmbeddedFiles::is_directory(const std::string& name) const {
  if (name == "." || std::ranges::find(kTopDirectories, name) != kTopDirectories.end()) return true;
  const auto found = first_from(name + '/');
  return found != files_.end() && found->name.starts_with(name + '/');
}

Result<std::string> EmbeddedFiles::read(const Location& file, std::size_t most) {
  const std::string name = name_of(file);
  if (const EmbeddedFile* found = find_file(name)) {
    if (found->bytes.size() > most) return FileError::of_system(EFBIG, "read", file.path, name);
    return std::string(found->bytes);
  }
  return FileError::of_system(is_directory(name) ? EISDIR : ENOENT, "read", file.path, name);
}

Result<Done> EmbeddedFiles::write(const Location& file, std::string_view, WriteMode) {
  return FileError::read_only(file.path);
}

Result<FileType> EmbeddedFiles::type(const Location& place) {
  const std::string name = name_of(place);
  if (find_file(name) != nullptr) return FileType::kFile;
  if (is_directory(name)) return FileType::kDirectory;
  return FileError::of_system(ENOENT, "stat", place.path);
}

Result<std::vector<DirectoryEntry>> EmbeddedFiles::list(const Location& directory) {
  const std::string name = name_of(directory);
  if (find_file(name) != nullptr) return FileError::of_system(ENOTDIR, "open", directory.path, name);
  std::vector<DirectoryEntry> entries;
  const auto add = [&entries](std::string_view entry, bool is_directory) {
    if (entries.empty() || entries.back().name != entry) entries.push_back({std::string(entry), is_directory});
  };
  const std::string prefix = name == "." ? "" : name + '/';
  for (auto file = first_from(prefix); file != files_.end() && file->name.starts_with(prefix); ++file) {
    const std::string_view rest = file->name.substr(prefix.size());
    add(rest.substr(0, rest.find('/')), rest.find('/') != std::string_view::npos);
  }
  if (name == ".") {
    for (const std::string_view top : kTopDirectories) add(top, true);
  }
  std::ranges::sort(entries, {}, &DirectoryEntry::name);
  const auto repeated = std::ranges::unique(entries, {}, &DirectoryEntry::name);
  entries.erase(repeated.begin(), repeated.end());
  return entries;
}

Result<Done> EmbeddedFiles::make_directory(const Location& directory) { return FileError::read_only(directory.path); }

Result<Done> EmbeddedFiles::remove_directory(const Location& directory) { return FileError::read_only(directory.path); }

Result<Done> EmbeddedFiles::remove(const Location& file) { return FileError::read_only(file.path); }

std::vector<std::string> EmbeddedFiles::find(const PathPattern& pattern) {
  EmbeddedTree tree(*this);
  return find_in(tree, pattern);
}

}  // namespace duso
