// See utf8.hpp. Two habits run through this file: a walk alternates between runs of ASCII, taken eight bytes at a time,
// and runs of multi-byte code points, decoded one by one; and what is a valid sequence is decided in one place,
// multibyte_length(), which looks at no byte behind the end of its text.
#include "interpreter/values/utf8.hpp"

#include <algorithm>
#include <bit>

namespace duso::utf8 {

namespace {

// How far a code point is from its upper case, its lower case and its folded form.
struct CaseRecord {
  std::int32_t to_upper;
  std::int32_t to_lower;
  std::int32_t to_fold;
};

#include "interpreter/values/case_tables.inc"

constexpr bool is_top_bit_set(char byte) { return static_cast<unsigned char>(byte) >= 0x80; }

constexpr bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// The number of ASCII bytes that [text] begins with.
std::size_t ascii_run(std::string_view text) {
  std::size_t size = 0;
  while (text.size() - size >= 8) {
    const std::uint64_t tops = detail::load_eight(text.data() + size) & detail::kTopBits;
    if (tops != 0) {
      const int zeros = std::endian::native == std::endian::little ? std::countr_zero(tops) : std::countl_zero(tops);
      return size + static_cast<std::size_t>(zeros) / 8;
    }
    size += 8;
  }
  while (size < text.size() && !is_top_bit_set(text[size])) ++size;
  return size;
}

// The length of the valid multi-byte sequence that [text], which must not be empty, begins with; 0 if it begins with
// none.
//
// This is the table of well-formed sequences in the Unicode standard (table 3-7): all that tells an overlong form, a
// surrogate or a value above U+10FFFF from the rest is a narrower range for the byte after certain leads.
inline std::size_t multibyte_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0xC2 || lead > 0xF4 || text.size() < 2 || !is_continuation(text[1])) return 0;
  if (lead < 0xE0) return 2;
  const auto second = static_cast<unsigned char>(text[1]);
  if (text.size() < 3 || !is_continuation(text[2])) return 0;
  if (lead < 0xF0) {
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0)) return 0;
    return 3;
  }
  if (text.size() < 4 || !is_continuation(text[3])) return 0;
  if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second >= 0x90)) return 0;
  return 4;
}

// The length of the code point or invalid byte that [text] begins with, if that is not ASCII.
inline std::size_t multibyte_step(std::string_view text) {
  const std::size_t length = multibyte_length(text);
  return length == 0 ? 1 : length;
}

// The case record of [code_point].
const CaseRecord& case_record(char32_t code_point) {
  if (code_point >= kCaseLimit) return kCaseRecords[0];
  const std::size_t block = kCaseIndex[code_point / kCaseBlockSize];
  return kCaseRecords[kCaseBlocks[block * kCaseBlockSize + code_point % kCaseBlockSize]];
}

constexpr char32_t shifted(char32_t code_point, std::int32_t distance) {
  return code_point + static_cast<char32_t>(distance);  // modulo 2^32, so adding a negative distance subtracts
}

// Times a byte: that byte eight times.
constexpr std::uint64_t kEveryByte = 0x0101'0101'0101'0101;

// All that tells an ASCII letter from the same letter in the other case.
constexpr unsigned char kCaseBit = 0x20;

// Copies ASCII [text] to [out] and flips the case bit of every letter between [first] and [last].
//
// Works on eight letters at once: adding to a byte below 0x80 what is missing from [first] to 0x80 sets its top bit
// just if the byte is not below [first], and no carry reaches the next byte.
void flip_ascii_case(std::string_view text, char* out, unsigned char first, unsigned char last) {
  const std::uint64_t from_first = kEveryByte * (0x80U - first);
  const std::uint64_t past_last = kEveryByte * (0x7FU - last);
  std::size_t index = 0;
  for (; index + 8 <= text.size(); index += 8) {
    std::uint64_t bytes = detail::load_eight(text.data() + index);
    const std::uint64_t letters = (bytes + from_first) & ~(bytes + past_last) & detail::kTopBits;
    bytes ^= letters >> 2;  // moves the top bit to kCaseBit
    std::memcpy(out + index, &bytes, sizeof bytes);
  }
  for (; index < text.size(); ++index) {
    const auto byte = static_cast<unsigned char>(text[index]);
    out[index] = static_cast<char>(byte >= first && byte <= last ? byte ^ kCaseBit : byte);
  }
}

// [text] with [map_ascii] applied to its runs of ASCII and [map] to all else, invalid bytes (as kReplacement) included.
template <class MapAscii, class Map>
std::string map_text(std::string_view text, MapAscii map_ascii, Map map) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::string_view run = text.substr(0, ascii_run(text));
    const std::size_t start = out.size();
    out.append(run);
    map_ascii(run, out.data() + start);
    text.remove_prefix(run.size());
    // Appending single code points costs more than mapping them, so they are collected.
    char collected[128];
    std::size_t size = 0;
    while (!text.empty() && is_top_bit_set(text.front())) {
      const Decoded next = decode(text);
      size += encode(map(next.code_point), collected + size);
      text.remove_prefix(next.length);
      if (size > sizeof collected - kMaxEncodedSize) {
        out.append(collected, size);
        size = 0;
      }
    }
    out.append(collected, size);
  }
  return out;
}

}  // namespace

