// A file as memory: its bytes can be looked at without being read, and those that nobody looks at cost nothing.
//
// The file must not become shorter meanwhile, which the kernel only sees to for a program that runs from it.
#pragma once

#include <string>
#include <string_view>

#include "runtime/files/file_error.hpp"

namespace duso {

class FileMapping {
 public:
  // Maps the file at [path].
  static Result<FileMapping> open(const std::string& path);
  FileMapping(FileMapping&& other) noexcept;
  FileMapping& operator=(FileMapping&& other) noexcept;
  ~FileMapping();

  std::string_view bytes() const { return bytes_; }

  // Gives back the memory that looking at the bytes has taken so far.
  void forget_pages() const;

 private:
  explicit FileMapping(std::string_view bytes) : bytes_(bytes) {}

  std::string_view bytes_;
};

}  // namespace duso
