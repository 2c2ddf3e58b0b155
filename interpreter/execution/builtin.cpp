#include "interpreter/execution/builtin.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace duso::execution {

namespace {

// In the order in which they are listed.
constexpr std::array<std::pair<Type, std::string_view>, 11> kTypes = {{
    {Type::kNumber, "number"},
    {Type::kString, "string"},
    {Type::kBoolean, "boolean"},
    {Type::kArray, "array"},
    {Type::kObject, "object"},
    {Type::kFunction, "function"},
    {Type::kCode, "code"},
    {Type::kError, "error"},
    {Type::kBinary, "binary"},
    {Type::kRegex, "regex"},
    {Type::kNil, "nil"},
}};

}  // namespace

Type type_of(Value value) {
  const auto* found =
      std::ranges::find(kTypes, std::string_view(type_name(value)), [](const auto& type) { return type.second; });
  return found != kTypes.end() ? found->first : Type::kNone;
}

std::string type_phrase(Type set) {
  if (set == Type::kAny) return "any value";
  std::vector<std::string_view> names;
  for (const auto& [type, name] : kTypes) {
    if (includes(set, type)) names.push_back(name);
  }
  std::string phrase;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) phrase += i + 1 == names.size() ? " or " : ", ";
    phrase += names[i];
  }
  return phrase;
}

std::size_t BuiltinSpec::least_arguments() const {
  const auto required = std::ranges::count(parameters, nullptr, &Parameter::fallback);
  return static_cast<std::size_t>(required) + (rest ? rest->least : 0);
}

std::optional<std::size_t> BuiltinSpec::most_arguments() const {
  return rest ? std::nullopt : std::optional(parameters.size());
}

const Parameter* BuiltinSpec::parameter_called(std::string_view wanted) const {
  for (const Parameter& parameter : parameters) {
    if (!parameter.positional_only && parameter.name == wanted) return &parameter;
  }
  return nullptr;
}

}  // namespace duso::execution
