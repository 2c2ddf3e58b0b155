// UTF-8 with valid, invalid and borderline bytes. Script-visible effects: conformance cases builtins/001, 003 and 034.
#include "interpreter/values/utf8.hpp"

#include <memory>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace std::string_literals;
namespace utf8 = duso::utf8;

namespace {

const std::string kReplacementText = "\uFFFD";

// The bytes of [code_point] by the definition in RFC 3629, for any 21-bit number, surrogates included.
std::string encoded_by_definition(char32_t code_point) {
  const auto byte = [](char32_t bits) { return static_cast<char>(bits); };
  const char last = byte(0x80 | (code_point & 0x3F));
  if (code_point < 0x80) return {byte(code_point)};
  if (code_point < 0x800) return {byte(0xC0 | code_point >> 6), last};
  const char third = byte(0x80 | (code_point >> 6 & 0x3F));
  if (code_point < 0x10000) return {byte(0xE0 | code_point >> 12), third, last};
  return {byte(0xF0 | code_point >> 18), byte(0x80 | (code_point >> 12 & 0x3F)), third, last};
}

bool is_scalar_value(char32_t code_point) {
  return code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
}

// Text put together from pieces that are good, bad and bad only beside one another.
std::string random_text(std::mt19937_64& random) {
  static const std::vector<std::string> kPieces = {"a",
                                                   "0123456789",
                                                   "hello world, ",
                                                   "é",
                                                   "ж",
                                                   "日本",
                                                   "😀",
                                                   "\x80",
                                                   "\xC3",
                                                   "\xE2\x82",
                                                   "\xF0\x9F\x98",
                                                   "\xED",
                                                   "\xA0\x80",
                                                   "\xC0\xAF",
                                                   "\xFF",
                                                   "\xF4\x90",
                                                   "\xE0\x9F",
                                                   "ß",
                                                   "K",
                                                   "\0"s,
                                                   "İı",
                                                   "abcdefghijklm"};
  std::string text;
  for (std::uint64_t pieces = random() % 12; pieces > 0; --pieces) text += kPieces[random() % kPieces.size()];
  return text;
}

// Offsets of all code points and the end, one decode() after the other.
std::vector<std::size_t> boundaries(const std::string& text) {
  std::vector<std::size_t> offsets = {0};
  while (offsets.back() < text.size()) offsets.push_back(offsets.back() + utf8::decode(text, offsets.back()).length);
  return offsets;
}

// Copies [text] to a block of exactly its size, where a read past the end is caught by the address sanitizer.
struct ExactCopy {
  explicit ExactCopy(std::string_view text) : bytes(new char[text.size()]), size(text.size()) {
    text.copy(bytes.get(), size);
  }
  std::string_view view() const { return {bytes.get(), size}; }
  std::unique_ptr<char[]> bytes;
  std::size_t size;
};

}  // namespace

TEST_CASE("every code point is encoded and decoded by the book", "[utf8]") {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    const std::string bytes = encoded_by_definition(code_point);
    char buffer[utf8::kMaxEncodedSize];
    const std::string encoded(buffer, utf8::encode(code_point, buffer));
    const utf8::Decoded decoded = utf8::decode(bytes);
    if (is_scalar_value(code_point)) {
      REQUIRE(encoded == bytes);
      REQUIRE(decoded.valid);
      REQUIRE(decoded.code_point == code_point);
      REQUIRE(decoded.length == bytes.size());
      REQUIRE(utf8::decode_last(bytes).code_point == code_point);
    } else {
      REQUIRE(encoded == kReplacementText);
      REQUIRE_FALSE(decoded.valid);
      REQUIRE(utf8::count(bytes) == 3);
    }
  }
  char buffer[utf8::kMaxEncodedSize];
  CHECK(std::string(buffer, utf8::encode(0x110000, buffer)) == kReplacementText);
}

