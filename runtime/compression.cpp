// See compression.hpp. No other file includes zlib.
#include "runtime/compression.hpp"

#define ZLIB_CONST  // what it reads, it does not write to
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <utility>

namespace duso {

namespace {

// Nothing around the stream: neither zlib's header and checksum nor gzip's.
constexpr int kRawStream = -MAX_WBITS;
constexpr int kUsualMemory = 8;

// zlib counts what it is handed in 32 bits.
constexpr std::size_t kLargestPiece = std::numeric_limits<uInt>::max();

// Moves the next piece of [rest] into the input of [stream].
void feed(z_stream& stream, std::string_view& rest) {
  const std::size_t size = std::min(rest.size(), kLargestPiece);
  stream.next_in = reinterpret_cast<const Bytef*>(rest.data());
  stream.avail_in = static_cast<uInt>(size);
  rest.remove_prefix(size);
}

}  // namespace

std::uint32_t crc32(std::string_view bytes, std::uint32_t before) {
  return static_cast<std::uint32_t>(::crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

struct Deflater::State {
  z_stream stream{};
  std::array<char, 65536> output;
};

Deflater::Deflater(Sink sink) : sink_(std::move(sink)), state_(std::make_unique<State>()) {
  const int result =
      deflateInit2(&state_->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kRawStream, kUsualMemory, Z_DEFAULT_STRATEGY);
  if (result != Z_OK) throw std::bad_alloc();
}

Deflater::~Deflater() { deflateEnd(&state_->stream); }

void Deflater::run(std::string_view bytes, bool ends) {
  z_stream& stream = state_->stream;
  std::array<char, 65536>& output = state_->output;
  do {
    feed(stream, bytes);
    const int mode = ends && bytes.empty() ? Z_FINISH : Z_NO_FLUSH;
    do {
      stream.next_out = reinterpret_cast<Bytef*>(output.data());
      stream.avail_out = static_cast<uInt>(output.size());
      deflate(&stream, mode);
      const std::size_t made = output.size() - stream.avail_out;
      if (made != 0) sink_({output.data(), made});
    } while (stream.avail_out == 0);
  } while (!bytes.empty());
  if (ends) deflateReset(&stream);
}

std::optional<std::string> inflate(std::string_view deflated, std::size_t size) {
  std::string bytes(size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, kRawStream) != Z_OK) throw std::bad_alloc();
  std::size_t room = size;
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  int result = Z_OK;
  while (result == Z_OK) {
    if (stream.avail_in == 0) feed(stream, deflated);
    if (stream.avail_out == 0) {
      stream.avail_out = static_cast<uInt>(std::min(room, kLargestPiece));
      room -= stream.avail_out;
    }
    // At the end of what is there, or with no room left, it has to say that the stream has ended, too.
    result = ::inflate(&stream, Z_NO_FLUSH);
  }
  const bool is_whole =
      result == Z_STREAM_END && stream.avail_in == 0 && deflated.empty() && stream.avail_out == 0 && room == 0;
  inflateEnd(&stream);
  if (!is_whole) return std::nullopt;
  return bytes;
}

}  // namespace duso
