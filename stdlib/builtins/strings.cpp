// Measuring, cutting, joining and dressing up text.
//
// Scripts count in characters, memory in bytes. On ASCII text, which a string knows about itself, the two are the same,
// so every function here takes that way first. Where the size of a result is known it is built in place, and a result
// that equals the argument is the argument.
#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "interpreter/values/array.hpp"
#include "interpreter/values/number_text.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/opaque.hpp"
#include "interpreter/values/text_form.hpp"
#include "interpreter/values/utf8.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/search_pattern.hpp"
#include "stdlib/builtins/text_buffer.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Parameter;
using execution::Precedence;
using execution::Type;

namespace {

const Parameter kText{"str", Type::kString};
const Parameter kAnyText{"str", Type::kAny};

// A new string of [size] bytes, written by [write] to the address it is given.
template <class Write>
Value new_text(memory::Heap& heap, std::size_t size, Write write) {
  String* string = new_string_uninitialised(heap, size);
  write(string->data());
  finish_string(string);
  return Value(string);
}

char* copy_to(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

// Writes [text], which is not empty, [times] times to [out]. Returns where it ends.
char* copy_times(char* out, std::string_view text, std::size_t times) {
  const std::size_t size = text.size() * times;
  std::size_t written = std::min(text.size(), size);
  std::memcpy(out, text.data(), written);
  while (written < size) {
    // What is written already is the source of the next piece, twice as long as the one before.
    const std::size_t piece = std::min(written, size - written);
    std::memcpy(out + written, out, piece);
    written += piece;
  }
  return out + size;
}

std::size_t count(const DisplayText& text) { return text.is_ascii() ? text.view().size() : utf8::count(text.view()); }

// ---- len ----

Value len(Call& call) {
  const auto number = [](std::size_t count) { return Value(static_cast<double>(count)); };
  const Value value = call.argument(0);
  if (value.is_string()) return number(value.string()->length());
  if (value.is_array()) return number(value.array()->size);
  if (value.is_object()) return number(property_count(value.object()));
  if (value.is(HeapType::kBinary)) return number(as_binary(value)->payload->bytes->size());
  if (!required_argument(call, 0)) return Value::raise();
  if (value.is_nil()) return number(0);
  return call.requires_argument("array, object, string, or binary");
}

const BuiltinSpec kLen{
    .name = "len",
    .parameters = {{"value", Type::kString | Type::kArray | Type::kObject | Type::kBinary | Type::kNil}},
    .returns = Type::kNumber,
    .errors = {"len() requires an argument", "len() requires array, object, string, or binary"},
    .summary =
        "How long `value` is: the characters of a string, the elements of an array, the keys of an object (those "
        "whose value is nil too), the bytes of a binary; 0 for nil.",
    .example = R"(print(len("naïve"))           // 5
print(len([1, 2, 3]))         // 3
print(len({a = 1, b = nil}))  // 2)",
    .function = len,
};

// ---- substr ----

// The bytes of [text] from code point [start] on, [count] code points long or up to the end.
std::string_view slice(const String* text, std::size_t start, std::size_t count) {
  if (text->is_ascii()) return text->view().substr(start, count);
  const std::string_view from_start = text->view().substr(utf8::offset_of(text->view(), start));
  return from_start.substr(0, utf8::offset_of(from_start, count));
}

Value substr(Call& call) {
  const String* text = required_string(call, 0);
  if (text == nullptr) return Value::raise();
  const std::optional<double> position = required_number(call, 1);
  if (!position) return Value::raise();

  const std::int64_t size = text->length();
  std::int64_t start = to_count(*position);
  if (start < 0) start = std::max<std::int64_t>(start + size, 0);
  std::int64_t wanted = size;
  if (const std::optional<double> length = optional_number(call, 2)) wanted = to_count(*length);
  if (start >= size || wanted <= 0) return call.string("");

  const std::string_view found = slice(text, static_cast<std::size_t>(start), static_cast<std::size_t>(wanted));
  if (!text->is_ascii() && !utf8::is_valid(found)) return call.string(utf8::replace_invalid(found));
  if (found.size() == text->size) return retain(Value(text));
  return call.string(found);
}

const BuiltinSpec kSubstr{
    .name = "substr",
    .parameters = {kText, {"pos", Type::kNumber}, {"length", Type::kNumber, "nil"}},
    .returns = Type::kString,
    .errors = {"substr() requires a string as first argument", "substr() requires a number as second argument"},
    .summary =
        "The part of `str` that begins at character `pos`, counted from 0 or, if negative, from the end. It is "
        "`length` characters long, or reaches to the end when no length is given or the text has no more. Invalid "
        "bytes come out as U+FFFD.",
    .example = R"(print(substr("programming", 3, 4)) // gram
print(substr("programming", -4))   // ming)",
    .function = substr,
};

// ---- split, join ----

Value split_characters(memory::Heap& heap, const String* text) {
  Owned result(Value(new_array(heap, text->length())));
  for (std::string_view rest = text->view(); !rest.empty();) {
    const std::size_t size = utf8::decode(rest).length;
    push(result.get().array(), Value(new_string(heap, rest.substr(0, size))));
    rest.remove_prefix(size);
  }
  return result.take();
}

Value split(Call& call) {
  const String* text = required_string(call, 0);
  if (text == nullptr) return Value::raise();
  const String* separator = required_string(call, 1, "a string separator as second argument");
  if (separator == nullptr) return Value::raise();
  if (separator->size == 0) return split_characters(call.heap(), text);

  const std::string_view whole = text->view();
  const Literal wanted(separator->view());
  // Counting single bytes is so much faster than collecting pieces that it pays to know how many there will be.
  const auto pieces = separator->size == 1 ? std::count(whole.begin(), whole.end(), separator->view().front()) + 1 : 0;
  Owned result(Value(new_array(call.heap(), static_cast<std::size_t>(pieces))));
  std::size_t start = 0;
  for (;;) {
    const std::size_t end = std::min(wanted.find(whole, start), whole.size());
    push(result.get().array(), Value(new_string(call.heap(), whole.substr(start, end - start))));
    if (end == whole.size()) return result.take();
    start = end + separator->size;
  }
}

const BuiltinSpec kSplit{
    .name = "split",
    .parameters = {kText, {"separator", Type::kString}},
    .returns = Type::kArray,
    .errors = {"split() requires a string as first argument", "split() requires a string separator as second argument"},
    .summary =
        "Cuts `str` at every `separator` and returns the pieces, empty ones too. An empty separator cuts between all "
        "characters.",
    .example = R"(print(split("red;green;;blue", ";")) // ["red", "green", "", "blue"]
print(split("año", ""))              // ["a", "ñ", "o"])",
    .function = split,
};

// The bytes of [array]'s texts with [separator] between them, if all elements are strings.
std::optional<std::size_t> joined_size(const Array* array, std::string_view separator) {
  std::size_t size = array->size > 0 ? separator.size() * (array->size - 1) : 0;
  for (const Value element : array->elements()) {
    if (!element.is_string()) return std::nullopt;
    size += element.string()->size;
  }
  return size;
}

void append_plain(TextBuffer& out, Value value) {
  if (value.is_string()) return out.append(value.string()->view());
  if (!value.is_number()) return out.append(concat_text(value));
  std::array<char, kPlainTextSize> digits;
  out.append({digits.data(), format_plain(value.number(), digits.data())});
}

Value join(Call& call) {
  const Array* array = required_array(call, 0);
  if (array == nullptr) return Value::raise();
  const String* separator = required_string(call, 1, "a string separator as second argument");
  if (separator == nullptr) return Value::raise();

  const std::string_view between = separator->view();
  if (const std::optional<std::size_t> size = joined_size(array, between)) {
    return new_text(call.heap(), *size, [&](char* out) {
      for (std::uint32_t index = 0; index < array->size; ++index) {
        if (index > 0) out = copy_to(out, between);
        out = copy_to(out, array->items[index].string()->view());
      }
    });
  }
  TextBuffer out(call.heap());
  for (std::uint32_t index = 0; index < array->size; ++index) {
    if (index > 0) out.append(between);
    append_plain(out, array->items[index]);
  }
  return Value(out.to_string());
}

const BuiltinSpec kJoin{
    .name = "join",
    .parameters = {{"array", Type::kArray}, {"separator", Type::kString}},
    .returns = Type::kString,
    .errors = {"join() requires an array as first argument", "join() requires a string separator as second argument"},
    .summary =
        "The elements of `array` as one text, with `separator` between them. What is not a string is written as `+` "
        "would write it.",
    .example = R"(print(join(["x", 2.5, true], "-")) // x-2.5-true)",
    .function = join,
};

// ---- trim, repeat, upper, lower ----

Value trim(Call& call) {
  if (!required_argument(call, 0)) return Value::raise();
  const String* text = required_string(call, 0, "a string");
  if (text == nullptr) return Value::raise();
  const std::string_view trimmed = utf8::trim(text->view());
  return trimmed.size() == text->size ? retain(Value(text)) : call.string(trimmed);
}

const BuiltinSpec kTrim{
    .name = "trim",
    .parameters = {kText},
    .returns = Type::kString,
    .errors = {"trim() requires an argument", "trim() requires a string"},
    .summary =
        "`str` without the white space at both ends: spaces, tabs, line ends and every other Unicode white space.",
    .example = R"(print("[" + trim("  two words\n") + "]") // [two words])",
    .function = trim,
};

Value repeat(Call& call) {
  const String* text = required_string(call, 0);
  if (text == nullptr) return Value::raise();
  const std::optional<double> number = required_number(call, 1);
  if (!number) return Value::raise();
  const std::int64_t wanted = to_count(*number);
  if (wanted < 0) return call.raise("repeat() count must be non-negative");
  if (wanted == 0 || text->size == 0) return call.string("");
  if (wanted == 1) return retain(Value(text));

  const auto times = static_cast<std::size_t>(wanted);
  if (times > kLargestText / text->size) return result_too_large(call);
  return new_text(call.heap(), times * text->size, [&](char* out) { copy_times(out, text->view(), times); });
}

const BuiltinSpec kRepeat{
    .name = "repeat",
    .parameters = {kText, {"count", Type::kNumber}},
    .returns = Type::kString,
    .errors = {"repeat() requires a string as first argument", "repeat() requires a number as second argument",
               "repeat() count must be non-negative", "repeat() result too large"},
    .summary = "`str`, `count` times in a row. A fraction of the count is dropped.",
    .example = R"(print(repeat("ab", 3)) // ababab)",
    .function = repeat,
};

// The text of the first argument with its case changed by one of these, of which the first is for ASCII.
Value change_case(const Call& call, void (*change_ascii)(std::string_view, char*),
                  std::string (*change)(std::string_view)) {
  if (!required_argument(call, 0)) return Value::raise();
  const DisplayText text(call.argument(0));
  if (!text.is_ascii()) return call.string(change(text.view()));
  return new_text(call.heap(), text.view().size(), [&](char* out) { change_ascii(text.view(), out); });
}

const BuiltinSpec kUpper{
    .name = "upper",
    .parameters = {kAnyText},
    .returns = Type::kString,
    .errors = {"upper() requires an argument"},
    .summary =
        "`str` in upper case. What is not a string is turned into text first; characters without an upper case of "
        "one character, such as `ß`, stay.",
    .example = R"(print(upper("Mixed ñ")) // MIXED Ñ)",
    .function = [](Call& call) { return change_case(call, utf8::upper_ascii, utf8::to_upper); },
};

const BuiltinSpec kLower{
    .name = "lower",
    .parameters = {kAnyText},
    .returns = Type::kString,
    .errors = {"lower() requires an argument"},
    .summary = "`str` in lower case. What is not a string is turned into text first.",
    .example = R"(print(lower("Mixed Ñ")) // mixed ñ)",
    .function = [](Call& call) { return change_case(call, utf8::lower_ascii, utf8::to_lower); },
};

// ---- pad_left, pad_right ----

enum class Side { kLeft, kRight };

Value pad(const Call& call, Side side) {
  const std::optional<double> width = required_number(call, 1);
  if (!width) return Value::raise();
  const Value given = call.argument(2);
  const DisplayText given_filler(given);
  const std::string_view filler = given.is_nil() ? " " : given_filler.view();
  if (filler.empty() || utf8::decode(filler).length != filler.size()) {
    return call.raise(std::string(call.spec().name) + "() pad character must be a single character");
  }

  const Value value = call.argument(0);
  const DisplayText shown(value);
  const std::string_view text = shown.view();
  const std::int64_t wanted = to_count(*width);
  const auto present = static_cast<std::int64_t>(count(shown));
  if (wanted <= present) return value.is_string() ? retain(value) : call.string(text);
  const auto missing = static_cast<std::size_t>(wanted - present);
  if (text.size() > kLargestText || missing > (kLargestText - text.size()) / filler.size())
    return result_too_large(call);

  return new_text(call.heap(), text.size() + missing * filler.size(), [&](char* out) {
    if (side == Side::kRight) out = copy_to(out, text);
    out = copy_times(out, filler, missing);
    if (side == Side::kLeft) copy_to(out, text);
  });
}

const Parameter kWidth{"width", Type::kNumber};
const Parameter kFiller{"char", Type::kString | Type::kNumber, "\" \""};

const BuiltinSpec kPadLeft{
    .name = "pad_left",
    .parameters = {kAnyText, kWidth, kFiller},
    .returns = Type::kString,
    .errors = {"pad_left() requires a number as second argument", "pad_left() pad character must be a single character",
               "pad_left() result too large"},
    .summary =
        "`str`, or the text of another value, with as many `char` in front as it takes to be `width` characters "
        "long. Text that is long enough stays as it is.",
    .example = R"(print(pad_left(7, 3, "0")) // 007)",
    .function = [](Call& call) { return pad(call, Side::kLeft); },
};

const BuiltinSpec kPadRight{
    .name = "pad_right",
    .parameters = {kAnyText, kWidth, kFiller},
    .returns = Type::kString,
    .errors = {"pad_right() requires a number as second argument",
               "pad_right() pad character must be a single character", "pad_right() result too large"},
    .summary =
        "`str`, or the text of another value, with as many `char` behind it as it takes to be `width` characters "
        "long. Text that is long enough stays as it is.",
    .example = R"(print(pad_right("ab", 5, ".") + "|") // ab...|)",
    .function = [](Call& call) { return pad(call, Side::kRight); },
};

// ---- escape_html ----

// What stands for [byte] in HTML; empty where it may stand for itself.
constexpr std::string_view html_entity(char byte) {
  switch (byte) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

Value escape_html(Call& call) {
  const Value value = call.argument(0);
  if (value.is_nil()) return call.string("");
  const DisplayText shown(value);
  const std::string_view text = shown.view();
  std::size_t size = text.size();
  for (const char byte : text) {
    if (const std::string_view entity = html_entity(byte); !entity.empty()) size += entity.size() - 1;
  }
  if (size == text.size() && value.is_string()) return retain(value);
  return new_text(call.heap(), size, [text](char* out) {
    std::size_t done = 0;
    for (std::size_t index = 0; index < text.size(); ++index) {
      const std::string_view entity = html_entity(text[index]);
      if (entity.empty()) continue;
      out = copy_to(copy_to(out, text.substr(done, index - done)), entity);
      done = index + 1;
    }
    copy_to(out, text.substr(done));
  });
}

const BuiltinSpec kEscapeHtml{
    .name = "escape_html",
    .parameters = {{.name = "value", .fallback = "nil", .given_twice = Precedence::kPositional}},
    .returns = Type::kString,
    .summary =
        "The text of `value`, safe to be put into HTML, between tags or inside a quoted attribute: `&`, `<`, `>` and "
        "both quotes become entities. nil becomes the empty text.",
    .example = R"(print(escape_html("<b>Tom & Jerry</b>")) // &lt;b&gt;Tom &amp; Jerry&lt;/b&gt;)",
    .function = escape_html,
};

constexpr const BuiltinSpec* kStrings[] = {&kLen,   &kSubstr, &kSplit,   &kJoin,     &kTrim,      &kRepeat,
                                           &kUpper, &kLower,  &kPadLeft, &kPadRight, &kEscapeHtml};

}  // namespace

Family string_builtins() { return kStrings; }

}  // namespace duso::stdlib
