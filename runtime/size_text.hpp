// SIZE, the way flags write a number of bytes: `4096`, `16m`, `1GB` (memory-and-panics.md 1).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace duso {

// The number of bytes that [text] says: a whole number, and behind it k, m or g, or kb, mb or gb, in any case, for
// powers of 1024. Nothing if it is anything else, or more than a size can be.
std::optional<std::size_t> parse_size(std::string_view text);

}  // namespace duso
