#include "runtime/bundle/archive.hpp"

#include <algorithm>
#include <utility>

#include "runtime/files/path_text.hpp"

namespace duso::bundle {

namespace {

constexpr std::string_view kMagic = "duso application";
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kNumberSize = 8;
constexpr std::size_t kTrailerSize = kMagic.size() + 5 * kNumberSize;

void append(std::string& bytes, std::uint64_t number) {
  for (std::size_t i = 0; i < kNumberSize; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xff);
}

void append(std::string& bytes, std::string_view text) {
  append(bytes, std::uint64_t{text.size()});
  bytes += text;
}

// Reads numbers and texts. What is not whole any more is 0 or empty, and so is everything behind it.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}

  bool is_at_end() const { return rest_.empty(); }
  // Whether everything that was read was there.
  bool is_whole() const { return is_whole_; }

  std::uint64_t number() {
    const std::string_view bytes = take(kNumberSize);
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }

  std::string_view text() { return take(number()); }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) {
      is_whole_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
  bool is_whole_ = true;
};

std::string damaged_index() { return "its list of files is damaged"; }

}  // namespace

bool is_good_name(std::string_view name) {
  return name.starts_with(kFolder) && name.find('\\') == name.npos && name.find('\0') == name.npos &&
         paths::clean(name) == name && name.size() > kFolder.size();
}

ArchiveWriter::ArchiveWriter(std::size_t program_size, Sink sink)
    : program_size_(program_size), sink_(std::move(sink)), deflater_([this](std::string_view bytes) {
        entries_.back().stored += bytes.size();
        put(bytes);
      }) {}

void ArchiveWriter::put(std::string_view bytes) {
  checksum_ = crc32(bytes, checksum_);
  length_ += bytes.size();
  sink_(bytes);
}

void ArchiveWriter::begin_file(std::string name) { entries_.push_back({std::move(name), 0, 0}); }

void ArchiveWriter::write(std::string_view bytes) {
  entries_.back().size += bytes.size();
  deflater_.write(bytes);
}

void ArchiveWriter::end_file() { deflater_.finish(); }

void ArchiveWriter::finish(const Description& description) {
  std::string index;
  append(index, description.name);
  append(index, description.start_script);
  append(index, description.library_path);
  append(index, std::uint64_t{description.is_sealed});
  for (const Entry& entry : entries_) {
    append(index, entry.name);
    append(index, std::uint64_t{entry.stored});
    append(index, std::uint64_t{entry.size});
  }
  put(index);

  std::string trailer(kMagic);
  append(trailer, kVersion);
  append(trailer, std::uint64_t{program_size_});
  append(trailer, std::uint64_t{length_});
  append(trailer, std::uint64_t{index.size()});
  put(trailer);
  std::string checksum;
  append(checksum, std::uint64_t{checksum_});
  sink_(checksum);
}

Result<ArchiveParts, std::string> find_archive(std::string_view executable) {
  if (executable.size() < kTrailerSize) return std::string("its end is missing");
  const std::string_view trailer = executable.substr(executable.size() - kTrailerSize);
  if (!trailer.starts_with(kMagic)) return std::string("its end is missing");
  Cursor cursor(trailer.substr(kMagic.size()));
  if (cursor.number() != kVersion) return std::string("it is in a form that this version of duso does not know");
  const std::uint64_t offset = cursor.number();
  const std::uint64_t length = cursor.number();
  const std::uint64_t index_length = cursor.number();
  const std::uint64_t checksum = cursor.number();
  const std::size_t before_trailer = executable.size() - kTrailerSize;
  if (offset > before_trailer || length != before_trailer - offset || index_length > length) {
    return std::string("its parts do not fit together");
  }
  const std::string_view summed = executable.substr(offset, length + kTrailerSize - kNumberSize);
  if (crc32(summed) != checksum) return std::string("its checksum is wrong");
  const std::string_view archive = summed.substr(0, length);
  return ArchiveParts{offset, archive.substr(0, length - index_length), archive.substr(length - index_length)};
}

Result<Archive, std::string> read_archive(const ArchiveParts& parts) {
  Cursor index(parts.index);
  Archive archive;
  archive.description.name = index.text();
  archive.description.start_script = index.text();
  archive.description.library_path = index.text();
  const std::uint64_t is_sealed = index.number();
  if (!index.is_whole() || is_sealed > 1) return damaged_index();
  archive.description.is_sealed = is_sealed == 1;

  std::string_view rest = parts.data;
  while (!index.is_at_end()) {
    const std::string_view name = index.text();
    const std::uint64_t stored = index.number();
    const std::uint64_t size = index.number();
    const bool is_possible = index.is_whole() && stored <= rest.size() && size / kLargestInflation <= stored;
    if (!is_possible || !is_good_name(name)) return damaged_index();
    if (!archive.files.empty() && archive.files.back().name >= name) return damaged_index();
    archive.files.push_back({name, rest.substr(0, stored), size});
    rest.remove_prefix(stored);
  }
  if (!rest.empty()) return damaged_index();
  if (!std::ranges::binary_search(archive.files, archive.description.start_script, {}, &EmbeddedFile::name)) {
    return std::string("its start script is missing");
  }
  return archive;
}

}  // namespace duso::bundle