TEST_CASE("each byte of an invalid sequence is one code point", "[utf8]") {
  struct Case {
    std::string bytes;
    std::string replaced;  // with ? for U+FFFD
  };
  const std::vector<Case> table = {
      {"\x80", "?"},
      {"\xBF\xBF", "??"},
      {"\xC3", "?"},
      {"\xC3(", "?("},
      {"\xC0\x80", "??"},                // overlong NUL
      {"\xC1\xBF", "??"},                // overlong U+007F
      {"\xC2\x80", "\xC2\x80"},          // the first of two bytes
      {"\xE0\x80\xAF", "???"},           // overlong slash
      {"\xE0\x9F\xBF", "???"},           // overlong U+07FF
      {"\xE0\xA0\x80", "\xE0\xA0\x80"},  // the first of three bytes
      {"\xE2\x82", "??"},                // the euro sign cut short
      {"\xE2\x82X", "??X"},
      {"\xE2(\xAC", "?(?"},
      {"\xED\x9F\xBF", "\xED\x9F\xBF"},        // U+D7FF
      {"\xED\xA0\x80", "???"},                 // U+D800, a surrogate
      {"\xED\xBF\xBF", "???"},                 // U+DFFF
      {"\xED\xA0\xBD\xED\xB8\x80", "??????"},  // a surrogate pair is no way to write a smiley
      {"\xEF\xBF\xBF", "\xEF\xBF\xBF"},        // U+FFFF, no character but valid
      {"\xF0\x8F\xBF\xBF", "????"},            // overlong U+FFFF
      {"\xF0\x90\x80\x80", "\xF0\x90\x80\x80"},
      {"\xF0\x9F\x98", "???"},
      {"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},  // U+10FFFF
      {"\xF4\x90\x80\x80", "????"},              // U+110000
      {"\xF5\x80\x80\x80", "????"},
      {"\xF8\x88\x80\x80\x80", "?????"},
      {"\xFE\xFF", "??"},
      {"abcdefgh\xFFijklmnop\xC3", "abcdefgh?ijklmnop?"},
      {"\xC3\xC3\xA9", "?é"},
      {"\xF0\x9F\xC3\xA9", "??é"},
      {"a\0\xFF"s, "a\0?"s},
  };
  for (const Case& row : table) {
    std::string expected;
    std::size_t code_points = 0;
    for (const char byte : row.replaced) {
      expected += byte == '?' ? kReplacementText : std::string(1, byte);
      if ((static_cast<unsigned char>(byte) & 0xC0) != 0x80) ++code_points;
    }
    INFO(row.replaced);
    const ExactCopy text(row.bytes);
    CHECK(utf8::replace_invalid(text.view()) == expected);
    CHECK(utf8::count(text.view()) == code_points);
    CHECK(utf8::is_valid(text.view()) == (row.bytes == row.replaced));
    CHECK(utf8::is_valid(expected));
    CHECK(utf8::to_upper(utf8::to_lower(text.view())) == utf8::to_upper(expected));
  }
}

TEST_CASE("counting, offsets and steps from either end agree on any bytes", "[utf8]") {
  std::mt19937_64 random(5);
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = random_text(random);
    const ExactCopy copy(text);
    const std::vector<std::size_t> offsets = boundaries(text);
    REQUIRE(utf8::count(copy.view()) == offsets.size() - 1);
    for (std::size_t index = 0; index < offsets.size(); ++index) {
      REQUIRE(utf8::offset_of(copy.view(), index) == offsets[index]);
    }
    REQUIRE(utf8::offset_of(copy.view(), offsets.size()) == text.size());
    REQUIRE(utf8::offset_of(copy.view(), SIZE_MAX) == text.size());
    for (std::size_t index = 1; index < offsets.size(); ++index) {
      const utf8::Decoded last = utf8::decode_last(copy.view().substr(0, offsets[index]));
      const utf8::Decoded same = utf8::decode(copy.view(), offsets[index - 1]);
      REQUIRE(last.length == same.length);
      REQUIRE(last.code_point == same.code_point);
      REQUIRE(last.valid == same.valid);
    }
  }
}

TEST_CASE("ASCII is told from the rest at every length and place", "[utf8]") {
  for (std::size_t size = 0; size <= 40; ++size) {
    const ExactCopy ascii(std::string(size, '\x7F'));
    CHECK(utf8::is_ascii(ascii.view()));
    CHECK(utf8::is_valid(ascii.view()));
    for (std::size_t place = 0; place < size; ++place) {
      ascii.bytes[place] = '\x80';
      REQUIRE_FALSE(utf8::is_ascii(ascii.view()));
      REQUIRE_FALSE(utf8::is_valid(ascii.view()));
      ascii.bytes[place] = '\0';
    }
  }
}

