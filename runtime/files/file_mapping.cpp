#include "runtime/files/file_mapping.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include <sys/mman.h>
#include <sys/stat.h>

namespace duso {

namespace {

void* address_of(std::string_view bytes) { return const_cast<char*>(bytes.data()); }

}  // namespace

Result<FileMapping> FileMapping::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return FileError::of_system(errno, "open", path);
  struct stat status {};
  int problem = ::fstat(file, &status) != 0 ? errno : 0;
  if (problem == 0 && S_ISDIR(status.st_mode)) problem = EISDIR;
  if (problem == 0 && !S_ISREG(status.st_mode)) problem = EINVAL;
  std::string_view bytes;
  if (problem == 0 && status.st_size != 0) {
    const auto size = static_cast<std::size_t>(status.st_size);
    void* const start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (start == MAP_FAILED) {
      problem = errno;
    } else {
      bytes = {static_cast<const char*>(start), size};
    }
  }
  ::close(file);
  if (problem != 0) return FileError::of_system(problem, "open", path);
  return FileMapping(bytes);
}

FileMapping::FileMapping(FileMapping&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

FileMapping& FileMapping::operator=(FileMapping&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

FileMapping::~FileMapping() {
  if (!bytes_.empty()) ::munmap(address_of(bytes_), bytes_.size());
}

void FileMapping::forget_pages() const {
  if (!bytes_.empty()) ::madvise(address_of(bytes_), bytes_.size(), MADV_DONTNEED);
}

}  // namespace duso
