// What the first bytes of a picture say: its format and its size.
//
// Enough to describe an image without decoding it. The bytes may come from anywhere, so every length in them is checked
// against what is there; what is cut off before its size, or says that it has no pixels, is no image.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace duso {

struct ImageHeader {
  std::string_view format;  // "png", "jpeg" or "gif"
  std::uint32_t width;
  std::uint32_t height;
};

// The header of the image in [bytes], tried as PNG (ISO/IEC 15948), JPEG (ITU T.81) and GIF; nothing if it is none.
std::optional<ImageHeader> read_image_header(std::string_view bytes);

}  // namespace duso
