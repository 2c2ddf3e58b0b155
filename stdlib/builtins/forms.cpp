// Form data as browsers send it (application/x-www-form-urlencoded): parse_form and format_form.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/execution/instance.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/text_form.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/text_buffer.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

// --- reading ---

int hex_value(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  const char lower = static_cast<char>(byte | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Decodes [text] into [out]; false when it has a malformed escape, of which [problem] then tells.
bool decode(std::string_view text, std::string& out, std::string& problem) {
  out.clear();
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+') {
      out += ' ';
    } else if (text[at] != '%') {
      out += text[at];
    } else {
      const std::string_view escape = text.substr(at, 3);
      if (escape.size() < 3 || hex_value(escape[1]) < 0 || hex_value(escape[2]) < 0) {
        problem = "invalid URL escape \"" + std::string(escape) + "\"";
        return false;
      }
      out += static_cast<char>(hex_value(escape[1]) << 4 | hex_value(escape[2]));
      at += 2;
    }
  }
  return true;
}

// Adds one pair to [form]: the values of a key that comes again make an array.
void add_pair(memory::Heap& heap, Object* form, std::string_view key, std::string_view text) {
  const Owned name(Value(new_string(heap, key)));
  Owned value(Value(new_string(heap, text)));
  Value* place = find_property(form, name.get().string());
  if (place == nullptr) return set_property(heap, form, name.get().string(), value.take());
  if (place->is_array()) return push(place->array(), value.take());
  Owned values(Value(new_array(heap, 4)));
  push(values.get().array(), retain(*place));
  push(values.get().array(), value.take());
  set_property(heap, form, name.get().string(), values.take());
}

Value parse_form(Call& call) {
  const String* argument = required_string(call, 0);
  if (argument == nullptr) return Value::raise();
  std::string_view rest = argument->view();
  if (rest.starts_with('?')) rest.remove_prefix(1);
  Owned form(Value(new_object(call.heap(), call.instance().engine().shapes(), 0)));
  std::string key;
  std::string text;
  std::string problem;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find_first_of("="), pair.size());
    const std::string_view raw_text = pair.substr(std::min(equals + 1, pair.size()));
    if (pair.find(';') != std::string_view::npos) {
      problem = "invalid semicolon separator in query";
    } else if (decode(pair.substr(0, equals), key, problem) && decode(raw_text, text, problem)) {
      add_pair(call.heap(), form.get().object(), key, text);
      continue;
    }
    return call.raise("parse_form() error: " + problem);
  }
  return form.take();
}

const BuiltinSpec kParseForm{
    .name = "parse_form",
    .parameters = {{"str", Type::kString}},
    .returns = Type::kObject,
    .errors = {"parse_form() requires a string as first argument",
               "parse_form() error: invalid URL escape \"{escape}\"",
               "parse_form() error: invalid semicolon separator in query"},
    .summary =
        "The fields of a query string or form body as an object of strings; a key that occurs several times has an "
        "array of them. A leading `?` is ignored.",
    .example = R"(print(parse_form("?q=a+b&tag=1&tag=2")) // {q="a b", tag=["1", "2"]})",
    .function = parse_form,
};

// --- writing ---

constexpr auto kStaysAsItIs = [] {
  std::array<bool, 256> stays{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    const std::size_t lower = byte | 0x20;
    stays[byte] = (byte >= '0' && byte <= '9') || (byte < 0x80 && lower >= 'a' && lower <= 'z');
  }
  for (const char byte : {'-', '_', '.', '~'}) stays[static_cast<unsigned char>(byte)] = true;
  return stays;
}();

void append_encoded(TextBuffer& out, std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kStaysAsItIs[byte]) {
      out.append(c);
    } else if (c == ' ') {
      out.append('+');
    } else {
      out.append('%');
      out.append(kDigits[byte >> 4]);
      out.append(kDigits[byte & 0xF]);
    }
  }
}

void append_pair(TextBuffer& out, std::string_view key, Value value) {
  if (value.is_nil()) return;
  if (!out.view().empty()) out.append('&');
  append_encoded(out, key);
  out.append('=');
  append_encoded(out, value.is_string() ? value.string()->view() : concat_text(value));
}

std::vector<std::uint32_t> properties_by_name(const Object* object) {
  std::vector<std::uint32_t> order(property_count(object));
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [object](std::uint32_t a, std::uint32_t b) {
    return property_name(object, a)->view() < property_name(object, b)->view();
  });
  return order;
}

Value format_form(Call& call) {
  const Object* form = required_object(call, 0);
  if (form == nullptr) return Value::raise();
  TextBuffer text(call.heap());
  for (const std::uint32_t index : properties_by_name(form)) {
    const std::string_view key = property_name(form, index)->view();
    const Value value = property_value(form, index);
    if (value.is_array()) {
      for (const Value element : value.array()->elements()) append_pair(text, key, element);
    } else if (value.is_object()) {
      return call.raise("format_form() cannot encode nested object at key \"" + std::string(key) +
                        "\" \u2014 flatten it first");
    } else if (value.is_callable() || value.is_other()) {
      return call.raise("format_form() cannot encode " + std::string(type_name(value)) + " at key \"" +
                        std::string(key) + "\"");
    } else {
      append_pair(text, key, value);
    }
  }
  return Value(text.to_string());
}

const BuiltinSpec kFormatForm{
    .name = "format_form",
    .parameters = {{"object", Type::kObject}},
    .returns = Type::kString,
    .errors = {"format_form() requires an object as first argument",
               "format_form() cannot encode nested object at key \"{key}\" — flatten it first",
               "format_form() cannot encode {type} at key \"{key}\""},
    .summary =
        "The properties of `object` as form data, sorted by key and escaped for a URL. An array repeats its key for "
        "each "
        "element; nil is left out.",
    .example = R"(print(format_form({q = "a b", tag = [1, 2]})) // q=a+b&tag=1&tag=2)",
    .function = format_form,
};

constexpr const BuiltinSpec* kForms[] = {&kParseForm, &kFormatForm};

}  // namespace

Family form_builtins() { return kForms; }

}  // namespace duso::stdlib
