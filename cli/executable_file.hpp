// A new executable, which appears under its name when it is complete.
//
// It is written beside its place and put there in one step: whoever runs the old one goes on, whoever starts it
// meanwhile gets the old one or the new one, and after a failure everything is as before.
#pragma once

#include <string>
#include <string_view>

namespace duso::cli {

class ExecutableFile {
 public:
  // Begins the file that will be called [place]. What fails, here or later, is told by commit().
  explicit ExecutableFile(const std::string& place);
  // Without a commit() there is nothing left of it.
  ~ExecutableFile();
  ExecutableFile(const ExecutableFile&) = delete;
  ExecutableFile& operator=(const ExecutableFile&) = delete;

  void append(std::string_view bytes);

  // Puts the file into its place, with [mode]. Returns the number of the first error that there was, or 0.
  int commit(unsigned mode = 0755);

 private:
  std::string place_;
  std::string temporary_;
  int file_ = -1;
  int problem_ = 0;
};

}  // namespace duso::cli
