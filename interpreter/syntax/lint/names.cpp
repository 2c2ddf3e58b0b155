#include "interpreter/syntax/lint/names.hpp"

#include <algorithm>
#include <utility>

#include "interpreter/syntax/lint/flow.hpp"
#include "interpreter/syntax/lint/tree_walk.hpp"

namespace duso::syntax {

namespace {

// Collects every name that a program uses for a property: keys of object literals, names behind a point, named
// arguments, which become properties when it is an object that is called.
class PropertyNameCollector final : public TreeWalk {
 public:
  explicit PropertyNameCollector(std::unordered_set<std::string_view>& names) : names_(names) {}

  using TreeWalk::visit;
  void visit(const Expression& e) override {
    if (const auto* object = try_as<ObjectLiteral>(&e)) {
      for (const ObjectEntry& entry : object->entries) names_.insert(entry.name);
    } else if (const auto* property = try_as<Property>(&e)) {
      names_.insert(property->name);
    } else if (const auto* call = try_as<Call>(&e)) {
      for (const Argument& argument : call->arguments) names_.insert(argument.name.value_or(std::string_view()));
    }
    visit_parts(e);
  }

 private:
  std::unordered_set<std::string_view>& names_;
};

// What a definition says about the variable that it defines.
struct Definition {
  std::string_view name;
  Variable::Kind kind = Variable::Kind::kAssigned;
  Position begin = {};
  Position end = {};
  bool passing = false;
  const FunctionDefinition* function = nullptr;  // the value, if it is a function
};

const FunctionDefinition* function_in(const Expression& value) {
  const auto* function = try_as<FunctionExpression>(&value);
  return function != nullptr ? function->function : nullptr;
}

Position end_of_name(Position begin, std::string_view name) {
  return {begin.line, begin.column + static_cast<std::uint32_t>(name.size())};
}

// The file that [call] names if it is an `include("file")`.
std::optional<std::string_view> included_file(const Call& call) {
  const Name* const callee = try_as<Name>(call.callee);
  if (callee == nullptr || callee->identifier != "include" || call.arguments.empty()) return std::nullopt;
  const auto* file = try_as<StringLiteral>(call.arguments.front().value);
  return file != nullptr ? std::optional(file->value) : std::nullopt;
}

}  // namespace

// One of the two walks. Both open the same scopes in the same order; the first one fills them.
class Names::Walk final : public TreeWalk {
 public:
  enum class Task : std::uint8_t { kDefinitions, kUses };

  Walk(Names& names, const Program& program, const LintSurroundings& surroundings, Seen& seen, Task task)
      : names_(names), program_(program), surroundings_(surroundings), seen_(seen), task_(task) {}

  void run() {
    open_scope(&program_.body(), program_.body(), {});
    visit(program_.body());
  }

  using TreeWalk::visit;
  void visit(const Expression& e) override;
  void visit(const Statement& s) override;
  void visit(const Block& block) override;
  void visit(const FunctionDefinition& f) override;

 private:
  // ---- Scopes ----

  void open_scope(const void* owner, const Block& body, std::span<const Definition> given);
  void close_scope() { scope_ = scope_->parent; }
  void hoist(const Block& body, bool passing);
  void hoist(const Statement& s, bool passing);
  Variable* find(std::string_view name) const;
  std::size_t count_regarded(const Block& block) const;

  // ---- Definitions ----

  void define(Scope& scope, const Definition& definition, bool in_top_level_form);
  void assign(const Name& target, const Assignment& s);

  // ---- Uses ----

  void read(const Name& name);
  bool may_be_property(std::string_view name) const { return methods_ > 0 && names_.property_names_.contains(name); }
  bool is_builtin(std::string_view name) const { return surroundings_.builtins.contains(name); }
  void visit_value(const Expression& value, bool is_property);
  void visit_call(const Call& call);
  void visit_loop(const LoopVariable& variable, const Block& body);
  void note_call(const Call& call);
  bool calls_function(const Call& call) const;

