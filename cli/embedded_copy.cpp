#include "cli/embedded_copy.hpp"

namespace duso::cli {

Location embedded_place(std::string_view word) {
  if (word.starts_with(kEmbeddedPrefix)) word.remove_prefix(kEmbeddedPrefix.size());
  return location_below(kEmbeddedPrefix, word);
}

std::vector<Location> files_below(Files& files, const Location& place) {
  const Result<FileType> type = files.type(place);
  if (!type.ok()) return {};
  if (type.value() == FileType::kFile) return {place};
  std::vector<Location> found;
  const Result<std::vector<DirectoryEntry>> entries = files.list(place);
  if (!entries.ok()) return {};
  for (const DirectoryEntry& entry : entries.value()) {
    const std::vector<Location> below = files_below(files, location_below(place.path, entry.name));
    found.insert(found.end(), below.begin(), below.end());
  }
  return found;
}

std::optional<std::string> copy_out(Files& files, const Location& file, const std::string& path) {
  const Files::Transferred copied = files.copy(file, {Volume::kDisk, path});
  if (copied.ok()) return std::nullopt;
  return "cannot write " + path + ": " + copied.error().error.cause();
}

}  // namespace duso::cli
