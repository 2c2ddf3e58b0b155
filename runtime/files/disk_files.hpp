// The disk.
//
// Beside what every file system can do, the disk has operations that only make sense between two places on it -
// renaming, copying bytes without carrying them through memory - and it knows when a file was changed, which is what
// the cache of programs goes by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "runtime/files/backend.hpp"

namespace duso {

// Which file this is and in which state. Two equal ones of one path mean the same content, unless it was written twice
// within the resolution of the file system's clock.
struct FileIdentity {
  std::uint64_t size = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t modified = 0;  // nanoseconds since 1970

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

// A file as it was at one moment.
struct FileSnapshot {
  std::string bytes;
  FileIdentity identity;
  bool settled = false;  // changed so long before the moment that any further change shows in the identity
};

class DiskFiles final : public FileBackend {
 public:
  Result<std::string> read(const Location& file, std::size_t most) override;
  Result<Done> write(const Location& file, std::string_view bytes, WriteMode mode) override;
  Result<FileType> type(const Location& place) override;
  Result<std::vector<DirectoryEntry>> list(const Location& directory) override;
  Result<Done> make_directory(const Location& directory) override;
  Result<Done> remove_directory(const Location& directory) override;
  Result<Done> remove(const Location& file) override;
  std::vector<std::string> find(const PathPattern& pattern) override;

  // The identity of the file at [path], through links.
  static Result<FileIdentity> identity(const std::string& path);
  // Decides whether what was opened may be read; [target] is its real path, empty if the system does not tell.
  using Admission = std::function<bool(const std::string& target)>;
  // Reads [path] if there is no [admission], or it says yes; else the answer is that of the sandbox.
  static Result<FileSnapshot> snapshot(const std::string& path, std::size_t most, const Admission& admission = {});

  // Gives [from] the name [to], replacing a file there. [crosses_devices] says that this can only be done by copying;
  // nothing has happened then.
  static Result<Done> rename(const std::string& from, const std::string& to, bool& crosses_devices);

  // Copies the bytes of [from] over the file [to], which is made with mode 0644 if it is missing. Onto itself, a file
  // stays as it is. [at_source] says whether an error is about reading [from].
  static Result<Done> copy(const std::string& from, const std::string& to, bool& at_source);
};

// Reads what [descriptor] has to say until its end into [bytes], at most [most] + 1 bytes, and waits where it has
// nothing yet. Returns 0 or an error number.
int read_to_end(int descriptor, std::size_t most, std::string& bytes);

}  // namespace duso
