#include "interpreter/execution/resolver.hpp"

#include <algorithm>
#include <utility>

#include "interpreter/execution/mention_finder.hpp"

namespace duso::execution {

namespace {

bool needs_argument_scope(const syntax::Call& call) {
  if (!call.has_named) return false;
  std::vector<std::string_view> names;
  for (const syntax::Argument& argument : call.arguments) {
    if (argument.name.has_value()) names.push_back(*argument.name);
  }
  const MentionFinder finder(std::move(names));
  return std::ranges::any_of(call.arguments,
                             [&](const syntax::Argument& argument) { return finder.in(*argument.value); });
}

bool is_call_level(const Scope* scope) { return scope->kind == ScopeKind::kFunction; }

}  // namespace

Scope* ScopeTree::add_scope(ScopeKind kind, Scope* parent) {
  Scope* scope = &scopes_.emplace_back();
  scope->kind = kind;
  scope->parent = parent;
  const bool has_frame = kind == ScopeKind::kFunction || kind == ScopeKind::kDefault || kind == ScopeKind::kIncluded ||
                         kind == ScopeKind::kRoot;
  scope->function = has_frame ? scope : parent->function;
  return scope;
}

Variable* ScopeTree::add_variable(Scope* scope, std::string_view name) {
  Variable* variable = &variables_.emplace_back();
  variable->name = name;
  variable->scope = scope;
  scope->variables.push_back(variable);
  if (scope->variables.size() > Scope::kScanned) {
    // With the first one too many come all before it.
    if (scope->by_name.empty()) {
      for (Variable* known : scope->variables) scope->by_name.insert_or_assign(known->name, known);
    }
    scope->by_name.insert_or_assign(name, variable);
  }
  return variable;
}

Resolver::Resolver(const syntax::Program& program, ScopeTree& tree, bool is_included, Scope* outer) : tree_(tree) {
  top_level_ = tree_.add_scope(is_included ? ScopeKind::kIncluded : ScopeKind::kRoot, outer);
  current_ = top_level_;
  has_includes_ = program.source().text().find("include") != std::string_view::npos;
  resolve_block(program.body());
}

// --- declarations ---

void Resolver::declare(Scope* scope, std::string_view name) {
  if (scope->find(name) == nullptr) tree_.add_variable(scope, name);
}

// Begins the scope of a loop or catch block at [node], which declares [variable] and what is declared in [block].
void Resolver::enter_block_scope(ScopeKind kind, const void* node, std::string_view variable,
                                 const syntax::Block& block) {
  current_ = scopes_[node] = tree_.add_scope(kind, current_);
  current_->takes_extras = has_includes_ && MentionFinder({"include"}).in(block);
  declare(current_, variable);
  declare_block(current_, block);
  assign_definitely(variable);
}

// All names that the statements of [block] declare in [scope]: blocks that share the scope included, loops and
// functions not.
void Resolver::declare_block(Scope* scope, const syntax::Block& block) {
  for (const syntax::Statement* statement : block.statements) {
    switch (statement->kind) {
      case syntax::StatementKind::kVarDeclaration:
        declare(scope, syntax::as<syntax::VarDeclaration>(*statement).name);
        break;
      case syntax::StatementKind::kFunctionDeclaration:
        declare(scope, syntax::as<syntax::FunctionDeclaration>(*statement).function->name);
        break;
      case syntax::StatementKind::kIf: {
        const auto& node = syntax::as<syntax::If>(*statement);
        for (const syntax::IfClause& clause : node.clauses) declare_block(scope, clause.body);
        if (node.else_block.has_value()) declare_block(scope, *node.else_block);
        break;
      }
      case syntax::StatementKind::kWhile:
        declare_block(scope, syntax::as<syntax::While>(*statement).body);
        break;
      case syntax::StatementKind::kTry:
        declare_block(scope, syntax::as<syntax::Try>(*statement).body);
        break;
      default:
        break;
    }
  }
}

// --- definite assignment ---

// The variable that `var` (or a loop, or a function definition) sets in the current scope is certainly set from here
// on.
void Resolver::assign_definitely(std::string_view name) {
  Variable* variable = current_->find(name);
  if (variable == nullptr || variable->definite) return;
  variable->definite = true;
  trail_.push_back(variable);
}

// Forgets what was assigned since [mark], and says what it was.
Resolver::Trail Resolver::undo(std::size_t mark) {
  Trail assigned(trail_.begin() + static_cast<std::ptrdiff_t>(mark), trail_.end());
  for (Variable* variable : assigned) variable->definite = false;
  trail_.resize(mark);
  return assigned;
}

// --- statements ---

void Resolver::resolve_block(const syntax::Block& block) {
  for (const syntax::Statement* statement : block.statements) resolve_statement(*statement);
}

void Resolver::resolve_statement(const syntax::Statement& s) {
  using syntax::StatementKind;
  switch (s.kind) {
    case StatementKind::kExpressionStatement:
      return resolve_expression(*syntax::as<syntax::ExpressionStatement>(s).expression);
    case StatementKind::kAssignment: {
      const auto& node = syntax::as<syntax::Assignment>(s);
      resolve_expression(*node.value);
      return resolve_target(*node.target);
    }
    case StatementKind::kCompoundAssignment: {
      const auto& node = syntax::as<syntax::CompoundAssignment>(s);
      resolve_target(*node.target);
      return resolve_expression(*node.value);
    }
    case StatementKind::kPostfixStep:
      return resolve_target(*syntax::as<syntax::PostfixStep>(s).target);
    case StatementKind::kVarDeclaration: {
      const auto& node = syntax::as<syntax::VarDeclaration>(s);
      resolve_expression(*node.value);
      return assign_definitely(node.name);
    }
    case StatementKind::kFunctionDeclaration: {
      const auto& node = syntax::as<syntax::FunctionDeclaration>(s);
      resolve_function(*node.function);
      return assign_definitely(node.function->name);
    }
    case StatementKind::kIf:
      return resolve_if(syntax::as<syntax::If>(s));
    case StatementKind::kWhile: {
      const auto& node = syntax::as<syntax::While>(s);
      resolve_expression(*node.condition);
      const std::size_t before = mark();
      resolve_block(node.body);
      undo(before);
      return;
    }
    case StatementKind::kForNumeric: {
      const auto& node = syntax::as<syntax::ForNumeric>(s);
      resolve_expression(*node.first);
      resolve_expression(*node.last);
      if (node.step != nullptr) resolve_expression(*node.step);
      const std::size_t before = mark();
      enter_block_scope(ScopeKind::kLoop, &node, node.variable.name, node.body);
      resolve_block(node.body);
      current_ = current_->parent;
      undo(before);
      return;
    }
    case StatementKind::kForEach: {
      const auto& node = syntax::as<syntax::ForEach>(s);
      resolve_expression(*node.iterable);
      const std::size_t before = mark();
      enter_block_scope(ScopeKind::kLoop, &node, node.variable.name, node.body);
      resolve_block(node.body);
      current_ = current_->parent;
      undo(before);
      return;
    }
    case StatementKind::kTry:
      return resolve_try(syntax::as<syntax::Try>(s));
    case StatementKind::kReturn: {
      const auto& node = syntax::as<syntax::Return>(s);
      if (node.value != nullptr) resolve_expression(*node.value);
      return;
    }
    case StatementKind::kBreak:
    case StatementKind::kContinue:
    case StatementKind::kErrorStatement:
      return;
  }
}

void Resolver::resolve_if(const syntax::If& node) {
  // What every branch assigns is assigned afterwards; without `else` there is a branch that assigns nothing.
  std::unordered_map<Variable*, std::size_t> assigned_by;
  std::size_t branches = 0;
  const auto branch = [&](const syntax::Block& block) {
    const std::size_t before = mark();
    resolve_block(block);
    for (Variable* variable : undo(before)) ++assigned_by[variable];
    ++branches;
  };
  for (const syntax::IfClause& clause : node.clauses) {
    resolve_expression(*clause.condition);
    branch(clause.body);
  }
  if (!node.else_block.has_value()) return;
  branch(*node.else_block);
  for (const auto& [variable, count] : assigned_by) {
    if (count != branches) continue;
    variable->definite = true;
    trail_.push_back(variable);
  }
}

void Resolver::resolve_try(const syntax::Try& node) {
  std::size_t before = mark();
  resolve_block(node.body);
  const Trail by_body = undo(before);

  before = mark();
  enter_block_scope(ScopeKind::kCatch, &node, node.error_name, node.handler);
  catch_of_[current_] = &node;
  resolve_block(node.handler);
  current_ = current_->parent;
  const Trail by_handler = undo(before);

  for (Variable* variable : by_body) {
    if (std::find(by_handler.begin(), by_handler.end(), variable) == by_handler.end()) continue;
    variable->definite = true;
    trail_.push_back(variable);
  }
}

// --- expressions ---

void Resolver::resolve_target(const syntax::Expression& target) {
  // A target that can not be assigned to is never evaluated, but its names cost nothing.
  resolve_expression(target);
}

void Resolver::resolve_expression(const syntax::Expression& e) {
  using syntax::ExpressionKind;
  switch (e.kind) {
    case ExpressionKind::kNumberLiteral:
    case ExpressionKind::kStringLiteral:
    case ExpressionKind::kRegexLiteral:
    case ExpressionKind::kBooleanLiteral:
    case ExpressionKind::kNilLiteral:
    case ExpressionKind::kErrorExpression:
      return;
    case ExpressionKind::kName:
      return resolve_name(syntax::as<syntax::Name>(e));
    case ExpressionKind::kTemplate:
      for (const syntax::TemplatePiece& piece : syntax::as<syntax::Template>(e).pieces) {
        if (piece.expression != nullptr) resolve_expression(*piece.expression);
      }
      return;
    case ExpressionKind::kArrayLiteral:
      for (const syntax::Expression* element : syntax::as<syntax::ArrayLiteral>(e).elements) {
        resolve_expression(*element);
      }
      return;
    case ExpressionKind::kObjectLiteral:
      for (const syntax::ObjectEntry& entry : syntax::as<syntax::ObjectLiteral>(e).entries) {
        if (entry.computed_key != nullptr) resolve_expression(*entry.computed_key);
        resolve_expression(*entry.value);
      }
      return;
    case ExpressionKind::kFunctionExpression:
      return resolve_function(*syntax::as<syntax::FunctionExpression>(e).function);
    case ExpressionKind::kUnary:
      return resolve_expression(*syntax::as<syntax::Unary>(e).operand);
    case ExpressionKind::kBinary: {
      const auto& node = syntax::as<syntax::Binary>(e);
      resolve_expression(*node.left);
      return resolve_expression(*node.right);
    }
    case ExpressionKind::kLogical: {
      const auto& node = syntax::as<syntax::Logical>(e);
      resolve_expression(*node.left);
      return resolve_expression(*node.right);
    }
    case ExpressionKind::kConditional: {
      const auto& node = syntax::as<syntax::Conditional>(e);
      resolve_expression(*node.condition);
      resolve_expression(*node.consequence);
      return resolve_expression(*node.alternative);
    }
    case ExpressionKind::kCall:
      return resolve_call(syntax::as<syntax::Call>(e));
    case ExpressionKind::kIndex: {
      const auto& node = syntax::as<syntax::Index>(e);
      resolve_expression(*node.object);
      return resolve_expression(*node.index);
    }
    case ExpressionKind::kProperty:
      return resolve_expression(*syntax::as<syntax::Property>(e).object);
    case ExpressionKind::kPrefixStep:
      return resolve_target(*syntax::as<syntax::PrefixStep>(e).target);
  }
}

void Resolver::resolve_call(const syntax::Call& call) {
  resolve_expression(*call.callee);
  const bool scoped = needs_argument_scope(call);
  if (scoped) {
    current_ = scopes_[&call] = tree_.add_scope(ScopeKind::kArguments, current_);
    for (const syntax::Argument& argument : call.arguments) {
      if (argument.name.has_value()) declare(current_, *argument.name);
    }
  }
  for (const syntax::Argument& argument : call.arguments) resolve_expression(*argument.value);
  if (scoped) current_ = current_->parent;
  // Included code runs in this scope and must find everything that this call can see.
  const auto* name = syntax::try_as<syntax::Name>(call.callee);
  if (name == nullptr || name->identifier != "include") return;
  include_scopes_[&call] = current_;
  for (Scope* scope = current_; scope != nullptr; scope = scope->parent) {
    if (const auto caught = catch_of_.find(scope); caught != catch_of_.end()) mentioned_.insert(caught->second);
    for (Variable* variable : scope->variables) variable->captured = true;
    if (is_call_level(scope) || !scope->variables.empty()) scope->has_environment = true;
    if (scope != scope->function) continue;
    scope->needs_outer = scope->kind != ScopeKind::kRoot;
    if (scope->owner != nullptr) scope->owner->needs_outer = true;
  }
}

void Resolver::resolve_function(const syntax::FunctionDefinition& function) {
  Scope* const outside = current_;
  Scope* scope = tree_.add_scope(ScopeKind::kFunction, outside);
  scope->definition = &function;
  scopes_[&function] = scope;
  for (const syntax::Parameter& parameter : function.parameters) {
    if (parameter.default_value == nullptr) continue;
    current_ = scopes_[&parameter] = tree_.add_scope(ScopeKind::kDefault, outside);
    current_->owner = scope;
    resolve_expression(*parameter.default_value);
  }
  current_ = scope;
  for (const syntax::Parameter& parameter : function.parameters) {
    Variable* variable = tree_.add_variable(scope, parameter.name);
    variable->is_parameter = true;
    variable->definite = true;
  }
  scope->parameter_count = static_cast<std::uint32_t>(function.parameters.size());
  declare_block(scope, function.body);
  const std::size_t before = mark();
  resolve_block(function.body);
  undo(before);
  current_ = outside;
}

// --- names ---

// Code of the current function refers to an environment that belongs to [target_function]: every function in between
// must pass it on.
void Resolver::mark_outer_use(Scope* target_function) {
  for (Scope* function = current_->function; function != target_function; function = function->parent->function) {
    function->needs_outer = true;
    if (function->owner != nullptr) function->owner->needs_outer = true;
  }
}

void Resolver::resolve_name(const syntax::Name& name) {
  if (name.identifier == "self") resolve_self(name);
  Resolution& resolution = resolutions_[&name];
  for (Scope* scope = current_; scope != nullptr; scope = scope->parent) {
    const bool is_own = scope->function == current_->function;
    if (Variable* variable = scope->find(name.identifier)) {
      if (const auto caught = catch_of_.find(scope); caught != catch_of_.end()) {
        if (caught->second->error_name == name.identifier) mentioned_.insert(caught->second);
      }
      if (!is_own) {
        variable->captured = true;
        scope->has_environment = true;
        mark_outer_use(scope->function);
      }
      resolution.candidates.push_back({variable, scope, variable->definite});
      if (variable->definite) return;
    }
    // Code that came into an unknown scope finds what that call has through its own frame.
    const bool is_unknown = scope->kind == ScopeKind::kIncluded && scope->parent == nullptr && is_own;
    if (!is_call_level(scope) && !is_unknown && !scope->takes_extras) continue;
    if (!is_own || scope->takes_extras) scope->has_environment = true;
    if (!is_own) mark_outer_use(scope->function);
    resolution.candidates.push_back({nullptr, scope, false});
  }
}

void Resolver::resolve_self(const syntax::Name& name) {
  std::vector<Scope*>& levels = self_levels_[&name];
  for (Scope* scope = current_->function; scope != nullptr; scope = scope->parent) {
    if (!is_call_level(scope) || scope == current_->function) continue;
    scope->has_environment = true;
    mark_outer_use(scope);
    levels.push_back(scope);
  }
}

}  // namespace duso::execution
