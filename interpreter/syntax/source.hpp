// Source text, and places in it.
//
// Everything the front end says about a script, from an error to the range of a name, is said in byte offsets into one
// immutable text or in the line and column of such an offset. A `Source` is that text with the name it has in messages
// and a table of its lines. It is shared by the tree that was made from it, by code values and by tools, on any thread,
// and never changes.
//
// A byte order mark takes no part in columns: the first character a reader sees is column 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace duso::syntax {

// A place in a source text. Both numbers count from 1; columns count bytes, a tab or a carriage return is one column.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;

  friend auto operator<=>(const Position&, const Position&) = default;
};

class Source {
 public:
  // Offsets are 32 bits wide; the parser refuses a longer text.
  static constexpr std::size_t kMaxBytes = std::size_t{1} << 30;

  // Where a text comes from: from the file that its name is the path of, or from elsewhere.
  enum class Origin : std::uint8_t { kElsewhere, kFile };

  // Keeps [text] under [name], the file name in error messages, which may be "<stdin>", "<parser>" or the like.
  Source(std::string name, std::string text, Origin origin = Origin::kElsewhere);

  // Nodes and tokens point into the text, so a Source stays where it is.
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  const std::string& name() const { return name_; }
  bool is_file() const { return origin_ == Origin::kFile; }
  std::string_view text() const { return text_; }

  // The first byte that is part of the script: 3 after a byte order mark, else 0.
  std::uint32_t first_offset() const { return line_starts_.front(); }

  // How many lines there are: one more than there are newlines.
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }

  // Line [number] (from 1) without its line end; empty if there is no such line.
  std::string_view line(std::uint32_t number) const;

  // The offset of the first byte of line [number] (1 to line_count()).
  std::uint32_t line_start(std::uint32_t number) const { return line_starts_[number - 1]; }

  // Where the byte at [offset] stands. The end of the text is the place after its last byte.
  Position position_at(std::uint32_t offset) const;

  // The offset of [position]; the nearest byte in the text if there is no such place.
  std::uint32_t offset_at(Position position) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
  Origin origin_;
};

}  // namespace duso::syntax
