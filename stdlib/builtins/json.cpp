// parse_json and format_json. See json.hpp for who does what.
#include "stdlib/builtins/json.hpp"

#include <atomic>
#include <string>

#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/json_builder.hpp"
#include "stdlib/builtins/json_library.hpp"
#include "stdlib/builtins/json_reader.hpp"
#include "stdlib/builtins/json_writer.hpp"
#include "stdlib/builtins/text_buffer.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

// Below this the library is no faster than our own reader.
constexpr std::size_t kSmall = 256;

// Loading the library takes as long as it saves in reading about this many bytes.
constexpr std::size_t kWorthLoading = std::size_t{64} << 10;

// Whether a document of [size] bytes goes to the library. It is loaded when the process has seen enough bytes.
bool goes_to_library(std::size_t size) {
  static std::atomic<std::size_t> bytes_seen{0};
  if (size < kSmall) return false;
  const std::size_t seen = bytes_seen.load(std::memory_order_relaxed);
  if (seen >= kWorthLoading) return true;
  return bytes_seen.fetch_add(size, std::memory_order_relaxed) + size >= kWorthLoading;
}

Value parse_json(Call& call) {
  const String* text = required_string(call, 0);
  if (text == nullptr) return Value::raise();
  JsonProblem problem;
  const Value document = read_json(call.instance(), text->view(), text->capacity - text->size, problem);
  if (!document.is_unset()) return document;
  return call.raise("parse_json() failed to parse JSON: " + problem.reason + " at offset " +
                    std::to_string(problem.offset));
}

const BuiltinSpec kParseJson{
    .name = "parse_json",
    .parameters = {{"str", Type::kString}},
    .errors = {"parse_json() requires a string as first argument",
               "parse_json() failed to parse JSON: {reason} at offset {offset}"},
    .summary =
        "The value of a JSON document: objects keep the order of their keys, `null` is nil. What is no strict JSON is "
        "an "
        "error that says what is wrong and at which byte.",
    .example = R"(print(parse_json('{"id": 7, "tags": ["a", "b"]}').tags) // ["a", "b"])",
    .function = parse_json,
};

// What one level is indented by; nothing for the compact form.
std::string indentation(const Call& call, std::size_t index) {
  if (const String* text = optional_string(call, index)) return std::string(text->view());
  const std::int64_t spaces = to_count(optional_number(call, index).value_or(0));
  if (spaces <= 0) return {};
  call.heap().require(static_cast<std::size_t>(spaces));
  return std::string(static_cast<std::size_t>(spaces), ' ');
}

Value format_json_value(Call& call) {
  if (!required_argument(call, 0, "at least one argument")) return Value::raise();
  const std::string indent = indentation(call, 1);
  TextBuffer text(call.heap());
  JsonWriter writer(text, indent);
  if (!writer.write(call.argument(0))) return call.raise("format_json() failed to serialize: " + writer.problem());
  return Value(text.to_string());
}

const BuiltinSpec kFormatJson{
    .name = "format_json",
    .parameters = {{"value"}, {"indent", Type::kNumber | Type::kString, "0"}},
    .returns = Type::kString,
    .errors = {"format_json() requires at least one argument", "format_json() failed to serialize: {reason}"},
    .summary =
        "`value` as JSON text with sorted keys, compact unless `indent` gives the spaces (or the text) that each level "
        "is indented by. `<`, `>` and `&` are escaped, so the text can stand in HTML.",
    .example = R"(print(format_json({name = "Ann", age = 30})) // {"age":30,"name":"Ann"})",
    .function = format_json_value,
};

constexpr const BuiltinSpec* kJson[] = {&kParseJson, &kFormatJson};

}  // namespace

Value read_json(execution::Instance& instance, std::string_view text, std::size_t slack, JsonProblem& problem) {
  JsonBuilder builder(instance);
  if (goes_to_library(text.size()) && read_with_simdjson(text, slack, builder)) return builder.take();
  if (auto found = JsonReader(text, builder).read()) {
    problem = std::move(*found);
    return Value::unset();
  }
  return builder.take();
}

Family json_builtins() { return kJson; }

}  // namespace duso::stdlib
