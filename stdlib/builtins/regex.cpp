// Regular expressions from text. Literals need no builtin, and what a regex is good for is in search.cpp.
#include "interpreter/values/regex.hpp"

#include <memory>
#include <string>
#include <utility>

#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

Value toregex(Call& call) {
  String* pattern = required_string(call, 0, "a string pattern as first argument");
  if (pattern == nullptr) return Value::raise();
  std::string problem;
  auto compiled = compile_regex(pattern->view(), problem);
  if (compiled == nullptr) return call.raise("toregex() invalid pattern: " + problem);
  return Value::other(new_regex(call.heap(), pattern, std::move(compiled)));
}

const BuiltinSpec kToregex{
    .name = "toregex",
    .parameters = {{"pattern", Type::kString}},
    .returns = Type::kRegex,
    .errors = {"toregex() requires a string pattern as first argument", "toregex() invalid pattern: {problem}"},
    .summary =
        "The regex that `pattern` describes, as if it stood between tildes: `toregex(\"a+\")` is `~a+~`. For "
        "patterns that are put together while the script runs. A malformed pattern is an error.",
    .example = R"(word = "fox"
print(contains("The quick fox", toregex("\\b" + word + "\\b"))) // true)",
    .function = toregex,
};

constexpr const BuiltinSpec* kRegexes[] = {&kToregex};

}  // namespace

Family regex_builtins() { return kRegexes; }

}  // namespace duso::stdlib
