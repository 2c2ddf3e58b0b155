#include "stdlib/builtins/json_writer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "interpreter/values/array.hpp"
#include "interpreter/values/number_text.hpp"
#include "interpreter/values/opaque.hpp"
#include "interpreter/values/text_form.hpp"
#include "interpreter/values/utf8.hpp"
#include "stdlib/builtins/json.hpp"

namespace duso::stdlib {

namespace {

constexpr std::uint64_t repeated(unsigned char byte) { return 0x0101'0101'0101'0101ULL * byte; }

// Marks the bytes of [word] that are zero, and possibly some behind the first one.
constexpr std::uint64_t zero_bytes(std::uint64_t word) { return (word - repeated(1)) & ~word & repeated(0x80); }

// Marks the bytes of [word] that can not stand in a JSON string as they are, and possibly some behind the first one:
// control characters, `"` and `&` (which differ in one bit), `<` and `>` (which do too), `\`, and all that is not
// ASCII.
constexpr std::uint64_t special_bytes(std::uint64_t word) {
  const std::uint64_t controls = (word - repeated(0x20)) & ~word & repeated(0x80);
  return controls | zero_bytes((word | repeated(0x04)) ^ repeated('&')) |
         zero_bytes((word | repeated(0x02)) ^ repeated('>')) | zero_bytes(word ^ repeated('\\')) |
         (word & repeated(0x80));
}

constexpr auto kIsSpecial = [] {
  std::array<bool, 256> special{};
  for (std::size_t byte = 0; byte < 256; ++byte) special[byte] = byte < 0x20 || byte >= 0x80;
  for (const char byte : {'"', '&', '<', '>', '\\'}) special[static_cast<unsigned char>(byte)] = true;
  return special;
}();

// The bytes of [text] from [at] on that can be written as they are.
std::size_t plain_run(std::string_view text, std::size_t at) {
  const std::size_t start = at;
  while (text.size() - at >= sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof word);
    if (const std::uint64_t special = special_bytes(word)) {
      return at - start + static_cast<std::size_t>(std::countr_zero(special)) / 8;
    }
    at += sizeof word;
  }
  while (at < text.size() && !kIsSpecial[static_cast<unsigned char>(text[at])]) ++at;
  return at - start;
}

void append_unicode_escape(TextBuffer& out, char32_t code_point) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  char* at = out.reserve(6);
  *at++ = '\\';
  *at++ = 'u';
  for (int shift = 12; shift >= 0; shift -= 4) *at++ = kDigits[code_point >> shift & 0xF];
  out.commit(6);
}

// Appends a byte of ASCII that needs an escape.
void append_escape(TextBuffer& out, char byte) {
  static constexpr std::string_view kShort = "\"\\\n\r\t\b\f";
  static constexpr std::string_view kLetters = "\"\\nrtbf";
  const std::size_t index = kShort.find(byte);
  if (index == std::string_view::npos) return append_unicode_escape(out, static_cast<unsigned char>(byte));
  out.append('\\');
  out.append(kLetters[index]);
}

// Appends the code point at [at] of [text], which is not ASCII, and returns its size there.
std::size_t append_code_point(TextBuffer& out, std::string_view text, std::size_t at) {
  const utf8::Decoded decoded = utf8::decode(text, at);
  if (!decoded.valid) {
    out.append("\xEF\xBF\xBD");
  } else if (decoded.code_point == 0x2028 || decoded.code_point == 0x2029) {
    append_unicode_escape(out, decoded.code_point);
  } else {
    out.append(text.substr(at, decoded.length));
  }
  return decoded.length;
}

// What a value without parts is in JSON, if that is a string.
std::string stand_in_text(Value value) {
  if (value.is(HeapType::kError)) {
    const Value message = as_error(value)->message;
    return message.is_string() ? "<error: " + std::string(message.string()->view()) + ">" : "<error>";
  }
  if (value.is(HeapType::kCode)) return as_code(value)->payload->source;
  return concat_text(value);
}

}  // namespace

