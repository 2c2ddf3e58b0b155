#include "runtime/files/store_files.hpp"

#include <algorithm>
#include <cerrno>

namespace duso {

namespace {

constexpr std::string_view kMarker = ".dir";

bool is_marker(std::string_view key) { return key == kMarker || key.ends_with("/.dir"); }

// What the keys of the files in [directory] begin with.
std::string prefix_of(const Location& directory) {
  std::string_view key = directory.key();
  while (key.ends_with('/')) key.remove_suffix(1);
  return key.empty() ? "" : std::string(key) + '/';
}

FileError other(const Location& place, std::string text) {
  return {FileError::Kind::kOther, place.path, std::move(text), 0};
}

// The bare prefix names no file.
FileError no_key(const Location& place) { return other(place, "invalid /STORE/ path: " + place.path); }

FileError not_text(const Location& place) {
  return other(place, "invalid file format in " + place.path + ": expected string");
}

}  // namespace

Result<std::string> StoreFiles::read(const Location& file, std::size_t most) {
  if (file.key().empty()) return no_key(file);
  const StoredFile found = store_->get(file.key());
  if (found.kind == StoredFile::Kind::kOther) return not_text(file);
  if (found.kind == StoredFile::Kind::kMissing) return FileError::of_system(ENOENT, "open", file.path);
  if (found.text->size() > most) return FileError::of_system(EFBIG, "read", file.path);
  return *found.text;
}

Result<Done> StoreFiles::write(const Location& file, std::string_view bytes, WriteMode mode) {
  if (file.key().empty()) return no_key(file);
  if (mode == WriteMode::kAppend) {
    if (!store_->append(file.key(), bytes)) return not_text(file);
  } else {
    store_->set(file.key(), bytes);
  }
  return Done();
}

Result<FileType> StoreFiles::type(const Location& place) {
  if (place.key().empty()) return FileType::kDirectory;
  if (store_->get(place.key()).kind != StoredFile::Kind::kMissing) return FileType::kFile;
  if (!store_->keys(prefix_of(place)).empty()) return FileType::kDirectory;
  return FileError::of_system(ENOENT, "stat", place.path);
}

Result<std::vector<DirectoryEntry>> StoreFiles::list(const Location& directory) {
  const std::string prefix = prefix_of(directory);
  std::vector<DirectoryEntry> entries;
  for (const std::string& key : store_->keys(prefix)) {
    const std::string_view rest = std::string_view(key).substr(prefix.size());
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos && rest == kMarker) continue;
    entries.push_back({std::string(rest.substr(0, slash)), slash != std::string_view::npos});
  }
  // A key may be a file and the beginning of others.
  std::ranges::sort(entries, {}, [](const DirectoryEntry& entry) { return std::pair(entry.name, entry.is_directory); });
  const auto repeated = std::ranges::unique(entries, [](const DirectoryEntry& a, const DirectoryEntry& b) {
    return a.name == b.name && a.is_directory == b.is_directory;
  });
  entries.erase(repeated.begin(), repeated.end());
  return entries;
}

Result<Done> StoreFiles::make_directory(const Location& directory) {
  store_->set(prefix_of(directory) + std::string(kMarker), "");
  return Done();
}

Result<Done> StoreFiles::remove_directory(const Location& directory) {
  store_->remove(prefix_of(directory) + std::string(kMarker));
  return Done();
}

Result<Done> StoreFiles::remove(const Location& file) {
  if (file.key().empty()) return no_key(file);
  store_->remove(file.key());
  return Done();
}

std::vector<std::string> StoreFiles::find(const PathPattern& pattern) {
  std::vector<std::string> found;
  for (const std::string& key : store_->keys({})) {
    std::string path = std::string(kStorePrefix) + key;
    if (!is_marker(key) && pattern.matches(path)) found.push_back(std::move(path));
  }
  return found;
}

}  // namespace duso
