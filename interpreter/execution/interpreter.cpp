#include "interpreter/execution/interpreter.hpp"

#include <utility>

#include "interpreter/execution/operations.hpp"

namespace duso::execution {

namespace {

// Runs [body] on the instance's script stack and gives back its value.
template <class Body>
Value on_script_stack(Instance& instance, const Body& body) {
  struct Step {
    const Body* body;
    Value result;
  } step{&body, Value::nil()};
  instance.run_on_stack(
      [](void* raw) {
        auto* inner = static_cast<Step*>(raw);
        inner->result = (*inner->body)();
      },
      &step);
  return step.result;
}

// The root of a main program lives as long as its instance and is never part of garbage: the collector leaves it alone.
Root* new_pinned_root(Instance& instance, ProgramCode& code) {
  Root* root = new_root(instance.heap(), &code.globals(), code.globals().size());
  root->flags &= static_cast<std::uint8_t>(~memory::kCyclic);
  return root;
}

Outcome outcome_of(Instance& instance, Value result) {
  release(result);
  Outcome outcome;
  if (!result.is_raise()) return outcome;
  const Pending& pending = instance.pending();
  outcome.kind = pending.kind;
  if (pending.kind == PendingKind::kError) {
    outcome.source = pending.source;
    outcome.position = pending.position;
    outcome.error = instance.pending_text();
  } else if (pending.kind == PendingKind::kShutdown && pending.payload.is_number()) {
    outcome.exit_code = pending.payload.number();
  }
  instance.discard_pending();
  return outcome;
}

// The scope of a call of `include` under another name. Of a function, nothing is known but its extra locals.
Scope* unknown_scope(const Frame& caller) {
  return caller.code->is_top_level && !caller.code->is_included ? caller.code->program->scopes().root() : nullptr;
}

}  // namespace

Outcome run_program(Instance& instance, std::shared_ptr<const syntax::Program> tree) {
  std::shared_ptr<ProgramCode> code = lower(instance.engine(), std::move(tree), {});
  instance.keep(code);
  Root* root = new_pinned_root(instance, *code);
  const Value result = on_script_stack(instance, [&] { return run_top_level(instance, code->top_level(), root); });
  Outcome outcome = outcome_of(instance, result);
  memory::release(root);
  return outcome;
}

Value evaluate_config(Instance& instance, std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  const bool has_braces = start != std::string_view::npos && text[start] == '{';
  std::string literal = has_braces ? std::string(text) : "{" + std::string(text) + "}";
  auto source = std::make_shared<const syntax::Source>("-config", std::move(literal));
  syntax::ParseResult parsed = syntax::parse_expression(std::move(source));
  if (!parsed.ok()) return Value::unset();
  std::shared_ptr<ProgramCode> code =
      lower(instance.engine(), std::move(parsed.program), {.is_module = true, .with_builtins = false});
  instance.keep(code);
  Root* root = new_root(instance.heap(), &code->globals(), code->globals().size());
  const Value result = run_top_level(instance, code->top_level(), root);
  memory::release(root);
  if (result.is_object()) return result;
  if (result.is_raise()) instance.discard_pending();
  release(result);
  return Value::unset();
}

Value run_included(Frame& caller, const IncludeSite* site, std::shared_ptr<const syntax::Program> tree) {
  Instance& instance = *caller.instance;
  std::shared_ptr<ProgramCode> code = lower(instance.engine(), std::move(tree), {.is_module = true},
                                            caller.code->program->shared_globals(),
                                            site != nullptr ? site->scope : unknown_scope(caller));
  instance.keep(code);
  ensure_root_size(instance.heap(), caller.root, code->globals().size());
  Environment* environment = site != nullptr && site->has_environment ? site->environment.find(caller) : nullptr;
  return run_top_level(instance, code->top_level(), caller.root, environment, &caller);
}

std::shared_ptr<ProgramCode> lower_template(Instance& instance, std::shared_ptr<const syntax::Program> tree) {
  return lower(instance.engine(), std::move(tree), {.is_module = true});
}

Value run_template(Instance& instance, ProgramCode& code, std::span<const Binding> bindings) {
  Root* root = new_root(instance.heap(), &code.globals(), code.globals().size());
  Owned guard(Value::other(root));
  for (const Binding& binding : bindings) {
    const std::uint32_t slot = code.globals().slot_of(instance.engine().names().intern(binding.name));
    ensure_root_size(instance.heap(), root, code.globals().size());
    replace(root->slots[slot], retain(binding.value));
  }
  return run_top_level(instance, code.top_level(), root);
}

}  // namespace duso::execution
