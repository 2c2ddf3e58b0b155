// Where a path leads: from what a script wrote to one place in one of three file systems.
//
//   /EMBED/x   a file inside the executable           Volume::kEmbedded
//   /STORE/x   a file in the process's own memory     Volume::kStore
//   others     the disk                               Volume::kDisk
//
// `/HERE/x` and bare paths start from a directory that the running code knows, `/CWD/x` from the working directory. One
// path means one place: nothing is searched for here (files-and-modules.md 1). Code that comes out of the executable
// has its directories there too, and a path that climbs out of such a directory leads nowhere, never to the disk.
#pragma once

#include <string>
#include <string_view>

namespace duso {

enum class Volume : unsigned char { kDisk, kEmbedded, kStore };

inline constexpr std::string_view kEmbeddedPrefix = "/EMBED/";
inline constexpr std::string_view kStorePrefix = "/STORE/";
inline constexpr std::string_view kHerePrefix = "/HERE/";
inline constexpr std::string_view kWorkingDirectoryPrefix = "/CWD/";

struct Location {
  Volume volume = Volume::kDisk;
  std::string path;  // as messages show it: with the prefix of its volume

  // The path without the prefix of its volume.
  std::string_view key() const;
};

// What a path may start from.
struct Bases {
  std::string_view app_directory;   // of bare paths
  std::string_view here_directory;  // of /HERE/
};

// The place that [path] means.
Location locate(std::string_view path, const Bases& bases);

// The same for a wildcard pattern: what stands for something in it does so only where the script wrote it, and not in
// the name of a directory that it starts from.
Location locate_pattern(std::string_view pattern, const Bases& bases);

// The place called [path] when only the prefixes /EMBED/ and /STORE/ have a meaning.
Location location_of(std::string path);

// The place that [name] means below [directory], which may lie in any volume. It stays in that volume.
Location location_below(std::string_view directory, std::string_view name);

// Whether [path] is to be taken from the application's directory: it has neither a prefix nor a slash in front.
inline bool is_bare(std::string_view path) { return !path.starts_with('/'); }

// [location] in the form in which a script can use it again: the place itself, or for a bare path the way to it from
// [app_directory] (files-and-modules.md 2).
std::string spelled_for_script(const Location& location, bool bare, std::string_view app_directory);

// The working directory of the process; `.` when it has no name any more.
std::string working_directory();

}  // namespace duso
