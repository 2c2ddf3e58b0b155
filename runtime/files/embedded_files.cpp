#include "runtime/files/embedded_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "runtime/compression.hpp"
#include "runtime/files/file_search.hpp"
#include "runtime/files/path_text.hpp"

namespace duso {

namespace {

// The directories at the top that are always there, whatever was put into them.
constexpr std::array<std::string_view, 5> kTopDirectories = {"app", "contrib", "docs", "examples", "stdlib"};

// Inflating this many bytes takes about a millisecond.
constexpr std::size_t kSlowSize = std::size_t{256} << 10;

// The files of this program, once some were added to those of the build.
std::vector<EmbeddedFile>& all_files() {
  static std::vector<EmbeddedFile> all;
  return all;
}

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

std::span<const EmbeddedFile> program_files() { return all_files().empty() ? built_in_files() : all_files(); }

void add_program_files(std::vector<EmbeddedFile> files) {
  const std::span<const EmbeddedFile> present = program_files();
  files.insert(files.end(), present.begin(), present.end());
  std::ranges::sort(files, {}, &EmbeddedFile::name);
  all_files() = std::move(files);
}

std::span<const EmbeddedFile>::iterator EmbeddedFiles::first_from(std::string_view name) const {
  return std::ranges::lower_bound(files_, name, {}, &EmbeddedFile::name);
}

const EmbeddedFile* EmbeddedFiles::find_file(const std::string& name) const {
  const auto found = first_from(name);
  return found != files_.end() && found->name == name ? &*found : nullptr;
}

bool EmbeddedFiles::is_slow_to_read(const Location& file) const {
  const EmbeddedFile* found = find_file(name_of(file));
  return found != nullptr && found->inflated_size.value_or(0) >= kSlowSize;
}

bool EmbeddedFiles::is_directory(const std::string& name) const {
  if (name == "." || std::ranges::find(kTopDirectories, name) != kTopDirectories.end()) return true;
  const auto found = first_from(name + '/');
  return found != files_.end() && found->name.starts_with(name + '/');
}

Result<std::string> EmbeddedFiles::read(const Location& file, std::size_t most) {
  const std::string name = name_of(file);
  if (const EmbeddedFile* found = find_file(name)) {
    if (found->size() > most) return FileError::of_system(EFBIG, "read", file.path, name);
    if (!found->inflated_size) return std::string(found->bytes);
    std::optional<std::string> bytes = inflate(found->bytes, *found->inflated_size);
    if (!bytes) return FileError::of_system(EIO, "read", file.path, name);
    return *std::move(bytes);
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
