// The hash of a string.
//
// Property names, dictionary keys and the table of interned names all hash strings, mostly short ones, and keep the
// result in 32 bits. The idea is that of the multiply-and-fold family (wyhash, rapidhash): a 64 by 64 bit
// multiplication spreads every input bit over 128 bits, and folding the halves together with XOR keeps them. A string
// of up to 16 bytes costs two multiplications and no loop.
//
// A script may build dictionaries from what strangers send. So the hash starts from a seed that every process draws for
// itself, and the seed enters both factors of every multiplication that sees bytes of the string: with a known factor,
// a sender could make the product zero and so make strings collide under every seed. That also means that no hash may
// leave the process, and that no visible order may depend on one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <sys/random.h>

namespace duso {

// The secret of one process: two independent random words.
struct HashSeed {
  std::uint64_t first;
  std::uint64_t second;
};

namespace detail {

// All 128 bits of the product, folded to 64.
inline std::uint64_t multiply_and_fold(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t load64(const char* from) {
  std::uint64_t bits;
  std::memcpy(&bits, from, sizeof bits);
  return bits;
}

inline std::uint64_t load32(const char* from) {
  std::uint32_t bits;
  std::memcpy(&bits, from, sizeof bits);
  return bits;
}

// Without entropy (a kernel may refuse it) the seed is fixed, which costs the defence and nothing else.
inline HashSeed draw_hash_seed() {
  HashSeed seed;
  if (getentropy(&seed, sizeof seed) != 0) seed = {0x428A2F9871374491, 0xB5C0FBCFE9B5DBA5};
  return seed;
}

}  // namespace detail

// The seed of this process, drawn when first asked for.
inline const HashSeed& process_hash_seed() {
  static const HashSeed kSeed = detail::draw_hash_seed();
  return kSeed;
}

// The hash of [bytes] under [seed]. Never 0, so that 0 can mean "not hashed yet" where hashes are kept.
inline std::uint32_t hash_bytes(std::string_view bytes, const HashSeed& seed) {
  using detail::load32;
  using detail::load64;
  using detail::multiply_and_fold;
  const char* at = bytes.data();
  const std::size_t size = bytes.size();
  std::uint64_t state = seed.first;
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  // The loads overlap where the size is no power of two: every byte is read at least once, none past the end.
  if (size > 16) {
    const char* const last = at + size - 16;
    for (; at < last; at += 16) state = multiply_and_fold(load64(at) ^ seed.second, load64(at + 8) ^ state);
    low = load64(last);
    high = load64(last + 8);
  } else if (size >= 8) {
    low = load64(at);
    high = load64(at + size - 8);
  } else if (size >= 4) {
    low = load32(at);
    high = load32(at + size - 4);
  } else if (size > 0) {
    const auto byte = [at](std::size_t index) { return std::uint64_t{static_cast<unsigned char>(at[index])}; };
    low = byte(0) << 16 | byte(size / 2) << 8 | byte(size - 1);
  }
  const std::uint64_t mixed = multiply_and_fold(low ^ seed.second, high ^ state);
  // The size goes in last, as "a" and "aa" load the same bytes.
  const std::uint64_t result = multiply_and_fold(mixed ^ seed.first, seed.second ^ size);
  const auto hash = static_cast<std::uint32_t>(result ^ (result >> 32));
  return hash != 0 ? hash : 1;
}

// The hash of [bytes] in this process.
inline std::uint32_t hash_bytes(std::string_view bytes) { return hash_bytes(bytes, process_hash_seed()); }

}  // namespace duso