  Names& names_;
  const Program& program_;
  const LintSurroundings& surroundings_;
  Seen& seen_;
  const Task task_;

  Scope* scope_ = nullptr;
  int functions_ = 0;                             // how many surround the place
  int methods_ = 0;                               // how many of them may be methods
  int passing_ = 0;                               // how many loops and catches do, in the innermost function
  std::vector<std::string_view> argument_names_;  // what may be visible because an object is being called
};

// ---- Scopes ----

// Begins the scope of [owner], in which [body] runs and the [given] variables exist from the start.
void Names::Walk::open_scope(const void* owner, const Block& body, std::span<const Definition> given) {
  Scope& scope = names_.scopes_[owner];
  scope.parent = std::exchange(scope_, &scope);
  if (task_ == Task::kUses) return;
  for (const Definition& definition : given) define(scope, definition, false);
  hoist(body, passing_ > 0);
}

// Defines in the current scope what `var` and `function` define in [body], which belongs to it.
void Names::Walk::hoist(const Block& body, bool passing) {
  for (const Statement* s : body.statements.first(count_regarded(body))) hoist(*s, passing);
}

void Names::Walk::hoist(const Statement& s, bool passing) {
  switch (s.kind) {
    case StatementKind::kVarDeclaration: {
      const auto& variable = as<VarDeclaration>(s);
      return define(*scope_,
                    {.name = variable.name,
                     .begin = s.position,
                     .end = end_of_name(variable.name_position, variable.name),
                     .passing = passing,
                     .function = function_in(*variable.value)},
                    false);
    }
    case StatementKind::kFunctionDeclaration: {
      const FunctionDefinition& f = *as<FunctionDeclaration>(s).function;
      return define(*scope_,
                    {.name = f.name,
                     .kind = Variable::Kind::kFunction,
                     .begin = s.position,
                     .end = end_of_name(f.name_position, f.name),
                     .passing = passing,
                     .function = &f},
                    true);
    }
    case StatementKind::kIf: {
      const auto& branches = as<If>(s);
      for (const IfClause& clause : branches.clauses) hoist(clause.body, passing);
      if (branches.else_block) hoist(*branches.else_block, passing);
      return;
    }
    case StatementKind::kWhile:
      return hoist(as<While>(s).body, true);
    case StatementKind::kTry:
      return hoist(as<Try>(s).body, passing);
    default:
      return;
  }
}

// The variable that [name] means here, or null.
Variable* Names::Walk::find(std::string_view name) const {
  for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent) {
    const auto found = scope->variables.find(name);
    if (found != scope->variables.end()) return found->second;
  }
  return nullptr;
}

// How many statements of [block] count in this walk.
std::size_t Names::Walk::count_regarded(const Block& block) const {
  const bool all = task_ == Task::kDefinitions && functions_ == 0;
  return all ? block.statements.size() : count_reachable(block);
}

// ---- Definitions ----

// Enters [definition] into [scope]. [in_top_level_form]: as an assignment or a declared function, the two that hide
// a builtin if they stand at the top level.
void Names::Walk::define(Scope& scope, const Definition& definition, bool in_top_level_form) {
  Variable*& variable = scope.variables[definition.name];
  if (variable == nullptr) variable = &names_.variables_.emplace_back(definition.name);
  const bool is_named_by_scope =
      variable->kind != Variable::Kind::kAssigned && variable->kind != Variable::Kind::kFunction;
  const bool is_first = variable->definitions == 0 || definition.begin < variable->begin;
  if (is_first && !is_named_by_scope) {
    variable->kind = definition.kind;
    variable->begin = definition.begin;
    variable->end = definition.end;
    variable->passing = definition.passing;
  }
  ++variable->definitions;
  variable->function = variable->definitions == 1 ? definition.function : nullptr;
  if (in_top_level_form && functions_ == 0) {
    variable->at_top_level = std::min(variable->at_top_level.value_or(definition.begin), definition.begin);
  }
}

