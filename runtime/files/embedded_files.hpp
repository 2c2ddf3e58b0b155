// /EMBED/: the files inside the executable.
//
// They come as a table that is sorted by name when the program is built, so nothing is set up at start: a file is found
// by binary search, and a directory is the run of names that begin with its own. Names are relative, with slashes and
// exact case; a path that climbs out of the root names nothing. An application that travels with the program has its
// files here as well (bundle/application.hpp), compressed until somebody reads them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/files/backend.hpp"

namespace duso {

struct EmbeddedFile {
  std::string_view name;  // without a slash in front
  std::string_view bytes;
  std::optional<std::size_t> inflated_size = {};  // if the bytes are deflated (compression.hpp)

  std::size_t size() const { return inflated_size.value_or(bytes.size()); }
};

// What the build put into this program (embed.cmake).
std::span<const EmbeddedFile> built_in_files();

// Everything that is in this program: that, and what was added.
std::span<const EmbeddedFile> program_files();

// Adds [files], whose names are new. Before the process has a second thread.
void add_program_files(std::vector<EmbeddedFile> files);

class EmbeddedFiles final : public FileBackend {
 public:
  // [files] are sorted by name in byte order and outlive this.
  explicit EmbeddedFiles(std::span<const EmbeddedFile> files) : files_(files) {}

  Result<std::string> read(const Location& file, std::size_t most) override;
  Result<Done> write(const Location& file, std::string_view bytes, WriteMode mode) override;
  Result<FileType> type(const Location& place) override;
  // A directory that does not exist is an empty one.
  Result<std::vector<DirectoryEntry>> list(const Location& directory) override;
  Result<Done> make_directory(const Location& directory) override;
  Result<Done> remove_directory(const Location& directory) override;
  Result<Done> remove(const Location& file) override;
  std::vector<std::string> find(const PathPattern& pattern) override;

  // Whether reading [file] takes so long that nobody else should have to wait for it.
  bool is_slow_to_read(const Location& file) const;

 private:
  const EmbeddedFile* find_file(const std::string& name) const;
  std::span<const EmbeddedFile>::iterator first_from(std::string_view name) const;
  bool is_directory(const std::string& name) const;

  std::span<const EmbeddedFile> files_;
};

}  // namespace duso
