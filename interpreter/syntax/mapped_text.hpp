// Text that was lifted out of a source, byte for byte, with some bytes left out.
//
// The expressions in a triple-quoted string are read after the string lost its indentation. Still, every token in them
// has to know its real place in the file. So a text remembers where something was left out, and each of its offsets can
// be led back to the source. A whole file is a mapped text with nothing left out.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "interpreter/syntax/source.hpp"

namespace duso::syntax {

// From [offset] of the text on (to the next splice), its bytes are those of the source from [source_offset] on.
struct Splice {
  std::uint32_t offset;
  std::uint32_t source_offset;
};

struct MappedText {
  std::string_view bytes;
  std::span<const Splice> splices;  // ascending, the first at offset 0; empty if the text is the whole source

  // All of [source].
  static MappedText whole(const Source& source) { return {source.text(), {}}; }

  // Where in the source the byte at [offset] stands.
  std::uint32_t source_offset(std::uint32_t offset) const {
    if (splices.empty()) return offset;
    const auto after = std::upper_bound(splices.begin(), splices.end(), offset,
                                        [](std::uint32_t at, const Splice& splice) { return at < splice.offset; });
    const Splice& last = *(after - 1);
    return last.source_offset + (offset - last.offset);
  }

  // Where in the source the text before [offset] (above 0) ends: before whatever was left out there.
  std::uint32_t source_end(std::uint32_t offset) const { return source_offset(offset - 1) + 1; }

  // The bytes from [begin] up to [end].
  std::string_view slice(std::uint32_t begin, std::uint32_t end) const { return bytes.substr(begin, end - begin); }
};

// A part of a mapped text: the inside of a string, or an expression in it.
struct TextRange {
  MappedText text;
  std::uint32_t begin;
  std::uint32_t end;

  std::string_view bytes() const { return text.slice(begin, end); }
};

}  // namespace duso::syntax
