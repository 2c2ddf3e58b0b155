#include "interpreter/execution/lowering.hpp"

#include <algorithm>

#include "interpreter/execution/statements.hpp"

namespace duso::execution {

std::shared_ptr<ProgramCode> lower(Engine& engine, std::shared_ptr<const syntax::Program> tree,
                                   const LoweringOptions& options, std::shared_ptr<GlobalNames> globals, Scope* outer) {
  const bool is_included = globals != nullptr;
  auto program = is_included ? std::make_shared<ProgramCode>(std::move(tree), std::move(globals))
                             : std::make_shared<ProgramCode>(std::move(tree));
  const Resolver resolver(program->tree(), program->scopes(), is_included, outer);
  Lowering(engine, *program, resolver, options).lower_top_level();
  return program;
}

void Lowering::lower_top_level() {
  FunctionCode* code = program_.add_function();
  code->is_top_level = true;
  code->is_included = resolver_.top_level()->kind == ScopeKind::kIncluded;
  const syntax::Block& body = program_.tree().body();
  lower_function_body(*code, resolver_.top_level(), body, body.height);
}

void Lowering::lower_function_body(FunctionCode& code, Scope* scope, const syntax::Block& body, std::size_t height) {
  FunctionState state{&code};
  FunctionState* const outer_function = std::exchange(function_, &state);
  Scope* const outer_scope = std::exchange(scope_, scope);

  // Parameter i is slot i, whatever its name; then come the other variables of the call, then what the body needs on
  // its way.
  code.parameter_count = scope->parameter_count;
  state.used = scope->parameter_count;
  code.slot_count = state.used;
  place_environment(scope);
  place_variables(scope);
  code.environment_slot = scope->environment_slot;
  code.environment_size = scope->environment_size;
  for (std::uint32_t i = 0; i < scope->parameter_count; ++i) {
    const Variable& parameter = *scope->variables[i];
    if (parameter.captured) code.captured_parameters.push_back({i, parameter.slot});
  }

  const bool wants_value = !code.is_top_level || options_.is_module;
  code.body = block(body, wants_value ? Result{Result::Use::kReturn, 0} : kDrop);
  if (scope->environment_slot == kNoSlot && code.slot_count <= kExactSlots) code.exact_count = code.parameter_count;
  code.stack_need = stack_need_of(code, height);

  scope_ = outer_scope;
  function_ = outer_function;
}

std::size_t Lowering::stack_need_of(const FunctionCode& code, std::size_t height) {
  const std::size_t frame = sizeof(Frame) + code.slot_count * sizeof(Value) + code.parameter_count;
  // The call itself takes as much as two levels of expressions.
  return frame + (height + 2) * kStackPerLevel;
}

// --- scopes ---

std::uint32_t Lowering::new_slot() {
  const std::uint32_t slot = function_->used++;
  function_->code->slot_count = std::max(function_->code->slot_count, function_->used);
  return slot;
}

void Lowering::place_environment(Scope* scope) {
  const bool captures = std::ranges::any_of(scope->variables, [](const Variable* v) { return v->captured; });
  scope->has_environment =
      captures || scope->takes_extras || (scope->has_environment && scope->kind == ScopeKind::kFunction);
  if (scope->has_environment) scope->environment_slot = new_slot();
}

void Lowering::place_variables(Scope* scope) {
  for (std::size_t i = 0; i < scope->variables.size(); ++i) {
    Variable& variable = *scope->variables[i];
    if (variable.captured) {
      variable.slot = scope->environment_size++;
    } else {
      variable.slot = i < scope->parameter_count ? static_cast<std::uint32_t>(i) : new_slot();
    }
  }
}

ScopeCode Lowering::begin_scope(Scope* scope) {
  ScopeCode code;
  code.has_parent = has_environment_outside(scope->parent);
  if (code.has_parent) code.parent = path_to(nullptr);
  place_environment(scope);
  code.environment_slot = scope->environment_slot;
  code.first_slot = function_->used;
  place_variables(scope);
  code.slot_count = function_->used - code.first_slot;
  code.environment_size = scope->environment_size;
  scope_ = scope;
  return code;
}

// Slots of a scope that ended serve the next one.
void Lowering::end_scope(const ScopeCode& code) {
  function_->used = code.environment_slot != kNoSlot ? code.environment_slot : code.first_slot;
  scope_ = scope_->parent;
}

ScopeVariable Lowering::scope_variable(const Scope* scope, std::string_view name) const {
  const Variable* variable = scope->find(name);
  return {variable->captured, variable->slot};
}

}  // namespace duso::execution
