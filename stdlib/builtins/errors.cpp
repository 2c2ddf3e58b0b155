// Raising errors on purpose, and code as a value: throw, assert, parse.
//
// What is thrown may be any value. An object goes out as a copy, so that the catcher may change it without changing
// what the thrower still holds. The position of an error is that of the call, which the interpreter adds.
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "interpreter/execution/engine.hpp"
#include "interpreter/execution/instance.hpp"
#include "interpreter/syntax/parser.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/opaque.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/copying.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Precedence;
using execution::Type;

namespace {

Value throw_value(Call& call) {
  if (!call.has(0)) return call.raise("unknown error");
  return call.instance().raise_unlocated_value(copy_objects(call.instance(), call.argument(0)));
}

const BuiltinSpec kThrow{
    .name = "throw",
    .parameters = {{.name = "message", .fallback = "\"unknown error\"", .given_twice = Precedence::kPositional}},
    .returns = Type::kNone,
    .errors = {"{message}", "unknown error"},
    .summary =
        "Raises an error. The nearest `catch (e)` finds `message`, which may be any value, as `e.message`; an object "
        "arrives "
        "there as a copy. Without one around it the error ends the script.",
    .example = R"(try
  throw({code = 404})
catch (e)
  print(e.message.code) // 404
end)",
    .function = throw_value,
};

// Stricter than the truth of `if`: a container passes even when it is empty.
bool holds(Value condition) {
  if (condition.is_nil()) return false;
  if (condition.is_array() || condition.is_object() || condition.is_other()) return true;
  return is_truthy(condition);
}

Value assert_condition(Call& call) {
  if (holds(call.argument(0))) return Value::nil();
  return call.raise(call.has(1) ? DisplayText(call.argument(1)).view() : "assertion failed");
}

const BuiltinSpec kAssert{
    .name = "assert",
    .parameters = {{.name = "condition", .given_twice = Precedence::kPositional},
                   {.name = "message", .fallback = "\"assertion failed\"", .given_twice = Precedence::kPositional}},
    .returns = Type::kNil,
    .errors = {"{message}", "assertion failed"},
    .summary =
        "Raises an error with `message` if `condition` is false, nil, 0 or an empty string. Arrays and objects pass "
        "even when "
        "they are empty.",
    .example = R"(assert(1 + 1 == 2)
try
  assert(false, "no luck")
catch (e)
  print(e.message) // no luck
end)",
    .function = assert_condition,
};

// An error value, not a raised error: [message] with [stack] as its stack text.
Value error_value(Call& call, std::string_view message, std::string_view stack) {
  return Value::other(new_error_with_text(call.heap(), call.string(message), stack));
}

Value parse_code(Call& call) {
  const Value text = call.argument(0);
  if (!text.is_string()) return error_value(call, "parse() requires a string", "");
  std::string code(text.string()->view());
  // The name under which the code runs, should it ever; what is wrong with it is told in the parser's name.
  const syntax::ParseResult parsed = syntax::parse(std::make_shared<const syntax::Source>("<dynamic>", code));
  if (!parsed.ok()) {
    const std::string problem = syntax::format(syntax::Source("<parser>", code), parsed.diagnostics.front());
    return error_value(call, problem, problem);
  }
  const Value given = call.argument(1);
  Owned metadata(given.is_object() ? copy_objects(call.instance(), given)
                                   : Value(new_object(call.heap(), call.instance().engine().shapes(), 0)));
  return Value::other(new_code(call.heap(), parsed.program, std::move(code), metadata.take()));
}

const BuiltinSpec kParse{
    .name = "parse",
    .parameters = {{"source", Type::kString}, {"metadata", Type::kObject, "{}"}},
    .returns = Type::kCode | Type::kError,
    .summary =
        "Reads `source` as a program without running it. The result is a code value, which `run` and `spawn` take like "
        "a "
        "script, with the properties `source` and `metadata`; or, if the text is no valid program, an error value that "
        "says why. Never raises an error.",
    .example = R"du(code = parse("print(1)", {author = "me"})
print(type(code), code.metadata) // code {author="me"}
print(parse("1 +").message)      // <parser>:1:4: unexpected token EOF at 1:4)du",
    .function = parse_code,
};

constexpr const BuiltinSpec* kErrors[] = {&kThrow, &kAssert, &kParse};

}  // namespace

Family error_builtins() { return kErrors; }

}  // namespace duso::stdlib
