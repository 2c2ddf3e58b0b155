#include "cli/repl/history.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <sys/file.h>
#include <sys/stat.h>

#include "runtime/files/disk_files.hpp"

namespace duso::cli::repl {

namespace {

constexpr mode_t kOwnerOnly = 0600;

// More than a thousand inputs take.
constexpr std::size_t kMostBytes = std::size_t{256} << 20;

std::string escaped(std::string_view input) {
  std::string line;
  for (const char c : input) {
    if (c == '\\') {
      line += "\\\\";
    } else if (c == '\n') {
      line += "\\n";
    } else {
      line += c;
    }
  }
  return line;
}

std::string unescaped(std::string_view line) {
  std::string input;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      input += line[i];
      continue;
    }
    const char next = line[++i];
    if (next == 'n') {
      input += '\n';
    } else if (next == '\\') {
      input += '\\';
    } else {  // somebody has written it by hand
      input += '\\';
      input += next;
    }
  }
  return input;
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

// The file at [path], made if need be, and locked until it is closed. Not open if that failed, with errno.
Descriptor open_locked(const std::string& path) {
  while (true) {
    Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, kOwnerOnly));
    if (!file.is_open()) return file;
    while (flock(file.number(), LOCK_EX) != 0) {
      if (errno != EINTR) return Descriptor(-1);
    }
    // Another session may have put a new file in its place while this one waited for the lock.
    struct stat locked = {};
    struct stat current = {};
    if (fstat(file.number(), &locked) != 0) return Descriptor(-1);
    if (stat(path.c_str(), &current) == 0 && locked.st_ino == current.st_ino && locked.st_dev == current.st_dev) {
      return file;
    }
  }
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(file, text.data(), text.size());
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// Puts a file with [text] in the place of the one at [link], or of the one that this is a link to. False with errno.
bool replace_file(const std::string& link, std::string_view text) {
  char* const resolved = realpath(link.c_str(), nullptr);
  if (resolved == nullptr) return false;
  const std::string path = resolved;
  std::free(resolved);
  const std::string next = path + ".new";  // whoever writes it holds the lock
  const Descriptor file(open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerOnly));
  if (!file.is_open()) return false;
  if (write_all(file.number(), text) && rename(next.c_str(), path.c_str()) == 0) return true;
  const int problem = errno;
  unlink(next.c_str());
  errno = problem;
  return false;
}

}  // namespace

bool InputList::add(std::string input) {
  if (input.empty() || (!inputs_.empty() && inputs_.back() == input)) return false;
  inputs_.push_back(std::move(input));
  if (inputs_.size() > kMost) inputs_.erase(inputs_.begin());
  return true;
}

std::string InputList::text() const {
  std::string text;
  for (const std::string& input : inputs_) text += escaped(input) + '\n';
  return text;
}

InputList InputList::from_text(std::string_view text) {
  InputList list;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    list.add(unescaped(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return list;
}

std::string HistoryFile::usual_path() {
  if (const char* const chosen = std::getenv("DUSO_HISTORY")) return chosen;
  const char* const home = std::getenv("HOME");
  return home != nullptr && *home != '\0' ? std::string(home) + "/.duso_history" : std::string();
}

InputList HistoryFile::load() const {
  if (path_.empty()) return {};
  const Descriptor file(open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  if (file.is_open()) read_to_end(file.number(), kMostBytes, text);
  return InputList::from_text(text);
}

std::optional<std::string> HistoryFile::add(const std::string& input) const {
  if (path_.empty()) return std::nullopt;
  const auto complaint = [this] { return path_ + ": " + std::system_category().message(errno); };
  const Descriptor file = open_locked(path_);
  if (!file.is_open()) return complaint();
  std::string text;
  errno = read_to_end(file.number(), kMostBytes, text);
  if (errno != 0) return complaint();

  InputList list = InputList::from_text(text);
  const std::size_t count = list.inputs().size();
  if (!list.add(input)) return std::nullopt;
  const bool is_whole = text.empty() || text.back() == '\n';
  const bool has_room = list.inputs().size() > count && is_whole;
  const bool is_written = has_room ? write_all(file.number(), escaped(input) + '\n') : replace_file(path_, list.text());
  return is_written ? std::nullopt : std::optional(complaint());
}

}  // namespace duso::cli::repl
