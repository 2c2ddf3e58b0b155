#include "interpreter/execution/interpreter.hpp"

#include <exception>
#include <utility>

#include "interpreter/execution/operations.hpp"

namespace duso::execution {

namespace {

// The resolver and lowering recurse over the tree. Per level of its height they take at most this much native stack.
// Measured are 770 bytes (a call); unoptimised and sanitized code needs several times as much.
#if defined(NDEBUG) && DUSO_ADDRESS_SANITIZER == 0 && DUSO_THREAD_SANITIZER == 0
constexpr std::size_t kLoweringPerLevel = 2 * 1024;
#else
constexpr std::size_t kLoweringPerLevel = 16 * 1024;
#endif

// lower(), on the script stack. Null with `stack overflow` pending when the tree is too high for what is left of it.
std::shared_ptr<ProgramCode> lower_on_stack(Instance& instance, std::shared_ptr<const syntax::Program> tree,
                                            const LoweringOptions& options,
                                            std::shared_ptr<GlobalNames> globals = nullptr, Scope* outer = nullptr) {
  std::shared_ptr<ProgramCode> code;
  const std::size_t need = (tree->body().height + 8) * kLoweringPerLevel;
  std::exception_ptr failure;  // exceptions stop at the end of a segment
  const bool had_room = instance.with_stack(need, [&] {
    try {
      code = lower(instance.engine(), std::move(tree), options, std::move(globals), outer);
    } catch (...) {
      failure = std::current_exception();
    }
  });
  if (failure != nullptr) std::rethrow_exception(failure);
  if (!had_room) instance.raise_stack_overflow();
  return code;
}

// The root of a main program lives as long as its instance and is never part of garbage: the collector leaves it alone.
Root* new_pinned_root(Instance& instance, ProgramCode& code) {
  Root* root = new_root(instance.heap(), &code.globals(), code.globals().size());
  root->flags &= static_cast<std::uint8_t>(~memory::kCyclic);
  return root;
}

// The scope of a call of `include` under another name. Of a function, nothing is known but its extra locals.
Scope* unknown_scope(const Frame& caller) {
  return caller.code->is_top_level && !caller.code->is_included ? caller.code->program->scopes().root() : nullptr;
}

}  // namespace

Outcome take_outcome(Instance& instance, Value result) {
  release(result);
  Outcome outcome;
  if (!result.is_raise()) return outcome;
  const Pending& pending = instance.pending();
  outcome.kind = pending.kind;
  if (pending.kind == PendingKind::kError) {
    outcome.source = pending.source;
    outcome.position = pending.position;
    try {
      outcome.error = instance.pending_text();
      // An error from elsewhere has its place and its stack nowhere but in its text.
      outcome.message = pending.fixed_text.empty() ? message_text(pending.payload) : pending.fixed_text;
      for (const TraceEntry& entry : pending.trace) {
        outcome.stack.push_back({std::string(function_name(entry)), entry.source->name(), entry.call_site});
      }
    } catch (const std::exception&) {
      outcome.error = outcome.message = "out of memory";  // not even for the text of the error
    }
  } else if (pending.kind == PendingKind::kShutdown && pending.payload.is_number()) {
    outcome.exit_code = pending.payload.number();
  } else if (pending.kind == PendingKind::kPanic) {
    outcome.error = pending.fixed_text;
  }
  instance.discard_pending();
  return outcome;
}

std::shared_ptr<ProgramCode> lower_program(Instance& instance, std::shared_ptr<const syntax::Program> tree,
                                           bool keeps_value) {
  return lower_on_stack(instance, std::move(tree), {.is_module = keeps_value});
}

Value run_main(Instance& instance, std::shared_ptr<ProgramCode> code) {
  Root* root = nullptr;
  try {
    root = new_pinned_root(instance, *code);
    instance.keep_variables(root);
  } catch (...) {
    return instance.raise_exception();
  }
  const FunctionCode& top_level = code->top_level();
  instance.keep(std::move(code));
  return run_top_level(instance, top_level, root);
}

Outcome run_program(Instance& instance, std::shared_ptr<const syntax::Program> tree) {
  Value result = Value::raise();
  instance.run_on_stack([&] {
    std::shared_ptr<ProgramCode> code = lower_program(instance, std::move(tree));
    if (code != nullptr) result = run_main(instance, std::move(code));
  });
  return take_outcome(instance, result);
}

Value evaluate_config(Instance& instance, std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  const bool has_braces = start != std::string_view::npos && text[start] == '{';
  std::string literal = has_braces ? std::string(text) : "{" + std::string(text) + "}";
  auto source = std::make_shared<const syntax::Source>("-config", std::move(literal));
  syntax::ParseResult parsed = syntax::parse_expression(std::move(source));
  if (!parsed.ok()) return Value::unset();
  const std::shared_ptr<ProgramCode> code =
      lower_on_stack(instance, std::move(parsed.program), {.is_module = true, .with_builtins = false});
  Value result = Value::raise();
  if (code != nullptr) {
    // Only a function can still need the code afterwards.
    if (code->has_functions()) instance.keep(code);
    const Owned root(Value::other(new_root(instance.heap(), &code->globals(), code->globals().size())));
    result = run_top_level(instance, code->top_level(), static_cast<Root*>(root.get().heap_object()));
  }
  if (result.is_object()) return result;
  if (result.is_raise()) instance.discard_pending();
  release(result);
  return Value::unset();
}

Value run_included(Frame& caller, const IncludeSite* site, std::shared_ptr<const syntax::Program> tree) {
  Instance& instance = *caller.instance;
  ProgramCode& program = *caller.code->program;
  Scope* const scope = site != nullptr ? site->scope : unknown_scope(caller);
  std::shared_ptr<ProgramCode> code = program.find_included(*tree, scope);
  if (code == nullptr) {
    code = lower_on_stack(instance, std::move(tree), {.is_module = true}, program.shared_globals(), scope);
    if (code == nullptr) return Value::raise();
    program.remember_included(scope, code);
  }
  instance.keep(code);
  ensure_root_size(instance.heap(), caller.root, code->globals().size());
  Environment* environment = site != nullptr && site->has_environment ? site->environment.find(caller) : nullptr;
  return run_top_level(instance, code->top_level(), caller.root, environment, &caller);
}

std::shared_ptr<ProgramCode> lower_module(Instance& instance, std::shared_ptr<const syntax::Program> tree) {
  return lower_on_stack(instance, std::move(tree), {.is_module = true});
}

Value run_module(Frame& caller, const std::shared_ptr<ProgramCode>& code) {
  Instance& instance = *caller.instance;
  instance.keep(code);
  Root* root = new_root(instance.heap(), &code->globals(), code->globals().size());
  const Owned guard(Value::other(root));
  root->branch = instance.branch();
  return run_top_level(instance, code->top_level(), root, nullptr, &caller);
}

std::shared_ptr<ProgramCode> lower_template(Instance& instance, std::shared_ptr<const syntax::Program> tree) {
  return lower_on_stack(instance, std::move(tree), {.is_module = true});
}

Value run_template(Frame& caller, ProgramCode& code, std::span<const Binding> bindings) {
  Instance& instance = *caller.instance;
  Root* root = new_root(instance.heap(), &code.globals(), code.globals().size());
  Owned guard(Value::other(root));
  for (const Binding& binding : bindings) {
    const std::uint32_t slot = code.globals().slot_of(instance.engine().names().intern(binding.name));
    ensure_root_size(instance.heap(), root, code.globals().size());
    replace(root->slots[slot], retain(binding.value));
  }
  return run_top_level(instance, code.top_level(), root, nullptr, &caller);
}

}  // namespace duso::execution
