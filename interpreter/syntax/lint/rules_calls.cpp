// Calls that do not fit the function they call: unknown-named-argument, too-many-arguments.
//
// Neither is an error of the language. A surplus argument is not even evaluated, and an unknown named one becomes a
// local variable of the call: that is why nobody notices the mistake.
#include <algorithm>

#include "interpreter/syntax/lint/rules.hpp"
#include "interpreter/syntax/spelling.hpp"

namespace duso::syntax {

namespace {

Signature signature_of(const FunctionDefinition& function) {
  Signature signature;
  for (const Parameter& parameter : function.parameters) signature.parameters.push_back(parameter.name);
  return signature;
}

// "no arguments", "1 argument", "2 arguments"
std::string count_text(std::size_t count) {
  if (count == 0) return "no arguments";
  return std::to_string(count) + (count == 1 ? " argument" : " arguments");
}

std::string unknown_argument_text(std::string_view function, std::string_view name, const Signature& signature) {
  const std::string_view meant = most_similar(name, signature.parameters);
  std::string text = compose({"unknown named argument: ", function, " has no parameter '", name, "'"});
  if (!meant.empty()) text += compose({", did you mean '", meant, "'?"});
  return text;
}

void check_call(Examination& examination, const KnownCall& known, const Signature& signature) {
  std::size_t positional = 0;
  const Argument* surplus = nullptr;  // the first that is too much
  const Expression* last = nullptr;
  for (const Argument& argument : known.call->arguments) {
    if (!argument.name) {
      last = argument.value;
      if (++positional > signature.parameters.size() && surplus == nullptr) surplus = &argument;
    } else if (!signature.takes_other_names &&
               std::ranges::find(signature.parameters, *argument.name) == signature.parameters.end()) {
      examination.report(kUnknownNamedArgument, argument.position, examination.position_at(argument.value->end),
                         unknown_argument_text(known.name, *argument.name, signature));
    }
  }
  if (surplus == nullptr || signature.takes_more) return;
  examination.report(kTooManyArguments, surplus->position, examination.position_at(last->end),
                     compose({"too many arguments: ", known.name, " takes ", count_text(signature.parameters.size()),
                              ", not ", std::to_string(positional)}));
}

}  // namespace

void check_calls(Examination& examination) {
  const auto& builtins = examination.surroundings().builtins;
  for (const KnownCall& known : examination.names().known_calls()) {
    if (known.function != nullptr) {
      check_call(examination, known, signature_of(*known.function));
      continue;
    }
    const auto builtin = builtins.find(known.name);
    if (builtin == builtins.end()) continue;
    const std::optional<Signature>& signature = builtin->second.signature;
    if (signature) check_call(examination, known, *signature);
  }
}

}  // namespace duso::syntax
