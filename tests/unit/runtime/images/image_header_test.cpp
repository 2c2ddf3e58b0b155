#include "runtime/images/image_header.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace duso;
using namespace std::string_literals;

namespace {

const std::string kPng = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\x02\0\0\0\x03\x08\x02\0\0\0crc!"s;
const std::string kGif = "GIF89a\x02\x01\x03\0\x80\0\0"s;
// A comment in front of the frame, and padding in front of a marker.
const std::string kJpeg = "\xFF\xD8\xFF\xFE\0\x05hi!\xFF\xFF\xC2\0\x0b\x08\0\x03\x01\x02\x01\x01\x11\0"s;

void check(const std::string& bytes, std::string_view format) {
  const auto header = read_image_header(bytes);
  REQUIRE(header);
  CHECK(header->format == format);
  CHECK(header->width == 0x102);
  CHECK(header->height == 3);
}

}  // namespace

TEST_CASE("the format and the size of an image are read from its first bytes", "[images]") {
  check(kPng, "png");
  check(kGif, "gif");
  check(kJpeg, "jpeg");
}

TEST_CASE("an image that is cut off before its size is none", "[images]") {
  for (const std::string& image : {kPng, kGif, kJpeg}) {
    for (std::size_t size = 0; size < image.size(); ++size) {
      CAPTURE(size);
      CHECK_FALSE(read_image_header(image.substr(0, size)));
    }
  }
}

TEST_CASE("what has no pixels or another format is no image", "[images]") {
  CHECK_FALSE(read_image_header("GIF89a\0\0\x03\0\x80\0\0"s));
  CHECK_FALSE(read_image_header("not a picture"));
  CHECK_FALSE(read_image_header("\xFF\xD8\xFF\xDA\0\x02"s));      // data before any frame header
  CHECK_FALSE(read_image_header("\xFF\xD8\xFF\xE0\0\x01\xFF"s));  // a segment shorter than its own length
  CHECK_FALSE(read_image_header("\xFF\xD8\xFF\xD0\xFF\xD1\xFF"s));
}
