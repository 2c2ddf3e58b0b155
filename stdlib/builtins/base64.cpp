// Base64 with the standard alphabet and padding (RFC 4648 section 4): encode_base64 and decode_base64.
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "interpreter/values/opaque.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t kNoDigit = 0xFF;

constexpr auto kDigitValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::uint8_t value = 0; value < kAlphabet.size(); ++value) {
    values[static_cast<unsigned char>(kAlphabet[value])] = value;
  }
  return values;
}();

std::uint32_t digit_value(char byte) { return kDigitValues[static_cast<unsigned char>(byte)]; }

// --- encoding ---

// Writes the four digits of the first [count] (1 to 3) bytes at [from].
char* encode_group(const char* from, std::size_t count, char* out) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    bits = bits << 8 | (i < count ? static_cast<unsigned char>(from[i]) : 0);
  }
  for (std::size_t digit = 0; digit < 4; ++digit) {
    *out++ = digit <= count ? kAlphabet[bits >> (18 - 6 * digit) & 0x3F] : '=';
  }
  return out;
}

String* encode(memory::Heap& heap, std::string_view bytes) {
  String* result = new_string_uninitialised(heap, (bytes.size() + 2) / 3 * 4);
  char* out = result->data();
  std::size_t at = 0;
  for (; bytes.size() - at >= 3; at += 3) out = encode_group(bytes.data() + at, 3, out);
  if (at < bytes.size()) encode_group(bytes.data() + at, bytes.size() - at, out);
  finish_string(result);
  return result;
}

const BuiltinSpec kEncodeBase64{
    .name = "encode_base64",
    .parameters = {{"value"}},
    .returns = Type::kString,
    .errors = {"encode_base64() requires a string or binary argument"},
    .summary =
        "The bytes of a string or a binary in base64. Any other value is encoded as the text that `print` shows.",
    .example = R"(print(encode_base64("hello")) // aGVsbG8=)",
    .function = [](Call& call) -> Value {
      if (!required_argument(call, 0, "a string or binary argument")) return Value::raise();
      const Value value = call.argument(0);
      if (value.is(HeapType::kBinary)) return Value(encode(call.heap(), *as_binary(value)->payload->bytes));
      return Value(encode(call.heap(), DisplayText(value).view()));
    },
};

// --- decoding ---

class Decoder {
 public:
  // Decodes [text], which must outlive this.
  explicit Decoder(std::string_view text) : text_(text) {}

  // Puts the decoded bytes into [out]. False when the text is no base64; `problem_offset` says where.
  bool decode(std::string& out) {
    out.reserve(text_.size() / 4 * 3);
    while (skip_line_ends()) {
      if (!decode_group(out)) return false;
    }
    return true;
  }
  std::size_t problem_offset() const { return problem_offset_; }

 private:
  // Moves to the next byte that counts; false when there is none.
  bool skip_line_ends() {
    while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
    return at_ < text_.size();
  }

  bool decode_group(std::string& out) {
    const std::size_t start = at_;
    std::uint32_t bits = 0;
    std::size_t digits = 0;
    for (; digits < 4 && skip_line_ends(); ++digits, ++at_) {
      const std::uint32_t value = digit_value(text_[at_]);
      if (value == kNoDigit) break;
      bits = bits << 6 | value;
    }
    if (digits < 4) {
      if (at_ == text_.size()) return fail(start);
      if (text_[at_] != '=' || digits < 2) return fail(at_);
      if (!skip_padding(digits)) return false;
      bits <<= 6 * (4 - digits);
    }
    for (std::size_t byte = 0; byte + 1 < digits; ++byte) out += static_cast<char>(bits >> (16 - 8 * byte) & 0xFF);
    return true;
  }

  // Padding ends the text. Where one of two signs is missing, the other one is out of place.
  bool skip_padding(std::size_t digits) {
    const std::size_t first = at_++;
    if (digits == 2) {
      if (!skip_line_ends()) return fail(at_);
      if (text_[at_] != '=') return fail(std::max(first, at_ - 1));
      ++at_;
    }
    return !skip_line_ends() || fail(at_);
  }

  bool fail(std::size_t offset) {
    problem_offset_ = offset;
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t problem_offset_ = 0;
};

Value decode_base64(Call& call) {
  const String* text = required_string(call, 0, "a string argument");
  if (text == nullptr) return Value::raise();
  call.heap().require(text->size);
  auto bytes = std::make_shared<std::string>();
  Decoder decoder(text->view());
  if (!decoder.decode(*bytes)) {
    return call.raise("decode_base64() failed to decode: illegal base64 data at input byte " +
                      std::to_string(decoder.problem_offset()));
  }
  const String* type = optional_string(call, 1);
  if (type == nullptr || type->view() == "string") return call.string(*bytes);
  if (type->view() == "binary") return Value::other(new_binary(call.heap(), std::move(bytes), Value::nil()));
  return call.raise("decode_base64() type parameter must be 'string' or 'binary', got '" + std::string(type->view()) +
                    "'");
}

const BuiltinSpec kDecodeBase64{
    .name = "decode_base64",
    .parameters = {{"text", Type::kString}, {"type", Type::kString, "\"string\""}},
    .returns = Type::kString | Type::kBinary,
    .errors = {"decode_base64() requires a string argument",
               "decode_base64() failed to decode: illegal base64 data at input byte {offset}",
               "decode_base64() type parameter must be 'string' or 'binary', got '{type}'"},
    .summary =
        "The bytes that `text` stands for in base64, as a string or, if `type` is `\"binary\"`, as a binary. Line ends "
        "in "
        "the text are skipped; padding is required.",
    .example = R"(print(decode_base64("aGVsbG8="))       // hello
print(decode_base64("AAEC", "binary")) // <binary: 3 bytes>)",
    .function = decode_base64,
};

constexpr const BuiltinSpec* kBase64[] = {&kEncodeBase64, &kDecodeBase64};

}  // namespace

Family base64_builtins() { return kBase64; }

}  // namespace duso::stdlib
