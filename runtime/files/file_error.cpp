#include "runtime/files/file_error.hpp"

#include <cerrno>
#include <system_error>

namespace duso {

std::string reason_of(int problem) {
  std::string words = std::generic_category().message(problem);
  if (!words.empty() && words[0] >= 'A' && words[0] <= 'Z') words[0] = static_cast<char>(words[0] | 0x20);
  return words;
}

FileError FileError::of_system(int problem, std::string_view operation, std::string path, std::string_view subject) {
  switch (problem) {
    case ENOENT:
      return {Kind::kNotFound, std::move(path), {}, problem};
    case EACCES:
    case EPERM:
      return {Kind::kDenied, std::move(path), {}, problem};
    case EEXIST:
      return {Kind::kExists, std::move(path), {}, problem};
    case ENOTEMPTY:
      return {Kind::kNotEmpty, std::move(path), {}, problem};
    default:
      break;
  }
  std::string text(operation);
  text += ' ';
  text += subject.empty() ? std::string_view(path) : subject;
  text += ": " + reason_of(problem);
  return {Kind::kOther, std::move(path), std::move(text), problem};
}

std::string FileError::cause() const {
  switch (kind) {
    case Kind::kNotFound:
      return "file not found at " + path;
    case Kind::kDenied:
      return "permission denied at " + path;
    case Kind::kExists:
      return "already exists at " + path;
    case Kind::kNotEmpty:
      return "directory not empty at " + path;
    case Kind::kNotDirectory:
      return "not a directory at " + path;
    case Kind::kReadOnly:
      return std::string(kReadOnlyMessage) + " (at " + path + ")";
    case Kind::kSandboxed:
      return std::string(kSandboxMessage);
    case Kind::kPattern:
      return text;
    case Kind::kUnwritten:
    case Kind::kOther:
      break;
  }
  return text + " (at " + path + ")";
}

}  // namespace duso
