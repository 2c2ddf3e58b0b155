#include "cli/source_paths.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <sys/stat.h>

namespace duso::cli {

namespace {

namespace fs = std::filesystem;

// "ACTION PATH: REASON", the reason being that of the system's error [code].
std::string describe(std::string_view action, const std::string& path, int code) {
  std::string reason = std::generic_category().message(code);
  if (!reason.empty()) reason[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(reason[0])));
  return std::string(action) + ' ' + path + ": " + reason;
}

// A file descriptor that is closed when it is no longer needed.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ > STDERR_FILENO) ::close(number_);
  }

  int number() const { return number_; }

 private:
  int number_;
};

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::vector<std::string> expand_directories(const std::vector<std::string>& operands) {
  std::vector<std::string> files;
  for (const std::string& operand : operands) {
    std::error_code problem;
    if (!fs::is_directory(operand, problem)) {
      files.push_back(operand);
      continue;
    }
    std::vector<std::string> found;
    for (fs::recursive_directory_iterator entry(operand, fs::directory_options::skip_permission_denied, problem), end;
         !problem && entry != end; entry.increment(problem)) {
      if (entry->path().extension() == ".du" && entry->is_regular_file(problem)) {
        found.push_back(entry->path().lexically_normal().string());
      }
    }
    std::ranges::sort(found);
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

FileText read_file(const std::string& path) {
  const Descriptor file(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return {std::nullopt, describe("open", path, errno)};
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t count = ::read(file.number(), buffer, sizeof buffer);
    if (count == 0) return {text, {}};
    if (count > 0) {
      text.append(buffer, static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return {std::nullopt, describe("read", path, errno)};
    }
  }
}

std::optional<std::string> write_file(const std::string& path, const std::string& text) {
  constexpr mode_t kUsualMode = 0666;  // and the umask
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kUsualMode));
  if (file.number() < 0) return describe("open", path, errno);
  if (!write_all(file.number(), text)) return describe("write", path, errno);
  return std::nullopt;
}

std::optional<std::string> replace_file(const std::string& path, const std::string& text) {
  // A file that may not be written to could still be replaced, and a link would be: both are not what was asked for.
  if (::access(path.c_str(), W_OK) != 0) return describe("write", path, errno);
  std::error_code problem;
  const std::string target = fs::canonical(path, problem).string();
  if (problem) return describe("write", path, problem.value());
  struct stat status {};
  if (::stat(target.c_str(), &status) != 0) return describe("write", path, errno);

  std::string temporary = target + ".XXXXXX";
  const Descriptor file(::mkstemp(temporary.data()));
  if (file.number() < 0) return describe("write", path, errno);
  const bool is_written = write_all(file.number(), text) && ::fchmod(file.number(), status.st_mode & 07777U) == 0 &&
                          ::fsync(file.number()) == 0 && ::rename(temporary.c_str(), target.c_str()) == 0;
  if (is_written) return std::nullopt;
  const int code = errno;
  ::unlink(temporary.c_str());
  return describe("write", path, code);
}

}  // namespace duso::cli