TEST_CASE("case mapping is the simple one-to-one mapping", "[utf8]") {
  CHECK(utf8::to_upper("Mixed Case 123 ñ ж λ") == "MIXED CASE 123 Ñ Ж Λ");
  CHECK(utf8::to_lower("Mixed CASE Ñ Ж Λ") == "mixed case ñ ж λ");
  CHECK(utf8::to_upper("straße") == "STRAßE");
  CHECK(utf8::to_lower("ΣΑΣ") == "σασ");
  CHECK(utf8::to_upper("ﬁx") == "ﬁX");
  CHECK(utf8::to_upper("ı") == "I");
  CHECK(utf8::to_lower("İ") == "i");
  CHECK(utf8::to_upper("ς σ") == "Σ Σ");
  CHECK(utf8::to_upper("ÿ µ ŉ ǰ ΐ") == "Ÿ Μ ŉ ǰ ΐ");
  CHECK(utf8::to_upper("ǆ ǅ") == "Ǆ Ǆ");
  CHECK(utf8::to_lower("Ǆ ǅ ẞ K Å Ω") == "ǆ ǆ ß k å ω");
  CHECK(utf8::to_upper("ᾀ ᾳ ᾈ") == "ᾈ ᾼ ᾈ");
  CHECK(utf8::to_upper("ა ⱥ ɐ ꭰ 𐐨 𞤢") == "Ა Ⱥ Ɐ Ꭰ 𐐀 𞤀");
  CHECK(utf8::to_lower("Ა Ⱥ Ɐ Ꭰ 𐐀 𞤀") == "ა ⱥ ɐ ꭰ 𐐨 𞤢");
  CHECK(utf8::to_upper(U'\U0010FFFF') == U'\U0010FFFF');
  CHECK(utf8::to_upper("").empty());
}

TEST_CASE("ASCII case mapping changes letters only, at every length", "[utf8]") {
  std::string all;
  for (int byte = 0; byte < 0x80; ++byte) all += static_cast<char>(byte);
  for (std::size_t start = 0; start < all.size(); ++start) {
    for (std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{8}, std::size_t{9}, all.size() - start}) {
      const std::string text = all.substr(start, size);
      std::string upper;
      std::string lower;
      for (const char byte : text) {
        upper += byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
        lower += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
      }
      std::string out(text.size(), '?');
      utf8::upper_ascii(text, out.data());
      REQUIRE(out == upper);
      utf8::lower_ascii(out, out.data());
      REQUIRE(out == utf8::to_lower(text));
      REQUIRE(utf8::to_upper(text) == upper);
      REQUIRE(utf8::to_lower(text) == lower);
    }
  }
}

TEST_CASE("changing case and folding are stable", "[utf8]") {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    const char32_t upper = utf8::to_upper(code_point);
    const char32_t lower = utf8::to_lower(code_point);
    const char32_t folded = utf8::fold(code_point);
    REQUIRE(utf8::to_upper(upper) == upper);
    REQUIRE(utf8::to_lower(lower) == lower);
    REQUIRE(utf8::fold(folded) == folded);
    // Only the two Turkish letters map to a letter that a search without regard to case tells from them.
    if (code_point != U'ı') REQUIRE(utf8::fold(upper) == folded);
    if (code_point != U'İ') REQUIRE(utf8::fold(lower) == folded);
  }
}

TEST_CASE("folding puts together what a search without regard to case takes for equal", "[utf8]") {
  const std::vector<std::u32string> classes = {U"kK\u212A", U"sSſ", U"åÅ\u212B", U"ωΩ\u2126", U"σςΣ", U"µμΜ", U"θϑΘϴ",
                                               U"ßẞ",       U"ǆǅǄ", U"βϐΒ",      U"éÉ",       U"жЖ",  U"ᾀᾈ",  U"ꭰᎠ",
                                               U"ıı",       U"İİ",  U"iI",       U"ﬁﬁ",       U"11",  U"ιΙͅι"};
  for (std::size_t first = 0; first < classes.size(); ++first) {
    for (std::size_t second = 0; second < classes.size(); ++second) {
      for (const char32_t a : classes[first]) {
        for (const char32_t b : classes[second]) {
          INFO(first << " and " << second);
          CHECK((utf8::fold(a) == utf8::fold(b)) == (first == second));
        }
      }
    }
  }
}

TEST_CASE("white space is Unicode's, without the zero width space", "[utf8]") {
  std::u32string spaces;
  for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (utf8::is_space(code_point)) spaces += code_point;
  }
  CHECK(spaces ==
        U"\t\n\v\f\r \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A"
        U"\u2028\u2029\u202F\u205F\u3000");
}

TEST_CASE("trim removes white space at the ends and nothing else", "[utf8]") {
  CHECK(utf8::trim("  two words ") == "two words");
  CHECK(utf8::trim("\t\r\n x\n") == "x");
  CHECK(utf8::trim("").empty());
  CHECK(utf8::trim("   ").empty());
  CHECK(utf8::trim("\u00A0\u3000x\u0085") == "x");
  CHECK(utf8::trim("\u200Bx\u200B") == "\u200Bx\u200B");
  CHECK(utf8::trim(" \x80 x \xC2 ") == "\x80 x \xC2");
  CHECK(utf8::trim(" \xA0 ") == "\xA0");  // the second byte of a no-break space, alone
  CHECK(utf8::trim_start(" x ") == "x ");
  CHECK(utf8::trim_end(" x ") == " x");
}
