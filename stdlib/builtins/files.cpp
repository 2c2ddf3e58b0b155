// Files: load.
//
// Paths are resolved as files-and-modules.md 1 says for bare paths: below the directory of the script that was started.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <sys/stat.h>

#include "runtime/host.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/text_buffer.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

namespace fs = std::filesystem;

// An open file, closed at the end of its scope.
class File {
 public:
  explicit File(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// Where the script's [path] lies (files-and-modules.md 1).
std::string resolve(const Call& call, std::string_view path) {
  static constexpr std::string_view kHere = "/HERE/";
  static constexpr std::string_view kWorkingDirectory = "/CWD/";
  const auto& words = call.host().command_line().words();
  const fs::path directory = words.empty() ? fs::path() : fs::path(words.front()).parent_path();
  if (path.starts_with(kWorkingDirectory)) {
    return (fs::current_path() / path.substr(kWorkingDirectory.size())).lexically_normal().string();
  }
  if (path.starts_with(kHere)) return (directory / path.substr(kHere.size())).lexically_normal().string();
  if (path.empty() || path.starts_with('/') || directory.empty() || directory == ".") return std::string(path);
  return (directory / path).lexically_normal().string();
}

// The CAUSE of messages (files-and-modules.md 1.3) for the error number [problem] of [operation].
std::string cause(int problem, std::string_view operation, const std::string& path) {
  if (problem == ENOENT) return "file not found at " + path;
  if (problem == EACCES || problem == EPERM) return "permission denied at " + path;
  std::string reason = std::generic_category().message(problem);
  if (!reason.empty() && reason[0] >= 'A' && reason[0] <= 'Z') reason[0] = static_cast<char>(reason[0] | 0x20);
  return std::string(operation) + " " + path + ": " + reason + " (at " + path + ")";
}

Value raise_unreadable(const Call& call, std::string_view path, int problem, std::string_view operation,
                       const std::string& resolved) {
  return call.raise("cannot load '" + std::string(path) + "': " + cause(problem, operation, resolved));
}

Value load(Call& call) {
  const String* path = required_string(call, 0, "a filename argument");
  if (path == nullptr) return Value::raise();
  const std::string resolved = resolve(call, path->view());
  const File file(resolved);
  if (file.descriptor() < 0) return raise_unreadable(call, path->view(), errno, "open", resolved);
  struct stat status {};
  if (fstat(file.descriptor(), &status) != 0) return raise_unreadable(call, path->view(), errno, "read", resolved);

  // A regular file is read into the string that is returned. Its size may be wrong all the same: files in /proc have
  // none, and others grow while they are read.
  Owned result(Value(new_string_uninitialised(call.heap(), static_cast<std::size_t>(status.st_size))));
  String* text = result.get().string();
  std::size_t size = 0;
  for (;;) {
    char* const room = size < text->size ? text->data() + size : nullptr;
    char beyond[4096];
    const ssize_t count = room != nullptr ? ::read(file.descriptor(), room, text->size - size)
                                          : ::read(file.descriptor(), beyond, sizeof beyond);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return raise_unreadable(call, path->view(), errno, "read", resolved);
    if (count == 0) break;
    if (room == nullptr) {
      finish_string(text);
      text = append(call.heap(), text, {beyond, static_cast<std::size_t>(count)});
      result.take();  // gone or grown in place
      result = Owned(Value(text));
    }
    size += static_cast<std::size_t>(count);
  }
  text->size = static_cast<std::uint32_t>(size);
  finish_string(text);
  return result.take();
}

const BuiltinSpec kLoad{
    .name = "load",
    .parameters = {{"filename", Type::kString}},
    .returns = Type::kString,
    .may_suspend = true,
    .errors = {"load() requires a filename argument", "cannot load '{filename}': {cause}"},
    .summary =
        "The bytes of a file as a string, without any conversion. A path that does not start with `/` is looked for "
        "beside the script that was started.",
    .example = R"(try
  load("no-such-file.txt")
catch (e)
  print(starts_with(e.message, "cannot load 'no-such-file.txt'")) // true
end)",
    .function = load,
};

constexpr const BuiltinSpec* kFiles[] = {&kLoad};

}  // namespace

Family file_builtins() { return kFiles; }

}  // namespace duso::stdlib
