#include "runtime/images/image_header.hpp"

namespace duso {

namespace {

// Numbers of two and four bytes in front of [bytes], the high byte first.
std::uint32_t two_bytes(std::string_view bytes) {
  return static_cast<unsigned char>(bytes[0]) * 256U + static_cast<unsigned char>(bytes[1]);
}
std::uint32_t four_bytes(std::string_view bytes) { return two_bytes(bytes) << 16 | two_bytes(bytes.substr(2)); }

// The low byte first, as in GIF.
std::uint32_t two_bytes_reversed(std::string_view bytes) {
  return static_cast<unsigned char>(bytes[0]) + static_cast<unsigned char>(bytes[1]) * 256U;
}

std::optional<ImageHeader> sized(std::string_view format, std::uint32_t width, std::uint32_t height) {
  if (width == 0 || height == 0) return std::nullopt;
  return ImageHeader{format, width, height};
}

std::optional<ImageHeader> read_png(std::string_view bytes) {
  using namespace std::string_view_literals;
  // The signature, and the chunk that must come first: its length, its type, then width and height.
  constexpr std::string_view kStart = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"sv;
  constexpr std::size_t kRest = 17;  // width, height, five single bytes, a checksum
  if (!bytes.starts_with(kStart) || bytes.size() < kStart.size() + kRest) return std::nullopt;
  bytes.remove_prefix(kStart.size());
  return sized("png", four_bytes(bytes), four_bytes(bytes.substr(4)));
}

std::optional<ImageHeader> read_jpeg(std::string_view bytes) {
  constexpr unsigned char kMarker = 0xFF;
  constexpr unsigned char kBaseline = 0xC0;  // frame headers are C0 to C2: baseline, extended, progressive
  constexpr unsigned char kProgressive = 0xC2;
  constexpr unsigned char kStartOfScan = 0xDA;  // from here on there is data, and no frame header any more
  constexpr std::size_t kFrameHeader = 8;       // length, precision, height, width, number of components
  if (!bytes.starts_with("\xFF\xD8")) return std::nullopt;
  bytes.remove_prefix(2);
  while (bytes.size() >= 2 && static_cast<unsigned char>(bytes[0]) == kMarker) {
    const auto type = static_cast<unsigned char>(bytes[1]);
    if (type == kMarker) {  // padding
      bytes.remove_prefix(1);
      continue;
    }
    bytes.remove_prefix(2);
    const bool is_alone = type == 0x01 || (type >= 0xD0 && type <= 0xD7);
    if (is_alone) continue;
    if (type == kStartOfScan || bytes.size() < 2) return std::nullopt;
    const std::uint32_t length = two_bytes(bytes);
    if (length < 2 || length > bytes.size()) return std::nullopt;
    if (type >= kBaseline && type <= kProgressive) {
      if (length < kFrameHeader) return std::nullopt;
      return sized("jpeg", two_bytes(bytes.substr(5)), two_bytes(bytes.substr(3)));
    }
    bytes.remove_prefix(length);
  }
  return std::nullopt;
}

std::optional<ImageHeader> read_gif(std::string_view bytes) {
  constexpr std::size_t kScreenDescriptor = 13;  // with the signature
  if (!bytes.starts_with("GIF87a") && !bytes.starts_with("GIF89a")) return std::nullopt;
  if (bytes.size() < kScreenDescriptor) return std::nullopt;
  return sized("gif", two_bytes_reversed(bytes.substr(6)), two_bytes_reversed(bytes.substr(8)));
}

}  // namespace

std::optional<ImageHeader> read_image_header(std::string_view bytes) {
  if (const auto png = read_png(bytes)) return png;
  if (const auto jpeg = read_jpeg(bytes)) return jpeg;
  return read_gif(bytes);
}

}  // namespace duso