// Takes note of the assignment [s] to the name [target]: it changes the variable of that name, or a property of the
// receiver, or makes a variable of the script.
void Names::Walk::assign(const Name& target, const Assignment& s) {
  Scope* scope = scope_;
  while (scope->parent != nullptr && !scope->variables.contains(target.identifier)) scope = scope->parent;
  if (!scope->variables.contains(target.identifier) && may_be_property(target.identifier)) return;
  define(*scope,
         {.name = target.identifier,
          .begin = s.position,
          .end = program_.source().position_at(target.end),
          .passing = passing_ > 0,
          .function = function_in(*s.value)},
         true);
}

// ---- The walk ----

void Names::Walk::visit(const Block& block) {
  for (const Statement* s : block.statements.first(count_regarded(block))) visit(*s);
}

// Defaults belong to the scope around the function.
void Names::Walk::visit(const FunctionDefinition& f) {
  std::vector<Definition> parameters;
  for (const Parameter& parameter : f.parameters) {
    if (parameter.default_value != nullptr) visit(*parameter.default_value);
    parameters.push_back({.name = parameter.name, .kind = Variable::Kind::kParameter, .begin = parameter.position});
  }
  const int passing = std::exchange(passing_, 0);
  ++functions_;
  open_scope(&f, f.body, parameters);
  visit(f.body);
  close_scope();
  --functions_;
  passing_ = passing;
}

void Names::Walk::visit(const Statement& s) {
  switch (s.kind) {
    case StatementKind::kAssignment: {
      const auto& assignment = as<Assignment>(s);
      const Name* const target = try_as<Name>(assignment.target);
      if (target == nullptr) {
        visit(*assignment.target);
      } else if (task_ == Task::kDefinitions) {
        assign(*target, assignment);
      }
      return visit_value(*assignment.value, target == nullptr);
    }
    case StatementKind::kWhile:
      visit(*as<While>(s).condition);
      ++passing_;
      visit(as<While>(s).body);
      --passing_;
      return;
    case StatementKind::kForNumeric: {
      const auto& loop = as<ForNumeric>(s);
      for (const Expression* bound : {loop.first, loop.last, loop.step}) {
        if (bound != nullptr) visit(*bound);
      }
      return visit_loop(loop.variable, loop.body);
    }
    case StatementKind::kForEach:
      visit(*as<ForEach>(s).iterable);
      return visit_loop(as<ForEach>(s).variable, as<ForEach>(s).body);
    case StatementKind::kTry: {
      const auto& attempt = as<Try>(s);
      visit(attempt.body);
      ++passing_;
      open_scope(&attempt.handler, attempt.handler,
                 std::vector<Definition>{{.name = attempt.error_name,
                                          .kind = Variable::Kind::kCatchVariable,
                                          .begin = attempt.error_name_position}});
      visit(attempt.handler);
      close_scope();
      --passing_;
      return;
    }
    default:
      return visit_parts(s);
  }
}

void Names::Walk::visit_loop(const LoopVariable& variable, const Block& body) {
  ++passing_;
  open_scope(&body, body,
             std::vector<Definition>{
                 {.name = variable.name, .kind = Variable::Kind::kLoopVariable, .begin = variable.position}});
  visit(body);
  close_scope();
  --passing_;
}

void Names::Walk::visit(const Expression& e) {
  switch (e.kind) {
    case ExpressionKind::kName:
      if (task_ == Task::kUses) read(as<Name>(e));
      return;
    case ExpressionKind::kObjectLiteral:
      for (const ObjectEntry& entry : as<ObjectLiteral>(e).entries) {
        if (entry.computed_key != nullptr) visit(*entry.computed_key);
        visit_value(*entry.value, true);
      }
      return;
    case ExpressionKind::kCall:
      return visit_call(as<Call>(e));
    default:
      return visit_parts(e);
  }
}

