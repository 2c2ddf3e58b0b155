// The rows below the header of a table: `|-|:-:|`.
//
// One dash makes a column, but md4c asks for three; and the header must have a `|` as well, which md4c does not ask
// for. So before it reads the text short dashes are made longer, and where there can be no table the first `|` is
// escaped. What was put in is taken out of all that it finds: the line need not be part of a table, it can be code as
// well.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace duso::markdown {

class PreparedText {
 public:
  // [source] as md4c has to see it. Refers to [source], which must stay.
  explicit PreparedText(std::string_view source);
  PreparedText(const PreparedText&) = delete;
  PreparedText& operator=(const PreparedText&) = delete;

  std::string_view view() const { return inserted_.empty() ? source_ : std::string_view(prepared_); }

  // What the source has for [piece], which may be a part of view() or any other text, which stays as it is.
  std::string original(std::string_view piece) const;

  // The byte of view() in front of [piece]; NUL if there is none, or if [piece] is no part of it.
  char byte_before(std::string_view piece) const;

 private:
  // Prepares [row], which is at [offset] of the source; [has_header]: the line above it may be a header.
  void prepare_row(std::size_t offset, std::string_view row, bool has_header);
  // Puts [bytes] in at [offset] of the source, which is not in front of the one before.
  void insert(std::size_t offset, std::string_view bytes);
  bool contains(std::string_view piece) const;

  std::string_view source_;
  std::string prepared_;
  std::size_t copied_ = 0;             // how much of the source is in there
  std::vector<std::size_t> inserted_;  // the offsets in prepared_ of the bytes that are not in the source
};

}  // namespace duso::markdown
