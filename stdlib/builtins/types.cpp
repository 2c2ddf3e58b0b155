// What a value is, and turning one kind into another: type, tonumber, tostring, tobool.
//
// The conversions never fail on a value of the wrong kind, they only insist on being given one. Note that `tobool` is
// not the truth of `if`: it is about the data, so an empty array is true and a function, which holds no data, is false.
#include "interpreter/execution/engine.hpp"
#include "interpreter/execution/instance.hpp"
#include "interpreter/values/number_text.hpp"
#include "interpreter/values/string.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

const BuiltinSpec kType{
    .name = "type",
    .parameters = {{"value"}},
    .returns = Type::kString,
    .errors = {"type() requires an argument"},
    .summary =
        "The name of the type of `value`: `nil`, `number`, `string`, `boolean`, `array`, `object`, `function`, `code`, "
        "`error`, `binary` or `regex`.",
    .example = R"(print(type(5), type(nil), type(print)) // number nil function)",
    .function = [](Call& call) -> Value {
      if (!call.has(0)) return call.requires_argument("an argument");
      // The names are interned, so asking does not allocate.
      return retain(Value(call.instance().engine().names().intern(type_name(call.argument(0)))));
    },
};

double number_of(Value value) {
  if (value.is_string()) return parse_number_prefix(value.string()->view());
  return value.is_true() ? 1 : 0;
}

const BuiltinSpec kToNumber{
    .name = "tonumber",
    .parameters = {{"value"}},
    .returns = Type::kNumber,
    .errors = {"tonumber() requires an argument"},
    .summary =
        "`value` as a number. Of a string, the number at its beginning, ignoring white space before and anything "
        "behind "
        "it; true is 1; whatever has no number in it is 0.",
    .example = R"(print(tonumber("12.5 kg"), tonumber(true), tonumber("none")) // 12.5 1 0)",
    .function = [](Call& call) -> Value {
      if (!call.has(0)) return call.requires_argument("an argument");
      const Value value = call.argument(0);
      return value.is_number() ? value : Value(number_of(value));
    },
};

const BuiltinSpec kToString{
    .name = "tostring",
    .parameters = {{"value"}},
    .returns = Type::kString,
    .errors = {"tostring() requires an argument"},
    .summary = "`value` as the text that `print` shows.",
    .example = R"(print(tostring(1.5) + "!", tostring([1, "a"])) // 1.5! [1, "a"])",
    .function = [](Call& call) -> Value {
      if (!call.has(0)) return call.requires_argument("an argument");
      const Value value = call.argument(0);
      if (value.is_string()) return retain(value);
      if (value.is_number()) {
        char text[kDisplayTextSize];
        return call.string({text, format_display(value.number(), text)});
      }
      return call.string(DisplayText(value).view());
    },
};

bool holds_something(Value value) {
  if (value.is_boolean()) return value.is_true();
  if (value.is_number()) return value.number() != 0;
  if (value.is_string()) return value.string()->size != 0;
  return value.is_array() || value.is_object();
}

const BuiltinSpec kToBool{
    .name = "tobool",
    .parameters = {{"value"}},
    .returns = Type::kBoolean,
    .errors = {"tobool() requires an argument"},
    .summary =
        "False for nil, false, 0, the empty string and everything that holds no data, such as a function or a regex; "
        "true "
        "for other numbers and strings and for all arrays and objects, even empty ones.",
    .example = R"(print(tobool(0), tobool("0"), tobool([])) // false true true)",
    .function = [](Call& call) -> Value {
      if (!call.has(0)) return call.requires_argument("an argument");
      return Value(holds_something(call.argument(0)));
    },
};

constexpr const BuiltinSpec* kTypes[] = {&kType, &kToNumber, &kToString, &kToBool};

}  // namespace

Family type_builtins() { return kTypes; }

}  // namespace duso::stdlib
