#include "cli/report_pipe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace duso::cli {

ReportPipe::ReportPipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
  read_end_ = ends[0];
  write_end_ = ends[1];
  fcntl(read_end_, F_SETFL, O_NONBLOCK);
}

ReportPipe::~ReportPipe() {
  close(read_end_);
  close_write_end();
}

void ReportPipe::close_write_end() {
  if (write_end_ >= 0) close(write_end_);
  write_end_ = -1;
}

void ReportPipe::write(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  while (!bytes.empty()) {
    const ssize_t written = ::write(write_end_, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string ReportPipe::read() {
  std::string bytes;
  char buffer[4096];
  ssize_t count = 0;
  while ((count = ::read(read_end_, buffer, sizeof buffer)) > 0) bytes.append(buffer, static_cast<std::size_t>(count));
  is_at_end_ = count == 0;
  return bytes;
}

}  // namespace duso::cli
