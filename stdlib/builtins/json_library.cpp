// See json_library.hpp. No other file includes simdjson.
//
// Of the library's interface only two virtual functions are called: one makes a parser, the other parses. What they
// leave behind is a *tape* of 64-bit words, a type in the upper eight bits of each and a payload below, in document
// order:
//
//     {  [      the index behind the matching end, and a count       }  ]      the index of the start
//     "         an offset into the string buffer: 32 bits of size, then the text
//     l u d     the next word is a signed or unsigned whole number or a double
//     t f n     the literals
//     r         the root, first and last
//
// which turns into values by walking along it once.
#include "stdlib/builtins/json_library.hpp"

#include <dlfcn.h>
#include <simdjson.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>

#include "stdlib/builtins/json.hpp"

namespace duso::stdlib {

namespace {

// The file below is the library's of this version; its functions take the types of this header.
static_assert(simdjson::SIMDJSON_VERSION_MAJOR == 3 && simdjson::SIMDJSON_VERSION_MINOR == 0);
constexpr const char* kLibraryFile = "libsimdjson.so.14";

// Parsers for documents up to this size are kept for the next one.
constexpr std::size_t kLargestKept = std::size_t{1} << 20;

// The library's code for this processor; null when there is no library.
const simdjson::implementation* load_library() {
  void* library = dlopen(kLibraryFile, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  void* symbol = dlsym(library, "_ZN8simdjson25get_active_implementationEv");
  if (symbol == nullptr) return nullptr;
  using Getter = simdjson::internal::atomic_ptr<const simdjson::implementation>& (*)();
  return std::bit_cast<Getter>(symbol)();
}

// The same, loaded by whoever comes first.
const simdjson::implementation* library() {
  static const simdjson::implementation* const kLibrary = load_library();
  return kLibrary;
}

// A parser and what it parsed, with memory for documents up to a certain size.
struct Workspace {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
  simdjson::dom::document document;
  std::unique_ptr<std::uint8_t[]> padded;
  std::size_t capacity = 0;

  // Makes room for documents of [size] bytes; false when it can not be had.
  bool prepare(const simdjson::implementation& implementation, std::size_t size) {
    if (size <= capacity) return true;
    capacity = 0;
    // The library counts the open containers, the language the containers that a value is in.
    if (implementation.create_dom_parser_implementation(size, kMaxJsonDepth + 1, parser) != simdjson::SUCCESS ||
        document.allocate(size) != simdjson::SUCCESS) {
      return false;
    }
    padded.reset();
    capacity = size;
    return true;
  }

  // [text] with the padding behind it that the library reads.
  const std::uint8_t* with_padding(std::string_view text, std::size_t slack) {
    if (slack >= simdjson::SIMDJSON_PADDING) return reinterpret_cast<const std::uint8_t*>(text.data());
    if (!padded) padded = std::make_unique_for_overwrite<std::uint8_t[]>(capacity + simdjson::SIMDJSON_PADDING);
    std::memcpy(padded.get(), text.data(), text.size());
    std::memset(padded.get() + text.size(), ' ', simdjson::SIMDJSON_PADDING);
    return padded.get();
  }
};

// Whether somewhere in [text] a number might be a negative zero without point and exponent, which the tape does not
// tell from zero. What looks like one inside of a string counts too.
bool may_have_negative_zero(std::string_view text) {
  for (std::size_t at = 0; (at = text.find("-0", at)) != std::string_view::npos; at += 2) {
    const char before = at == 0 ? ' ' : text[at - 1];
    const char behind = at + 2 == text.size() ? ' ' : text[at + 2];
    if (std::string_view(":,[ \t\r\n").find(before) == std::string_view::npos) continue;
    if (std::string_view(",]} \t\r\n").find(behind) != std::string_view::npos) return true;
  }
  return false;
}

// Walks along the tape of [document], which was parsed from [text]. False when the tape does not say enough.
bool build(const simdjson::dom::document& document, std::string_view text, JsonBuilder& builder) {
  constexpr std::uint64_t kPayload = (std::uint64_t{1} << 56) - 1;
  const std::uint64_t* at = document.tape.get();
  const char* strings = reinterpret_cast<const char*>(document.string_buf.get());
  bool zeros_are_positive = false;
  for (;;) {
    const std::uint64_t word = *++at;
    switch (static_cast<char>(word >> 56)) {
      case '"': {
        const char* string = strings + (word & kPayload);
        std::uint32_t size;
        std::memcpy(&size, string, sizeof size);
        const std::string_view content(string + sizeof size, size);
        if (builder.expects_name()) {
          builder.add_name(content);
        } else {
          builder.add_string(content);
        }
        break;
      }
      case 'l': {
        const auto number = static_cast<std::int64_t>(*++at);
        if (number == 0 && !zeros_are_positive) {
          if (may_have_negative_zero(text)) return false;
          zeros_are_positive = true;
        }
        builder.add(Value(static_cast<double>(number)));
        break;
      }
      case 'u':
        builder.add(Value(static_cast<double>(*++at)));
        break;
      case 'd':
        builder.add(Value(std::bit_cast<double>(*++at)));
        break;
      case 't':
        builder.add(Value(true));
        break;
      case 'f':
        builder.add(Value(false));
        break;
      case 'n':
        builder.add(Value::nil());
        break;
      case '[':
        builder.open_array();
        break;
      case ']':
        builder.close_array();
        break;
      case '{':
        builder.open_object();
        break;
      case '}':
        builder.close_object();
        break;
      default:
        return true;  // the root
    }
  }
}

}  // namespace

bool read_with_simdjson(std::string_view text, std::size_t slack, JsonBuilder& builder) {
  const simdjson::implementation* implementation = library();
  if (implementation == nullptr || text.empty()) return false;
  static thread_local std::unique_ptr<Workspace> kept;
  std::unique_ptr<Workspace> workspace = kept ? std::move(kept) : std::make_unique<Workspace>();
  if (!workspace->prepare(*implementation, text.size())) return false;
  const std::uint8_t* bytes = workspace->with_padding(text, slack);
  const bool is_read = workspace->parser->parse(bytes, text.size(), workspace->document) == simdjson::SUCCESS &&
                       build(workspace->document, text, builder);
  if (!is_read) builder.clear();
  if (workspace->capacity <= kLargestKept) kept = std::move(workspace);
  return is_read;
}

}  // namespace duso::stdlib