void append_json_string(TextBuffer& out, std::string_view text) {
  out.append('"');
  for (std::size_t at = 0;;) {
    const std::size_t run = plain_run(text, at);
    out.append(text.substr(at, run));
    at += run;
    if (at == text.size()) break;
    if (static_cast<unsigned char>(text[at]) >= 0x80) {
      at += append_code_point(out, text, at);
    } else {
      append_escape(out, text[at++]);
    }
  }
  out.append('"');
}

bool JsonWriter::write(Value value) {
  if (!begin(value)) return false;
  while (!frames_.empty()) {
    if (!step()) return false;
  }
  return true;
}

// Writes [value], or of a container that is not empty the opening bracket.
bool JsonWriter::begin(Value value) {
  if (frames_.size() > kMaxJsonDepth) {
    fail("value nested more than " + std::to_string(kMaxJsonDepth) + " levels deep (circular reference?)");
    return false;
  }
  if (value.is_string()) {
    append_json_string(out_, value.string()->view());
  } else if (value.is_number()) {
    return write_number(value.number());
  } else if (value.is_array()) {
    out_.append('[');
    frames_.push_back({value, 0, {}, nullptr});
  } else if (value.is_object()) {
    const Object* object = value.object();
    out_.append('{');
    if (object->shape != nullptr) {
      const Plan& plan = plan_of(object->shape, object);
      frames_.push_back({value, 0, {}, &plan});
    } else {
      frames_.push_back({value, 0, make_plan(object), nullptr});
    }
  } else {
    write_other(value);
  }
  return true;
}

// Goes on with the innermost container.
bool JsonWriter::step() {
  Frame& frame = frames_.back();
  const std::uint32_t index = frame.next++;
  if (frame.container.is_array()) {
    const Array* array = frame.container.array();
    if (index == array->size) {
      end_container(']', index == 0);
      return true;
    }
    if (index != 0) out_.append(',');
    new_line();
    return begin(array->items[index]);
  }
  const Plan& plan = frame.used != nullptr ? *frame.used : frame.plan;
  if (index == plan.properties.size()) {
    end_container('}', index == 0);
    return true;
  }
  if (index != 0) out_.append(',');
  new_line();
  const Property& property = plan.properties[index];
  out_.append(std::string_view(plan.names).substr(property.name_begin, property.name_end - property.name_begin));
  return begin(property_value(frame.container.object(), property.index));
}

bool JsonWriter::write_number(double number) {
  if (!std::isfinite(number)) {
    fail("unsupported number value: " + plain_text(number));
    return false;
  }
  out_.commit(format_json(number, out_.reserve(kJsonTextSize)));
  return true;
}

void JsonWriter::write_other(Value value) {
  if (value.is_nil()) {
    out_.append("null");
  } else if (value.is_boolean()) {
    out_.append(value.is_true() ? "true" : "false");
  } else {
    append_json_string(out_, stand_in_text(value));
  }
}

void JsonWriter::end_container(char bracket, bool is_empty) {
  frames_.pop_back();
  if (!is_empty) new_line();
  out_.append(bracket);
}

void JsonWriter::new_line() {
  if (indent_.empty()) return;
  out_.append('\n');
  for (std::size_t level = 0; level < frames_.size(); ++level) out_.append(indent_);
}

JsonWriter::Plan JsonWriter::make_plan(const Object* object) const {
  Plan plan;
  plan.properties.resize(property_count(object));
  for (std::uint32_t i = 0; i < plan.properties.size(); ++i) plan.properties[i].index = i;
  std::sort(plan.properties.begin(), plan.properties.end(), [object](const Property& a, const Property& b) {
    return property_name(object, a.index)->view() < property_name(object, b.index)->view();
  });
  TextBuffer names(out_.heap());
  for (Property& property : plan.properties) {
    property.name_begin = static_cast<std::uint32_t>(names.view().size());
    append_json_string(names, property_name(object, property.index)->view());
    names.append(indent_.empty() ? ":" : ": ");
    property.name_end = static_cast<std::uint32_t>(names.view().size());
  }
  plan.names = names.view();
  return plan;
}

// References to plans stay valid while others are added.
const JsonWriter::Plan& JsonWriter::plan_of(const Shape* shape, const Object* object) {
  const auto found = plans_.find(shape);
  return found != plans_.end() ? found->second : plans_.emplace(shape, make_plan(object)).first->second;
}

}  // namespace duso::stdlib