Decoded detail::decode_multibyte(std::string_view text) {
  const auto payload = [text](std::size_t index) { return static_cast<char32_t>(text[index] & 0x3F); };
  const auto lead = static_cast<char32_t>(static_cast<unsigned char>(text[0]));
  switch (multibyte_length(text)) {
    case 2:
      return {(lead & 0x1F) << 6 | payload(1), 2, true};
    case 3:
      return {(lead & 0x0F) << 12 | payload(1) << 6 | payload(2), 3, true};
    case 4:
      return {(lead & 0x07) << 18 | payload(1) << 12 | payload(2) << 6 | payload(3), 4, true};
    default:
      return {kReplacement, 1, false};
  }
}

Decoded decode_last(std::string_view text) {
  // A valid sequence has its only lead byte in front, so the nearest byte that is no continuation either starts the
  // last code point or the last byte belongs to none.
  const std::size_t reach = std::min(text.size(), kMaxEncodedSize);
  std::size_t length = 1;
  while (length < reach && is_continuation(text[text.size() - length])) ++length;
  const Decoded last = decode(text, text.size() - length);
  return last.length == length ? last : Decoded{kReplacement, 1, false};
}

std::size_t encode(char32_t code_point, char* out) {
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (surrogate || code_point > 0x10FFFF) code_point = kReplacement;
  const auto continuation = [code_point](int shift) { return static_cast<char>(0x80 | (code_point >> shift & 0x3F)); };
  if (code_point < 0x80) {
    out[0] = static_cast<char>(code_point);
    return 1;
  }
  if (code_point < 0x800) {
    out[0] = static_cast<char>(0xC0 | code_point >> 6);
    out[1] = continuation(0);
    return 2;
  }
  if (code_point < 0x10000) {
    out[0] = static_cast<char>(0xE0 | code_point >> 12);
    out[1] = continuation(6);
    out[2] = continuation(0);
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | code_point >> 18);
  out[1] = continuation(12);
  out[2] = continuation(6);
  out[3] = continuation(0);
  return 4;
}

void append(std::string& out, char32_t code_point) {
  char bytes[kMaxEncodedSize];
  out.append(bytes, encode(code_point, bytes));
}

bool is_valid(std::string_view text) {
  for (;;) {
    text.remove_prefix(ascii_run(text));
    if (text.empty()) return true;
    do {
      const std::size_t length = multibyte_length(text);
      if (length == 0) return false;
      text.remove_prefix(length);
    } while (!text.empty() && is_top_bit_set(text.front()));
  }
}

std::size_t count(std::string_view text) {
  std::size_t total = 0;
  while (!text.empty()) {
    const std::size_t run = ascii_run(text);
    total += run;
    text.remove_prefix(run);
    for (; !text.empty() && is_top_bit_set(text.front()); ++total) text.remove_prefix(multibyte_step(text));
  }
  return total;
}

std::size_t offset_of(std::string_view text, std::size_t index) {
  std::size_t offset = 0;
  while (index > 0 && offset < text.size()) {
    // No further than [index] bytes: a short step into a long text must not scan all of it.
    const std::size_t run = ascii_run(text.substr(offset, index));
    offset += run;
    index -= run;
    for (; index > 0 && offset < text.size() && is_top_bit_set(text[offset]); --index) {
      offset += multibyte_step(text.substr(offset));
    }
  }
  return offset;
}

std::string replace_invalid(std::string_view text) {
  const auto keep_ascii = [](std::string_view, char*) {};
  return map_text(text, keep_ascii, [](char32_t code_point) { return code_point; });
}

char32_t to_upper(char32_t code_point) { return shifted(code_point, case_record(code_point).to_upper); }

char32_t to_lower(char32_t code_point) { return shifted(code_point, case_record(code_point).to_lower); }

char32_t fold(char32_t code_point) {
  if (code_point < 0x80) return code_point >= 'A' && code_point <= 'Z' ? code_point | 0x20 : code_point;
  return shifted(code_point, case_record(code_point).to_fold);
}

std::string to_upper(std::string_view text) {
  return map_text(text, upper_ascii, [](char32_t code_point) { return to_upper(code_point); });
}

std::string to_lower(std::string_view text) {
  return map_text(text, lower_ascii, [](char32_t code_point) { return to_lower(code_point); });
}

void upper_ascii(std::string_view text, char* out) { flip_ascii_case(text, out, 'a', 'z'); }

void lower_ascii(std::string_view text, char* out) { flip_ascii_case(text, out, 'A', 'Z'); }

bool is_space(char32_t code_point) {
  if (code_point < 0x80) return code_point == ' ' || (code_point >= '\t' && code_point <= '\r');
  switch (code_point) {
    case 0x0085:  // next line
    case 0x00A0:  // no-break space
    case 0x1680:  // ogham space mark
    case 0x2028:  // line separator
    case 0x2029:  // paragraph separator
    case 0x202F:  // narrow no-break space
    case 0x205F:  // medium mathematical space
    case 0x3000:  // ideographic space
      return true;
    default:
      return code_point >= 0x2000 && code_point <= 0x200A;  // the typographic spaces, from en quad to hair space
  }
}

std::string_view trim_start(std::string_view text) {
  while (!text.empty()) {
    const Decoded first = decode(text);
    if (!is_space(first.code_point)) break;
    text.remove_prefix(first.length);
  }
  return text;
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty()) {
    const Decoded last = decode_last(text);
    if (!is_space(last.code_point)) break;
    text.remove_suffix(last.length);
  }
  return text;
}

std::string_view trim(std::string_view text) { return trim_end(trim_start(text)); }

}  // namespace duso::utf8
