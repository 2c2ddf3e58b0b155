// Why an operation on a file failed, and results that may be such a failure.
//
// Nothing in the file layer throws: a file that is not there is an everyday answer, and operations run on threads where
// no script could catch anything. What went wrong is kept apart by kind, because callers react to kinds, and turned
// into words in one place: the CAUSE that messages end with (files-and-modules.md 1.3).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace duso {

struct FileError {
  enum class Kind : unsigned char {
    kNotFound,
    kDenied,
    kExists,
    kNotEmpty,      // a directory
    kNotDirectory,  // what should have been removed as one
    kUnwritten,     // the file could be opened, but the bytes did not all get there
    kReadOnly,      // a write below /EMBED/
    kSandboxed,     // the disk, under -no-files
    kPattern,       // no path but a bad wildcard pattern; the text is the whole message
    kOther,
  };

  Kind kind = Kind::kOther;
  std::string path;  // the place that it is about, as resolved
  std::string text;  // kPattern, kUnwritten, kOther: what happened, as in "read d: is a directory"
  int problem = 0;   // the number of the operating system's error; 0 if it is none of its

  // The error number [problem] of [operation] (`open`, `read`, ...) at [path]; [subject] is what the text calls the
  // place if that is not its path.
  static FileError of_system(int problem, std::string_view operation, std::string path, std::string_view subject = {});
  // The refusal of the sandbox.
  static FileError sandboxed() { return {Kind::kSandboxed, {}, {}, 0}; }
  // A write to [path] below /EMBED/.
  static FileError read_only(std::string path) { return {Kind::kReadOnly, std::move(path), {}, 0}; }

  // What messages call the cause: "file not found at x.txt".
  std::string cause() const;
};

// The whole message of a refusal by the sandbox (files-and-modules.md 6).
inline constexpr std::string_view kSandboxMessage = "filesystem access disabled by -no-files";

// The whole message of operations that have no words of their own for a write below /EMBED/ (files-and-modules.md 4).
inline constexpr std::string_view kReadOnlyMessage = "cannot write to /EMBED/: embedded filesystem is read-only";

// The words of the C library for the error number [problem], in lower case: "is a directory".
std::string reason_of(int problem);

// What an operation that only does something returns when it did it.
using Done = std::monostate;

// A [T], or why there is none. Ask for the value only if it is ok, for the error only if it is not.
template <class T, class Error = FileError>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}
  Result(Error error) : content_(std::move(error)) {}

  bool ok() const { return content_.index() == 0; }
  T& value() { return *std::get_if<0>(&content_); }
  const T& value() const { return *std::get_if<0>(&content_); }
  const Error& error() const { return *std::get_if<1>(&content_); }

 private:
  std::variant<T, Error> content_;
};

}  // namespace duso