// Visits [value]. If it becomes a property and is a function, that function may be called as a method.
void Names::Walk::visit_value(const Expression& value, bool is_property) {
  const bool is_method = is_property && function_in(value) != nullptr;
  methods_ += is_method ? 1 : 0;
  visit(value);
  methods_ -= is_method ? 1 : 0;
}

// ---- Uses ----

void Names::Walk::read(const Name& name) {
  const std::string_view identifier = name.identifier;
  if (Variable* variable = find(identifier)) {
    variable->is_read = true;
    return;
  }
  const bool is_known = identifier == "self" || may_be_property(identifier) || is_builtin(identifier) ||
                        names_.included_names_.contains(identifier) ||
                        std::ranges::find(argument_names_, identifier) != argument_names_.end();
  if (!is_known) names_.undefined_.push_back(&name);
}

// The named arguments of a call see each other if it turns out that it is an object that is called.
void Names::Walk::visit_call(const Call& call) {
  visit(*call.callee);
  const std::size_t names_before = argument_names_.size();
  if (task_ == Task::kDefinitions) {
    const std::optional<std::string_view> file = included_file(call);
    if (file && surroundings_.included) {
      names_.take_included(surroundings_.included(program_.source(), *file), surroundings_, seen_);
    }
  } else {
    note_call(call);
    if (!calls_function(call)) {
      for (const Argument& argument : call.arguments) {
        if (argument.name) argument_names_.push_back(*argument.name);
      }
    }
  }
  for (const Argument& argument : call.arguments) visit_value(*argument.value, argument.name.has_value());
  argument_names_.resize(names_before);
}

// Whether the callee of [call] is certain to be a function.
bool Names::Walk::calls_function(const Call& call) const {
  const Name* const callee = try_as<Name>(call.callee);
  if (callee == nullptr) return false;
  const Variable* const variable = find(callee->identifier);
  return variable != nullptr ? variable->function != nullptr : is_builtin(callee->identifier);
}

// Remembers [call] if its callee is known, whatever happens at run time.
void Names::Walk::note_call(const Call& call) {
  const Name* const callee = try_as<Name>(call.callee);
  if (callee == nullptr || may_be_property(callee->identifier)) return;
  if (names_.included_names_.contains(callee->identifier) || !calls_function(call)) return;
  const Variable* const variable = find(callee->identifier);
  names_.known_calls_.push_back({&call, callee->identifier, variable != nullptr ? variable->function : nullptr});
}

// ---- The whole ----

Names::Names(const Program& program, const LintSurroundings& surroundings) {
  Seen seen{program.source().name()};
  analyze(program, surroundings, seen);
}

void Names::analyze(const Program& program, const LintSurroundings& surroundings, Seen& seen) {
  PropertyNameCollector(property_names_).visit(program.body());
  Walk(*this, program, surroundings, seen, Walk::Task::kDefinitions).run();
  Walk(*this, program, surroundings, seen, Walk::Task::kUses).run();
  for (const auto& [name, variable] : scopes_[&program.body()].variables) {
    if (names_included_files_read_.contains(name)) variable->is_read = true;
  }
}

// Takes over what the included [program] defines and reads, unless that was done.
void Names::take_included(const std::shared_ptr<const Program>& program, const LintSurroundings& surroundings,
                          Seen& seen) {
  if (program == nullptr || !seen.insert(program->source().name()).second) return;
  Names names;
  names.analyze(*program, surroundings, seen);
  for (const auto& [name, variable] : names.scopes_[&program->body()].variables) {
    included_names_.insert(name);
    if (variable->is_read) names_included_files_read_.insert(name);
  }
  for (const Name* name : names.undefined_) names_included_files_read_.insert(name->identifier);
  included_names_.insert(names.included_names_.begin(), names.included_names_.end());
  names_included_files_read_.insert(names.names_included_files_read_.begin(), names.names_included_files_read_.end());
  included_.insert(included_.end(), names.included_.begin(), names.included_.end());
  included_.push_back(program);
}

}  // namespace duso::syntax
