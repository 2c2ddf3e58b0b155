#include "runtime/files/files.hpp"

#include <cerrno>
#include <utility>

#include "runtime/offload.hpp"

namespace duso {

namespace {

// Whether the operating system would read the path in another way than the script wrote it.
bool has_nul(const Location& place) { return place.path.find('\0') != std::string::npos; }

}  // namespace

Files::Files(FilesConfig config, std::span<const EmbeddedFile> embedded, std::unique_ptr<StoreMap> store)
    : config_(std::move(config)), sandbox_(config_.sandboxed), embedded_(embedded), store_(std::move(store)) {}

FileBackend& Files::backend(Volume volume) {
  switch (volume) {
    case Volume::kEmbedded:
      return embedded_;
    case Volume::kStore:
      return store_;
    case Volume::kDisk:
      break;
  }
  return disk_;
}

bool Files::allows(const Location& place, Purpose purpose) const {
  return sandbox_.allows(place, purpose, config_.app_directory, config_.library_path);
}

std::optional<FileError> Files::refusal(const Location& place) const {
  if (!allows(place, Purpose::kData)) return FileError::sandboxed();
  if (place.volume == Volume::kDisk && has_nul(place)) return FileError::of_system(EINVAL, "open", place.path);
  return std::nullopt;
}

template <class Work>
auto Files::at(const Location& place, Work work) -> decltype(work(std::declval<FileBackend&>())) {
  if (const std::optional<FileError> refused = refusal(place)) return *refused;
  if (place.volume != Volume::kDisk) return work(backend(place.volume));
  return offload([&] { return work(disk_); });
}

Location Files::locate(std::string_view path, std::string_view here_directory) const {
  return duso::locate(path, {config_.app_directory, here_directory});
}

Location Files::locate_pattern(std::string_view pattern, std::string_view here_directory) const {
  return duso::locate_pattern(pattern, {config_.app_directory, here_directory});
}

Result<std::string> Files::read(const Location& file, std::size_t most) {
  if (file.volume == Volume::kEmbedded && embedded_.is_slow_to_read(file)) {
    return offload([&] { return embedded_.read(file, most); });
  }
  return at(file, [&](FileBackend& files) { return files.read(file, most); });
}

Result<Done> Files::write(const Location& file, std::string_view bytes, WriteMode mode) {
  return at(file, [&](FileBackend& files) { return files.write(file, bytes, mode); });
}

bool Files::exists(const Location& place) { return type(place).ok(); }

Result<FileType> Files::type(const Location& place) {
  return at(place, [&](FileBackend& files) { return files.type(place); });
}

Result<std::vector<DirectoryEntry>> Files::list(const Location& directory) {
  return at(directory, [&](FileBackend& files) { return files.list(directory); });
}

Result<Done> Files::make_directory(const Location& directory) {
  return at(directory, [&](FileBackend& files) { return files.make_directory(directory); });
}

Result<Done> Files::remove_directory(const Location& directory) {
  return at(directory, [&](FileBackend& files) { return files.remove_directory(directory); });
}

Result<Done> Files::remove(const Location& file) {
  return at(file, [&](FileBackend& files) { return files.remove(file); });
}

Result<std::vector<Location>> Files::find(const Location& pattern) {
  return at(pattern, [&](FileBackend& files) -> Result<std::vector<Location>> {
    const Result<PathPattern> parsed = PathPattern::parse(pattern.path);
    if (!parsed.ok()) return parsed.error();
    std::vector<Location> found;
    for (std::string& path : files.find(parsed.value())) found.push_back({pattern.volume, std::move(path)});
    return found;
  });
}

Result<std::vector<Location>> Files::remove_matching(const Location& pattern) {
  if (pattern.volume == Volume::kEmbedded) return FileError::read_only(pattern.path);
  Result<std::vector<Location>> found = find(pattern);
  if (!found.ok()) return found;
  return at(pattern, [&](FileBackend& files) -> Result<std::vector<Location>> {
    std::erase_if(found.value(), [&files](const Location& file) { return !files.remove(file).ok(); });
    return std::move(found.value());
  });
}

Result<DiskLook> Files::look(const Location& place, bool is_pattern) {
  if (place.volume != Volume::kDisk) return FileError::of_system(ENOENT, "stat", place.path);
  return at(place, [&](FileBackend&) -> Result<DiskLook> {
    if (!is_pattern) return look_at(place.path);
    const Result<PathPattern> pattern = PathPattern::parse(place.path);
    if (!pattern.ok()) return pattern.error();
    return look_at_matches(pattern.value());
  });
}

std::optional<std::size_t> Files::first_file(std::span<const Location> candidates, Purpose purpose) {
  return offload([&]() -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const Location& candidate = candidates[i];
      if (has_nul(candidate) || !allows(candidate, purpose)) continue;
      const Result<FileType> type = backend(candidate.volume).type(candidate);
      if (type.ok() && type.value() == FileType::kFile) return i;
    }
    return std::nullopt;
  });
}

Result<FileSnapshot> Files::take_snapshot(const Location& file, std::size_t most,
                                          const DiskFiles::Admission& admission) {
  if (file.volume == Volume::kDisk) {
    if (has_nul(file)) return FileError::of_system(EINVAL, "open", file.path);
    return DiskFiles::snapshot(file.path, most, admission);
  }
  Result<std::string> bytes = backend(file.volume).read(file, most);
  if (!bytes.ok()) return bytes.error();
  return FileSnapshot{std::move(bytes.value()), {}, file.volume == Volume::kEmbedded};
}

void Files::tell_of_code(const Location& file, const Result<FileSnapshot>& taken) const {
  if (code_observer_ && file.volume == Volume::kDisk && taken.ok()) code_observer_(file.path, taken.value().identity);
}

Result<FileSnapshot> Files::snapshot(const Location& file, Purpose purpose, std::size_t most) {
  return offload([&]() -> Result<FileSnapshot> {
    if (!allows(file, purpose)) return FileError::sandboxed();
    DiskFiles::Admission admission;
    if (sandbox_.is_on()) {
      admission = [&](const std::string& target) {
        return sandbox_.allows_target(file, target, purpose, config_.app_directory, config_.library_path);
      };
    }
    Result<FileSnapshot> taken = take_snapshot(file, most, admission);
    if (purpose == Purpose::kCode) tell_of_code(file, taken);
    return taken;
  });
}

Result<FileSnapshot> Files::snapshot_of_main_script(const Location& file, std::size_t most) {
  Result<FileSnapshot> taken = take_snapshot(file, most, {});
  tell_of_code(file, taken);
  return taken;
}

Result<FileIdentity> Files::identity(const Location& file, Purpose purpose) {
  return offload([&]() -> Result<FileIdentity> {
    if (!allows(file, purpose)) return FileError::sandboxed();
    return DiskFiles::identity(file.path);
  });
}

}  // namespace duso
