// Copying and moving files, within a file system and from one to another.
//
// On the disk the operating system does the work. Where the memory of the process is involved, the content goes through
// memory. A move that can not be a renaming is a copy first; the source goes when the copy is complete, never before.
#include <utility>

#include "runtime/files/files.hpp"
#include "runtime/files/path_text.hpp"
#include "runtime/offload.hpp"

namespace duso {

namespace {

using Stage = TransferError::Stage;

TransferError failed(Stage stage, FileError error) { return {stage, std::move(error)}; }

bool are_on_disk(const Location& source, const Location& target) {
  return source.volume == Volume::kDisk && target.volume == Volume::kDisk;
}

}  // namespace

bool Files::is_directory(const Location& place) {
  const Result<FileType> type = backend(place.volume).type(place);
  return type.ok() && type.value() == FileType::kDirectory;
}

Location Files::into(const Location& target, const Location& source) {
  return location_below(paths::clean(target.path), paths::base_name(source.path));
}

Files::Transferred Files::copy_here(const Location& source, const Location& target, bool with_parents) {
  const auto attempt = [&]() -> Transferred {
    if (are_on_disk(source, target)) {
      bool at_source = false;
      const Result<Done> copied = DiskFiles::copy(source.path, target.path, at_source);
      if (copied.ok()) return Done();
      return failed(at_source ? Stage::kSource : Stage::kDestination, copied.error());
    }
    const Result<std::string> bytes = backend(source.volume).read(source, kNoLimit);
    if (!bytes.ok()) return failed(Stage::kSource, bytes.error());
    const Result<Done> written = backend(target.volume).write(target, bytes.value(), WriteMode::kReplace);
    if (!written.ok()) return failed(Stage::kDestination, written.error());
    return Done();
  };
  Transferred copied = attempt();
  const bool lacks_parents = !copied.ok() && copied.error().stage == Stage::kDestination &&
                             copied.error().error.kind == FileError::Kind::kNotFound;
  if (!lacks_parents || !with_parents) return copied;
  const Result<Done> made = disk_.make_directory({Volume::kDisk, paths::directory_of(target.path)});
  if (!made.ok()) return failed(Stage::kDestination, made.error());
  return attempt();
}

Files::Transferred Files::move_here(const Location& source, const Location& target) {
  if (source.volume == Volume::kEmbedded) return failed(Stage::kSource, FileError::read_only(source.path));
  if (are_on_disk(source, target)) {
    bool crosses_devices = false;
    const Result<Done> renamed = DiskFiles::rename(source.path, target.path, crosses_devices);
    if (renamed.ok()) return Done();
    if (!crosses_devices) return failed(Stage::kDestination, renamed.error());
  }
  Transferred copied = copy_here(source, target, false);
  const bool is_same_place = source.volume == target.volume && source.path == target.path;
  if (!copied.ok() || is_same_place) return copied;
  const Result<Done> removed = backend(source.volume).remove(source);
  if (!removed.ok()) return failed(Stage::kDestination, removed.error());
  return Done();
}

Files::Transferred Files::transfer(const Location& source, const Location& target, Way way) {
  if (const auto refused = refusal(source)) return failed(Stage::kSource, *refused);
  if (const auto refused = refusal(target)) return failed(Stage::kDestination, *refused);
  return offload([&] {
    const Location place = is_directory(target) ? into(target, source) : target;
    return way == Way::kCopy ? copy_here(source, place, true) : move_here(source, place);
  });
}

Files::Transferred Files::copy(const Location& source, const Location& target) {
  return transfer(source, target, Way::kCopy);
}

Files::Transferred Files::move(const Location& source, const Location& target) {
  return transfer(source, target, Way::kMove);
}

Files::Transferred Files::rename(const Location& source, const Location& target) {
  if (const auto refused = refusal(source)) return failed(Stage::kSource, *refused);
  if (const auto refused = refusal(target)) return failed(Stage::kDestination, *refused);
  return offload([&] { return move_here(source, target); });
}

Files::TransferredAll Files::transfer_all(const std::vector<Location>& sources, const Location& directory, Way way) {
  std::vector<Location> written;
  for (const Location& source : sources) {
    if (is_directory(source)) continue;
    Location place = into(directory, source);
    const Transferred done = way == Way::kCopy ? copy_here(source, place, true) : move_here(source, place);
    if (done.ok()) {
      written.push_back(std::move(place));
    } else if (done.error().stage != Stage::kSource) {
      return done.error();
    }
  }
  return written;
}

Files::TransferredAll Files::transfer_matching(const Location& pattern, const Location& directory, Way way) {
  if (const auto refused = refusal(directory)) return failed(Stage::kDestination, *refused);
  const Result<std::vector<Location>> sources = find(pattern);
  if (!sources.ok()) return failed(Stage::kSource, sources.error());
  if (directory.volume == Volume::kEmbedded) return failed(Stage::kDestination, FileError::read_only(directory.path));
  if (way == Way::kMove && pattern.volume == Volume::kEmbedded) {
    return failed(Stage::kSource, FileError::read_only(pattern.path));
  }
  return offload([&]() -> TransferredAll {
    if (directory.volume == Volume::kDisk && !is_directory(directory)) return failed(Stage::kNoDirectory, {});
    return transfer_all(sources.value(), directory, way);
  });
}

Files::TransferredAll Files::copy_matching(const Location& pattern, const Location& directory) {
  return transfer_matching(pattern, directory, Way::kCopy);
}

Files::TransferredAll Files::move_matching(const Location& pattern, const Location& directory) {
  return transfer_matching(pattern, directory, Way::kMove);
}

}  // namespace duso
