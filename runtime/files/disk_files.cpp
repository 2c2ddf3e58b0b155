#include "runtime/files/disk_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <ctime>
#include <memory>

#include <sys/stat.h>

#include "runtime/files/disk_tree.hpp"
#include "runtime/files/path_text.hpp"

namespace duso {

namespace {

constexpr mode_t kFileMode = 0644;
constexpr mode_t kDirectoryMode = 0755;
constexpr std::size_t kReadSize = std::size_t{64} << 10;
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

// Clocks of file systems tick every few milliseconds, of old ones every two seconds.
constexpr std::int64_t kSettledAfter = 3 * kNanosecondsPerSecond;

// An open file, closed at the end of its scope.
class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, kFileMode)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

// Where the open [file] really is, all links followed; empty if the system does not tell.
std::string real_path_of(const Descriptor& file) {
  char target[PATH_MAX];
  const std::string link = "/proc/self/fd/" + std::to_string(file.number());
  const ssize_t length = ::readlink(link.c_str(), target, sizeof target);
  const bool is_whole = length > 0 && static_cast<std::size_t>(length) < sizeof target;
  return is_whole ? std::string(target, static_cast<std::size_t>(length)) : std::string();
}

using DirectoryHandle = std::unique_ptr<DIR, int (*)(DIR*)>;

DirectoryHandle open_directory(const std::string& path) { return {::opendir(path.c_str()), &::closedir}; }

// The error number that errno has now.
FileError failed(std::string_view operation, const std::string& path) {
  return FileError::of_system(errno, operation, path);
}

FileError unwritten(int problem, const std::string& path) {
  FileError error = FileError::of_system(problem, "write", path);
  if (error.kind == FileError::Kind::kOther) error.kind = FileError::Kind::kUnwritten;
  return error;
}

bool is_directory(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * kNanosecondsPerSecond + time.tv_nsec; }

FileIdentity identity_of(const struct stat& status) {
  return {static_cast<std::uint64_t>(status.st_size), status.st_dev, status.st_ino, nanoseconds(status.st_mtim)};
}

// Writes all of [bytes]; 0 or an error number.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

// Copies what is left in [from] to [to]; 0 or an error number.
int copy_all(int from, int to) {
  // The kernel does it by itself where both files are of a kind that it can; nothing is lost by asking.
  constexpr std::size_t kStep = std::size_t{1} << 30;
  for (ssize_t count; (count = ::copy_file_range(from, nullptr, to, nullptr, kStep, 0)) != 0;) {
    if (count < 0 && errno != EINTR) break;
  }
  const auto buffer = std::make_unique<char[]>(kReadSize);
  for (;;) {
    const ssize_t count = ::read(from, buffer.get(), kReadSize);
    if (count == 0) return 0;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (const int problem = write_all(to, {buffer.get(), static_cast<std::size_t>(count)})) return problem;
  }
}

bool is_directory_entry(DIR* directory, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
  struct stat status {};
  return ::fstatat(::dirfd(directory), entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

int read_to_end(int descriptor, std::size_t most, std::string& bytes) {
  // A regular file is read in one go. Pipes, and files that somebody is writing to, only end where a read says so.
  struct stat status {};
  const bool has_size = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  const std::size_t enough = most + 1;
  bytes.resize(has_size ? std::min(static_cast<std::size_t>(status.st_size), most) + 1 : std::min(kReadSize, enough));
  std::size_t length = 0;
  while (length < enough) {
    if (length == bytes.size()) bytes.resize(length + std::min(std::max(kReadSize, length), enough - length));
    const ssize_t count = ::read(descriptor, bytes.data() + length, bytes.size() - length);
    if (count > 0) {
      length += static_cast<std::size_t>(count);
    } else if (count == 0) {
      break;
    } else if (errno == EAGAIN) {  // somebody made it non-blocking
      pollfd waiting{descriptor, POLLIN, 0};
      ::poll(&waiting, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  bytes.resize(length);
  return 0;
}

Result<std::string> DiskFiles::read(const Location& file, std::size_t most) {
  Result<FileSnapshot> taken = snapshot(file.path, most);
  if (!taken.ok()) return taken.error();
  return std::move(taken.value().bytes);
}

Result<FileIdentity> DiskFiles::identity(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return failed("stat", path);
  return identity_of(status);
}

Result<FileSnapshot> DiskFiles::snapshot(const std::string& path, std::size_t most, const Admission& admission) {
  const Descriptor file(path, O_RDONLY | O_NOCTTY);
  if (!file.is_open()) return failed("open", path);
  if (admission && !admission(real_path_of(file))) return FileError::sandboxed();
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  FileSnapshot taken;
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return failed("read", path);
  taken.identity = identity_of(status);
  taken.settled = nanoseconds(now) - taken.identity.modified > kSettledAfter;
  if (S_ISREG(status.st_mode) && taken.identity.size > most) return FileError::of_system(EFBIG, "read", path);
  const int problem = read_to_end(file.number(), most, taken.bytes);
  if (problem != 0) return FileError::of_system(problem, "read", path);
  if (taken.bytes.size() > most) return FileError::of_system(EFBIG, "read", path);
  return taken;
}

Result<Done> DiskFiles::write(const Location& file, std::string_view bytes, WriteMode mode) {
  const Descriptor target(file.path, O_WRONLY | O_CREAT | O_NOCTTY | (mode == WriteMode::kAppend ? O_APPEND : O_TRUNC));
  if (!target.is_open()) return failed("open", file.path);
  if (const int problem = write_all(target.number(), bytes)) return unwritten(problem, file.path);
  return Done();
}

Result<FileType> DiskFiles::type(const Location& place) {
  struct stat status {};
  if (::stat(place.path.c_str(), &status) != 0) return failed("stat", place.path);
  return S_ISDIR(status.st_mode) ? FileType::kDirectory : FileType::kFile;
}

Result<std::vector<DirectoryEntry>> DiskFiles::list(const Location& directory) {
  const DirectoryHandle handle = open_directory(directory.path);
  if (handle == nullptr) return failed("open", directory.path);
  std::vector<DirectoryEntry> entries;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(handle.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") entries.push_back({std::string(name), is_directory_entry(handle.get(), *entry)});
  }
  if (errno != 0) return failed("read", directory.path);
  std::ranges::sort(entries, {}, &DirectoryEntry::name);
  return entries;
}

Result<Done> DiskFiles::make_directory(const Location& directory) {
  if (directory.path.empty()) return FileError::of_system(ENOENT, "mkdir", directory.path);
  const std::string whole = paths::clean(directory.path);
  for (std::size_t end = 0; end != std::string::npos;) {
    end = whole.find('/', end + 1);
    const std::string part = whole.substr(0, end);
    if (::mkdir(part.c_str(), kDirectoryMode) == 0) continue;
    const int problem = errno;
    if (is_directory(part)) continue;
    // What exists and is no directory is in the way, whatever the kernel calls it.
    return FileError::of_system(problem == EEXIST ? ENOTDIR : problem, "mkdir", directory.path, part);
  }
  return Done();
}

Result<Done> DiskFiles::remove_directory(const Location& directory) {
  if (::rmdir(directory.path.c_str()) == 0) return Done();
  if (errno == ENOTDIR) return FileError{FileError::Kind::kNotDirectory, directory.path, {}, ENOTDIR};
  return FileError::of_system(errno == EEXIST ? ENOTEMPTY : errno, "remove", directory.path);
}

Result<Done> DiskFiles::remove(const Location& file) {
  if (::unlink(file.path.c_str()) == 0) return Done();
  if (errno != EISDIR) return failed("remove", file.path);
  return remove_directory(file);
}

std::vector<std::string> DiskFiles::find(const PathPattern& pattern) {
  DiskTree tree;
  return find_in(tree, pattern);
}

Result<Done> DiskFiles::rename(const std::string& from, const std::string& to, bool& crosses_devices) {
  crosses_devices = false;
  if (::rename(from.c_str(), to.c_str()) == 0) return Done();
  const int problem = errno;
  crosses_devices = problem == EXDEV;
  // Of the two places, the one that is to blame is named: the source if it is not there, else the destination.
  struct stat status {};
  const bool source_missing = ::lstat(from.c_str(), &status) != 0;
  return FileError::of_system(problem, "rename", source_missing ? from : to);
}

Result<Done> DiskFiles::copy(const std::string& from, const std::string& to, bool& at_source) {
  at_source = true;
  const Descriptor source(from, O_RDONLY | O_NOCTTY);
  if (!source.is_open()) return failed("open", from);
  struct stat source_status {};
  if (::fstat(source.number(), &source_status) != 0) return failed("read", from);
  if (S_ISDIR(source_status.st_mode)) return FileError::of_system(EISDIR, "read", from);

  at_source = false;
  const Descriptor target(to, O_WRONLY | O_CREAT | O_NOCTTY);
  if (!target.is_open()) return failed("open", to);
  struct stat target_status {};
  if (::fstat(target.number(), &target_status) != 0) return failed("open", to);
  if (source_status.st_dev == target_status.st_dev && source_status.st_ino == target_status.st_ino) return Done();
  if (S_ISREG(target_status.st_mode) && ::ftruncate(target.number(), 0) != 0) return failed("open", to);
  if (const int problem = copy_all(source.number(), target.number())) {
    return unwritten(problem, to);
  }
  return Done();
}

}  // namespace duso
