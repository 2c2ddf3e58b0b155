#include "cli/executable_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <sys/stat.h>

namespace duso::cli {

ExecutableFile::ExecutableFile(const std::string& place) : place_(place), temporary_(place + ".XXXXXX") {
  // In the place of a device or a directory there is no file to be replaced.
  struct stat status {};
  if (::stat(place.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    problem_ = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    return;
  }
  file_ = ::mkstemp(temporary_.data());
  if (file_ < 0) problem_ = errno;
}

ExecutableFile::~ExecutableFile() {
  if (file_ < 0) return;
  ::close(file_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void ExecutableFile::append(std::string_view bytes) {
  while (problem_ == 0 && !bytes.empty()) {
    const ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    if (written < 0 && errno != EINTR) problem_ = errno;
  }
}

int ExecutableFile::commit(unsigned mode) {
  if (problem_ != 0) return problem_;
  if (::fchmod(file_, mode) != 0 || ::fsync(file_) != 0 || ::rename(temporary_.c_str(), place_.c_str()) != 0) {
    return problem_ = errno;
  }
  temporary_.clear();
  return 0;
}

}  // namespace duso::cli
