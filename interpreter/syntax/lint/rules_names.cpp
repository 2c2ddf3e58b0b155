// Names that are missing, and names that are not needed: shadow-builtin, undefined, unused-variable, unused-function.
#include "interpreter/syntax/lint/rules.hpp"

namespace duso::syntax {

namespace {

void check_shadowing(Examination& examination, const Variable& variable) {
  const auto& builtins = examination.surroundings().builtins;
  const auto builtin = builtins.find(variable.name);
  if (!variable.at_top_level || builtin == builtins.end() || !builtin->second.reports_shadowing) return;
  const Position begin = *variable.at_top_level;
  const Position end = begin == variable.begin ? variable.end : begin;
  examination.report(kShadowBuiltin, begin, end, compose({"'", variable.name, "' shadows a builtin function"}));
}

bool is_entry_point(const Examination& examination, const Variable& variable) {
  const auto& asked = examination.surroundings().is_entry_point;
  return variable.at_top_level && asked && asked(examination.program().source(), variable.name);
}

void check_use(Examination& examination, const Variable& variable) {
  if (variable.is_read) return;
  if (variable.kind == Variable::Kind::kFunction) {
    if (is_entry_point(examination, variable)) return;
    examination.report(kUnusedFunction, variable.begin, variable.end, compose({"unused function: ", variable.name}));
  } else if (variable.kind == Variable::Kind::kAssigned && !variable.passing) {
    examination.report(kUnusedVariable, variable.begin, variable.end, compose({"unused variable: ", variable.name}));
  }
}

}  // namespace

void check_names(Examination& examination) {
  for (const Name* name : examination.names().undefined()) {
    examination.report(kUndefined, name->position, examination.position_at(name->end),
                       compose({"undefined variable: ", name->identifier}));
  }
  for (const Variable& variable : examination.names().variables()) {
    check_use(examination, variable);
    check_shadowing(examination, variable);
  }
}

}  // namespace duso::syntax
