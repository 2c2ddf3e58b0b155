// The archive that a bundled application travels in, behind the program that runs it.
//
//     program | file, file, ... | index | trailer
//
// Each file is a deflated stream of its own, so that one can be read without the others. The index says what the
// application is, and then the name and both sizes of each file, in the order in which they lie there. The trailer has
// a fixed size, so it is found from the end: magic, version, where the archive begins, its length, that of the index,
// and a checksum of everything behind the program but itself. A number has eight bytes, the lowest first; a text has
// its length in front.
//
// It is written as a stream, one file at a time. Reading believes nothing: the bytes may have been cut off, changed or
// made up, and whatever does not fit together makes the archive one that is damaged. That is always said, and never
// taken for a program without an application.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/compression.hpp"
#include "runtime/files/embedded_files.hpp"
#include "runtime/files/file_error.hpp"

namespace duso::bundle {

// Every file of an application is below this, as in /EMBED/app/main.du.
inline constexpr std::string_view kFolder = "app/";

// What there is to know about an application beside its files.
struct Description {
  std::string name;
  std::string start_script;       // the name of a file
  std::string library_path = {};  // directories for modules, as -lib-path has them
  bool is_sealed = false;         // the command line is the application's alone

  friend bool operator==(const Description&, const Description&) = default;
};

// Whether [name] can be that of a file in an archive: below the folder, clean, and without what paths of scripts can
// not contain.
bool is_good_name(std::string_view name);

class ArchiveWriter {
 public:
  using Sink = std::function<void(std::string_view)>;

  // Writes to [sink], behind a program of [program_size] bytes.
  ArchiveWriter(std::size_t program_size, Sink sink);
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  // Begins the file [name], which is a good one and behind all that were there, in byte order.
  void begin_file(std::string name);
  void write(std::string_view bytes);
  void end_file();

  // Writes what comes behind the files.
  void finish(const Description& description);

 private:
  struct Entry {
    std::string name;
    std::size_t stored = 0;
    std::size_t size = 0;
  };

  void put(std::string_view bytes);

  const std::size_t program_size_;
  const Sink sink_;
  std::size_t length_ = 0;
  std::uint32_t checksum_ = 0;
  std::vector<Entry> entries_;
  Deflater deflater_;
};

// The parts of an archive, and where it begins: how long the program is.
struct ArchiveParts {
  std::size_t program_size = 0;
  std::string_view data;
  std::string_view index;
};

struct Archive {
  Description description;
  std::vector<EmbeddedFile> files;  // sorted by name; they look into the data
};

// The archive at the end of [executable], whose checksum is right; or what is wrong with it: "its end is missing".
Result<ArchiveParts, std::string> find_archive(std::string_view executable);

// What is in [parts]; or what is wrong. Files are not inflated for that.
Result<Archive, std::string> read_archive(const ArchiveParts& parts);

}  // namespace duso::bundle
