// What each of the three file systems can do.
//
// The operations are plain and synchronous, take and return plain data, and may be called from any thread. Whether a
// script is allowed to use them, and on which thread they run, is decided in front of them (files.hpp).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/files/file_error.hpp"
#include "runtime/files/location.hpp"
#include "runtime/files/wildcard.hpp"

namespace duso {

enum class FileType : unsigned char { kFile, kDirectory };
enum class WriteMode : unsigned char { kReplace, kAppend };

struct DirectoryEntry {
  std::string name;
  bool is_directory;  // of the entry itself: a link to a directory is none
};

class FileBackend {
 public:
  virtual ~FileBackend() = default;

  // The bytes of [file]; an error if there are more than [most].
  virtual Result<std::string> read(const Location& file, std::size_t most) = 0;
  // Makes [file] if it is missing, but never its directory.
  virtual Result<Done> write(const Location& file, std::string_view bytes, WriteMode mode) = 0;
  // What [place] is, through links.
  virtual Result<FileType> type(const Location& place) = 0;
  // The entries of [directory], sorted by name in byte order.
  virtual Result<std::vector<DirectoryEntry>> list(const Location& directory) = 0;
  // Makes [directory] and whatever is missing above it.
  virtual Result<Done> make_directory(const Location& directory) = 0;
  // Removes an empty directory.
  virtual Result<Done> remove_directory(const Location& directory) = 0;
  // Removes a file, or what else can be removed as one entry.
  virtual Result<Done> remove(const Location& file) = 0;
  // The paths of all places that [pattern] matches, sorted in byte order.
  virtual std::vector<std::string> find(const PathPattern& pattern) = 0;
};

}  // namespace duso
