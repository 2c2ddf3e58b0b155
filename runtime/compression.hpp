// Deflate (RFC 1951), the compression of zip and gzip, and the checksum that goes with it. zlib does both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace duso {

// No deflated byte stands for more than this many. Whoever is told a size that lies beyond is lied to.
inline constexpr std::size_t kLargestInflation = 1032;

// CRC-32 of [bytes]; of several texts behind each other, if each but the first gets the sum of those [before].
std::uint32_t crc32(std::string_view bytes, std::uint32_t before = 0);

// Compresses a stream whose length nobody has to know in advance.
class Deflater {
 public:
  // Hands compressed bytes to [sink] in pieces.
  using Sink = std::function<void(std::string_view)>;
  explicit Deflater(Sink sink);
  ~Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  void write(std::string_view bytes) { run(bytes, false); }
  // Ends the stream. What is written afterwards begins the next one.
  void finish() { run({}, true); }

 private:
  struct State;  // zlib's side of it

  void run(std::string_view bytes, bool ends);

  Sink sink_;
  std::unique_ptr<State> state_;
};

// The bytes that [deflated] was made from, which must be [size] and all of it; nothing if they are not. Memory for
// [size] bytes is taken before anything is known about them.
std::optional<std::string> inflate(std::string_view deflated, std::size_t size);

}  // namespace duso
