// What users of the string hash rely on: same bytes same hash, a spread good enough for power-of-two tables, and a seed
// that really matters.
#include "interpreter/values/hash.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include <catch2/catch.hpp>

using duso::hash_bytes;
using duso::HashSeed;

namespace {

constexpr HashSeed kSeed{0x0123456789ABCDEF, 0x71C94D3E5A80F2B6};

// Distinct texts as programs have them: words with counters, and runs of one letter in all lengths.
std::vector<std::string> many_texts() {
  std::vector<std::string> texts;
  for (int number = 0; number < 40'000; ++number) {
    texts.push_back("key" + std::to_string(number));
    texts.push_back(std::to_string(number) + "_a_longer_name_than_sixteen_bytes");
  }
  for (std::size_t size = 0; size < 300; ++size) texts.push_back(std::string(size, 'a'));
  for (std::size_t size = 1; size < 300; ++size) texts.push_back(std::string(size, '\0'));
  return texts;
}

}  // namespace

TEST_CASE("equal bytes have equal hashes wherever they lie", "[hash]") {
  const std::string text = "the quick brown fox jumps over the lazy dog, twice";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    // Exact allocations: under the address sanitizer a read past the end is caught.
    const auto copy = std::make_unique<char[]>(size);
    text.copy(copy.get(), size);
    CHECK(hash_bytes(text.substr(0, size), kSeed) == hash_bytes({copy.get(), size}, kSeed));
  }
  CHECK(hash_bytes({}, kSeed) == hash_bytes(std::string_view("x").substr(1), kSeed));
}

TEST_CASE("every byte, its place and the length count", "[hash]") {
  for (std::size_t size = 1; size <= 70; ++size) {
    std::unordered_set<std::uint32_t> hashes = {hash_bytes(std::string(size, 'a'), kSeed)};
    for (std::size_t place = 0; place < size; ++place) {
      std::string text(size, 'a');
      text[place] = 'b';
      hashes.insert(hash_bytes(text, kSeed));
    }
    INFO(size);
    CHECK(hashes.size() == size + 1);
  }
}

TEST_CASE("hashes rarely collide, in all bits and in the low bits of a table", "[hash]") {
  const std::vector<std::string> texts = many_texts();
  std::unordered_set<std::uint32_t> hashes;
  std::vector<int> load(1 << 14);
  for (const std::string& text : texts) {
    const std::uint32_t hash = hash_bytes(text, kSeed);
    hashes.insert(hash);
    ++load[hash & (load.size() - 1)];
  }
  // 80,600 random values of 32 bits are expected to collide less than once; 10 would be far out.
  CHECK(hashes.size() > texts.size() - 10);
  // About 4.9 a slot on average; chance alone puts the fullest of 16,384 slots near 17.
  for (const int texts_in_slot : load) REQUIRE(texts_in_slot < 30);
}

TEST_CASE("one changed bit changes half of the hash", "[hash]") {
  for (const std::size_t size : {1U, 3U, 5U, 8U, 13U, 16U, 17U, 40U}) {
    double flipped = 0;
    double samples = 0;
    for (int round = 0; round < 200; ++round) {
      std::string text(size, 'a');
      for (std::size_t place = 0; place < size; ++place) {
        text[place] = static_cast<char>('a' + (static_cast<std::size_t>(round) * 7 + place * 3) % 26);
      }
      const std::uint32_t before = hash_bytes(text, kSeed);
      for (std::size_t bit = 0; bit < size * 8; ++bit) {
        std::string changed = text;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        flipped += std::popcount(before ^ hash_bytes(changed, kSeed));
        ++samples;
      }
    }
    INFO(size);
    CHECK(flipped / samples == Approx(16).margin(0.5));
  }
}

TEST_CASE("both words of the seed change the hash of a text of any length", "[hash]") {
  const std::vector<std::string> texts = many_texts();
  for (const HashSeed other : {HashSeed{kSeed.first + 1, kSeed.second}, HashSeed{kSeed.first, kSeed.second + 1}}) {
    int same = 0;
    for (const std::string& text : texts) same += hash_bytes(text, kSeed) == hash_bytes(text, other) ? 1 : 0;
    CHECK(same < 10);
  }
}

TEST_CASE("blocks that cancel one word of the seed do not make texts collide", "[hash]") {
  // Whoever knows a factor of a multiplication can make it zero, and then the other factor no longer matters. Here the
  // bytes are chosen against one seed; under another one the texts must be told apart.
  const auto text_with = [](std::uint64_t first, std::uint64_t second) {
    std::string text(64, 'x');
    std::memcpy(text.data(), &first, sizeof first);
    std::memcpy(text.data() + 8, &second, sizeof second);
    return text;
  };
  const HashSeed other{kSeed.second, kSeed.first};
  std::unordered_set<std::uint32_t> cancelled;
  std::unordered_set<std::uint32_t> told_apart;
  for (std::uint64_t number = 0; number < 1000; ++number) {
    cancelled.insert(hash_bytes(text_with(kSeed.second, number), kSeed));
    told_apart.insert(hash_bytes(text_with(kSeed.second, number), other));
  }
  CHECK(cancelled.size() == 1);
  CHECK(told_apart.size() == 1000);
}

TEST_CASE("no hash is 0, the mark of a string not hashed yet", "[hash]") {
  for (const std::string& text : many_texts()) REQUIRE(hash_bytes(text) != 0);
}

TEST_CASE("the seed of the process stays the same", "[hash]") {
  const HashSeed seed = duso::process_hash_seed();
  CHECK(hash_bytes("name") == hash_bytes("name", seed));
  CHECK(duso::process_hash_seed().first == seed.first);
  CHECK(duso::process_hash_seed().second == seed.second);
  CHECK(seed.first != seed.second);
}
