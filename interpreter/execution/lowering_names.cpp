// Lowering of names: from a list of candidates to a chain of nodes.
#include "interpreter/execution/lowering.hpp"

namespace duso::execution {

// The way from the running code to the environment of [target]; to the innermost one when [target] is null.
EnvironmentPath Lowering::path_to(const Scope* target) const {
  EnvironmentPath path;
  const Scope* scope = scope_;
  const Scope* const own_function = scope_->function;
  // Inside the running function, environments are found in its frame.
  bool started = false;
  for (; scope != nullptr; scope = scope->parent) {
    if (!scope->has_environment) continue;
    if (!started) {
      started = true;
      if (scope->function == own_function) path.frame_slot = scope->environment_slot;
    } else {
      ++path.hops;
    }
    if (target == nullptr || scope == target) return path;
  }
  return path;
}

bool Lowering::has_environment_outside(const Scope* scope) const {
  for (; scope != nullptr; scope = scope->parent) {
    if (scope->has_environment) return true;
  }
  return false;
}

const GlobalRead* Lowering::global_read(const syntax::Name& node, bool with_builtins, const NameRead* dynamic) {
  String* name = intern(node.identifier);
  const Value builtin = with_builtins && options_.with_builtins ? engine_.find_builtin(name) : Value::unset();
  return arena_.make<GlobalRead>(program_.globals().slot_of(name), name, builtin, node.position, dynamic);
}

const NameRead* Lowering::captured_read(EnvironmentPath path, std::uint32_t slot, const NameRead* next,
                                        const NameRead* dynamic) {
  if (path.is_nearest()) return arena_.make<CapturedRead<true>>(path, slot, next, dynamic);
  return arena_.make<CapturedRead<false>>(path, slot, next, dynamic);
}

const NameRead* Lowering::name_read(const syntax::Name& node, bool with_builtins) {
  const Resolution& resolution = resolver_.resolution(node);
  String* name = intern(node.identifier);
  const GlobalRead* plain_global = global_read(node, with_builtins, nullptr);
  const NameRead* chain = plain_global;
  const NameRead* captured = nullptr;
  EnvironmentPath captured_path;
  std::uint32_t captured_slot = 0;
  const NameRead* captured_next = nullptr;
  for (std::size_t i = resolution.candidates.size(); i-- > 0;) {
    const Candidate& candidate = resolution.candidates[i];
    const bool own = candidate.is_level_of(scope_->function);
    if (candidate.variable == nullptr) {
      if (own && chain == plain_global) {
        const NameRead* dynamic = arena_.make<LevelRead>(true, EnvironmentPath{}, name, plain_global);
        chain = global_read(node, with_builtins, dynamic);
      } else if (own && captured != nullptr && chain == captured) {
        // A captured variable right behind the call's own level: one node for both.
        const NameRead* dynamic = arena_.make<LevelRead>(true, EnvironmentPath{}, name, captured);
        chain = captured_read(captured_path, captured_slot, captured_next, dynamic);
      } else {
        chain = arena_.make<LevelRead>(own, own ? EnvironmentPath{} : path_to(candidate.level), name, chain);
      }
    } else if (candidate.variable->captured) {
      captured_path = path_to(candidate.level);
      captured_slot = candidate.variable->slot;
      captured_next = chain;
      chain = captured = captured_read(captured_path, captured_slot, captured_next, nullptr);
    } else if (candidate.definite) {
      chain = arena_.make<LocalRead>(candidate.variable->slot);
    } else {
      chain = arena_.make<LocalOrNext>(candidate.variable->slot, chain);
    }
  }
  return node.identifier == "self" ? self_read(node, chain) : chain;
}

const NameRead* Lowering::self_read(const syntax::Name& node, const NameRead* otherwise) {
  std::vector<EnvironmentPath> levels;
  for (const Scope* level : resolver_.self_levels(node)) levels.push_back(path_to(level));
  return arena_.make<SelfRead>(copy(levels), otherwise);
}

// The frame slot of a name that certainly is a local of the running call.
std::optional<std::uint32_t> Lowering::local_slot(const syntax::Name& node) const {
  const Resolution& resolution = resolver_.resolution(node);
  if (node.identifier == "self" || resolution.candidates.size() != 1 || !resolution.ends_definite())
    return std::nullopt;
  const Variable& variable = *resolution.candidates.front().variable;
  if (variable.captured) return std::nullopt;
  return variable.slot;
}

Lowered Lowering::name(const syntax::Name& node) {
  Lowered lowered;
  lowered.node = name_read(node, true);
  lowered.is_simple = true;
  if (const std::optional<std::uint32_t> slot = local_slot(node)) {
    lowered.kind = Lowered::Kind::kLocal;
    lowered.slot = *slot;
  } else if (dynamic_cast<const CapturedRead<true>*>(lowered.node) != nullptr) {
    lowered.kind = Lowered::Kind::kCaptured;
  } else if (dynamic_cast<const GlobalRead*>(lowered.node) != nullptr) {
    lowered.kind = Lowered::Kind::kGlobal;
  }
  return lowered;
}

const NameTarget* Lowering::name_target(const syntax::Name& node) {
  const Resolution& resolution = resolver_.resolution(node);
  String* name = intern(node.identifier);
  const NameTarget* chain = nullptr;
  if (!resolution.ends_definite()) chain = arena_.make<GlobalTarget>(program_.globals().slot_of(name), name);
  for (std::size_t i = resolution.candidates.size(); i-- > 0;) {
    const Candidate& candidate = resolution.candidates[i];
    const bool own = candidate.is_level_of(scope_->function);
    if (candidate.variable == nullptr) {
      chain = arena_.make<LevelTarget>(own, own ? EnvironmentPath{} : path_to(candidate.level), name, chain);
    } else if (candidate.variable->captured) {
      chain = arena_.make<CapturedTarget>(path_to(candidate.level), candidate.variable->slot, name, chain);
    } else {
      chain = arena_.make<LocalTarget>(candidate.variable->slot, chain);
    }
  }
  return chain;
}

// Where `var name` and `function name` put their value: always into the current scope.
const NameTarget* Lowering::declaration_target(std::string_view identifier) {
  String* name = intern(identifier);
  const Scope* scope = scope_;
  if (scope->kind == ScopeKind::kIncluded) {
    // What included code declares belongs to the scope of the call: to a variable it has, or to its extra variables.
    while (scope != nullptr && scope->kind == ScopeKind::kIncluded) scope = scope->parent;
    if (scope == nullptr || (scope->kind != ScopeKind::kRoot && scope->find(identifier) == nullptr)) {
      if (scope != nullptr && scope->takes_extras) return arena_.make<BlockDeclaration>(path_to(scope), name);
      return arena_.make<ExtraDeclaration>(name);
    }
  }
  if (scope->kind == ScopeKind::kRoot) {
    return arena_.make<GlobalTarget>(program_.globals().slot_of(name), name);
  }
  const Variable* variable = scope->find(identifier);
  if (variable->captured) return arena_.make<CapturedTarget>(path_to(scope), variable->slot, name, nullptr);
  return arena_.make<LocalTarget>(variable->slot, nullptr);
}

}  // namespace duso::execution
