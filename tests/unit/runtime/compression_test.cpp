// What comes back after compression, and what is noticed when it should not come back.
#include "runtime/compression.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace duso;

namespace {

std::string deflated(std::string_view bytes, std::size_t piece) {
  std::string result;
  Deflater deflater([&result](std::string_view made) { result += made; });
  for (std::size_t at = 0; at < bytes.size(); at += piece) deflater.write(bytes.substr(at, piece));
  deflater.finish();
  return result;
}

// Bytes that no compression makes shorter.
std::string noise(std::size_t size) {
  std::string bytes;
  std::uint64_t state = 88172645463325252U;
  while (bytes.size() < size) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    bytes += static_cast<char>(state & 0xff);
  }
  return bytes;
}

}  // namespace

TEST_CASE("what was deflated in pieces of any size comes back", "[compression]") {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += "line " + std::to_string(i) + '\n';
  for (const std::string& bytes : {std::string(), std::string("a"), std::string(3, '\0'), text, noise(200000)}) {
    for (const std::size_t piece : {std::size_t{7}, std::size_t{65536}, std::size_t{10000000}}) {
      CHECK(inflate(deflated(bytes, piece), bytes.size()) == bytes);
    }
  }
  CHECK(deflated(text, 65536).size() < text.size() / 3);
  CHECK(deflated(noise(200000), 65536).size() < 200200);
}

TEST_CASE("one deflater makes one stream after the other", "[compression]") {
  std::string made;
  Deflater deflater([&made](std::string_view bytes) { made += bytes; });
  deflater.write("first");
  deflater.finish();
  const std::string first = std::move(made);
  made.clear();
  deflater.write("second");
  deflater.finish();
  CHECK(inflate(first, 5) == "first");
  CHECK(inflate(made, 6) == "second");
}

TEST_CASE("a stream that is not exactly that of so many bytes is none", "[compression]") {
  const std::string stream = deflated("hello, hello, hello", 100);
  CHECK(inflate(stream, 19) == "hello, hello, hello");
  CHECK_FALSE(inflate(stream, 18));
  CHECK_FALSE(inflate(stream, 20));
  CHECK_FALSE(inflate(stream, 0));
  CHECK_FALSE(inflate(stream + "x", 19));
  CHECK_FALSE(inflate("", 0));
  for (std::size_t size = 0; size < stream.size(); ++size) CHECK_FALSE(inflate(stream.substr(0, size), 19));
  CHECK_FALSE(inflate("\xff\xff\xff\xff", 4));
}

TEST_CASE("nothing inflates to more than the limit says", "[compression]") {
  const std::size_t size = 10'000'000;
  const std::string stream = deflated(std::string(size, 'a'), 65536);
  CHECK(size / stream.size() <= kLargestInflation);
  CHECK(size / stream.size() > 900);
}

TEST_CASE("a checksum can be taken in parts", "[compression]") {
  CHECK(crc32("123456789") == 0xcbf43926U);  // the check value of CRC-32/ISO-HDLC
  CHECK(crc32("56789", crc32("1234")) == crc32("123456789"));
  CHECK(crc32("") == 0);
}
