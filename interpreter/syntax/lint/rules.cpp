#include "interpreter/syntax/lint/rules.hpp"

#include <array>

namespace duso::syntax {

std::span<const Rule> all_rules() {
  static constexpr std::array kRules = {
      kParse,
      kShadowBuiltin,
      kUnreachable,
      kUndefined,
      kUnusedVariable,
      kUnusedFunction,
      kAssignInCondition,
      kDuplicateKey,
      kUnknownNamedArgument,
      kTooManyArguments,
      kConstantCondition,
      kMissingReturn,
      kSelfAssign,
  };
  return kRules;
}

}  // namespace duso::syntax
