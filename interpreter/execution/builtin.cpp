#include "interpreter/execution/builtin.hpp"

#include <algorithm>
#include <array>

namespace duso::execution {

namespace {

struct TypeWords {
  Type type;
  std::string_view name;    // as type() gives it
  std::string_view phrase;  // one such value
};

// In the order in which they are listed.
constexpr std::array<TypeWords, 11> kTypes = {{
    {Type::kNumber, "number", "a number"},
    {Type::kString, "string", "a string"},
    {Type::kBoolean, "boolean", "a boolean"},
    {Type::kArray, "array", "an array"},
    {Type::kObject, "object", "an object"},
    {Type::kFunction, "function", "a function"},
    {Type::kCode, "code", "code"},
    {Type::kError, "error", "an error"},
    {Type::kBinary, "binary", "a binary"},
    {Type::kRegex, "regex", "a regex"},
    {Type::kNil, "nil", "nil"},
}};

}  // namespace

Type type_of(Value value) {
  const auto* found = std::ranges::find(kTypes, std::string_view(type_name(value)), &TypeWords::name);
  return found != kTypes.end() ? found->type : Type::kNone;
}

std::string type_phrase(Type set) {
  if (set == Type::kAny) return "any value";
  std::vector<std::string_view> phrases;
  for (const TypeWords& words : kTypes) {
    if (includes(set, words.type)) phrases.push_back(words.phrase);
  }
  std::string joined;
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    if (i > 0) joined += i + 1 == phrases.size() ? " or " : ", ";
    joined += phrases[i];
  }
  return joined;
}

bool Parameter::keeps(Value positional) const {
  if (positional.is_unset() || given_twice == Precedence::kNamed) return false;
  return given_twice == Precedence::kPositional || includes(type, type_of(positional));
}

std::size_t BuiltinSpec::least_arguments() const {
  const auto required = std::ranges::count(parameters, nullptr, &Parameter::fallback);
  return static_cast<std::size_t>(required) + (rest ? rest->least : 0);
}

std::optional<std::size_t> BuiltinSpec::most_arguments() const {
  return rest ? std::nullopt : std::optional(parameters.size());
}

std::size_t BuiltinSpec::parameter_index(std::string_view wanted) const {
  const auto found = std::ranges::find_if(
      parameters, [&](const Parameter& parameter) { return !parameter.positional_only && parameter.name == wanted; });
  return static_cast<std::size_t>(found - parameters.begin());
}

}  // namespace duso::execution
