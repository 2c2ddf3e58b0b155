// The resolver: which variable a name means.
//
// The language decides much of that at run time: a variable exists only once its `var` ran, a bare name may be a
// property of the receiver, a named argument may bring in a local (language.md 8, 10, 17). So a name does not resolve
// to one variable but to a list of candidates, innermost first. What makes that cheap is what can be proved:
//
//   - *definite assignment*: a variable that is certainly set where the name stands ends the list. Parameters always
//   are; a
//     local is from its `var` on, as far as every way through the code leads over it;
//   - scopes are few: a call, a `for`, a catch block, the arguments of some calls. Blocks of `if`, `while` and `try`
//   share the
//     scope around them;
//   - a variable lives in its call's frame unless a function inside refers to it; only then it moves to an environment.
//
// The walk follows the order of execution. It keeps the set of certainly assigned variables as a flag in each variable
// and a trail of what was set since a branch began, so joining branches costs what they assigned.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "interpreter/execution/code.hpp"
#include "interpreter/syntax/ast.hpp"

namespace duso::execution {

struct Scope;

struct Variable {
  std::string_view name;
  Scope* scope = nullptr;
  bool is_parameter = false;
  bool captured = false;   // a function inside refers to it: it lives in the scope's environment
  bool definite = false;   // while resolving: certainly assigned at this point
  std::uint32_t slot = 0;  // set by lowering: in the frame, or in the environment
};

enum class ScopeKind : std::uint8_t {
  kRoot,  // globals: found by name at run time, no variables here
  kFunction,
  kDefault,  // the default value of a parameter: a function without parameters and receiver
  kLoop,
  kCatch,
  kArguments,  // constructor arguments that see each other
  kIncluded,   // the top level of included code: what it declares belongs to the scope of the call
};

struct Scope {
  ScopeKind kind;
  Scope* parent;
  Scope* function;  // the nearest kFunction, kDefault, kIncluded or kRoot scope: whose frame the code runs in
  const syntax::FunctionDefinition* definition = nullptr;
  std::vector<Variable*> variables;
  std::uint32_t parameter_count = 0;

  bool has_environment = false;  // something inside refers to its variables, receiver or extra locals
  bool needs_outer = false;      // of a function: it refers to an environment further out
  bool takes_extras = false;     // of a loop or catch block: code included into it may declare variables there
  Scope* owner = nullptr;        // of kDefault: the function whose parameter it is

  // Set by lowering.
  std::uint32_t environment_slot = kNoSlot;
  std::uint32_t environment_size = 0;

  // The variable called [name] (the last, if parameters share a name), or null.
  Variable* find(std::string_view name) const {
    if (variables.size() > kScanned) {
      const auto found = by_name.find(name);
      return found != by_name.end() ? found->second : nullptr;
    }
    for (std::size_t i = variables.size(); i-- > 0;) {
      if (variables[i]->name == name) return variables[i];
    }
    return nullptr;
  }

  // Scopes with more variables than this are searched by name.
  static constexpr std::size_t kScanned = 16;
  std::unordered_map<std::string_view, Variable*> by_name;  // all variables, once there are more than kScanned
};

struct Candidate {
  Variable* variable = nullptr;  // null: the extra variables and, of a call, the receiver of [level]
  Scope* level = nullptr;
  bool definite = false;  // certainly set: the last candidate

  // Whether this is what a call that runs the code of [function] has besides its variables.
  bool is_level_of(const Scope* function) const { return variable == nullptr && level == function; }
};

// Where a name is looked for, innermost first. After the last candidate comes the global, unless that one is definite.
struct Resolution {
  std::vector<Candidate> candidates;
  bool ends_definite() const { return !candidates.empty() && candidates.back().definite; }
};

// The scopes of a program. Kept as long as code may still be included into one of them.
class ScopeTree {
 public:
  Scope* add_scope(ScopeKind kind, Scope* parent);
  Variable* add_variable(Scope* scope, std::string_view name);
  // The scope that was added first: the top level of the program.
  Scope* root() { return &scopes_.front(); }

 private:
  std::deque<Scope> scopes_;
  std::deque<Variable> variables_;
};

class Resolver {
 public:
  // Resolves all of [program] at once. With [is_included] it runs inside [outer], or, when that is null, in a scope
  // that nothing is known of.
  Resolver(const syntax::Program& program, ScopeTree& tree, bool is_included, Scope* outer);

  Scope* top_level() const { return top_level_; }
  const Resolution& resolution(const syntax::Name& name) const { return resolutions_.at(&name); }
  // For `self`: the function levels around the name, innermost first, without the running call itself.
  const std::vector<Scope*>& self_levels(const syntax::Name& name) const { return self_levels_.at(&name); }

  // The scope of a function body, loop, catch block, default value or call with an argument scope; null when a call has
  // none.
  Scope* scope_of(const void* node) const {
    const auto found = scopes_.find(node);
    return found != scopes_.end() ? found->second : nullptr;
  }
  // The scope that `include(...)` at [call] works in; null for other calls.
  Scope* include_scope_of(const syntax::Call& call) const {
    const auto found = include_scopes_.find(&call);
    return found != include_scopes_.end() ? found->second : nullptr;
  }
  // Whether a catch block ever mentions its error variable.
  bool mentions_error(const syntax::Try& node) const { return mentioned_.contains(&node); }

 private:
  using Trail = std::vector<Variable*>;

  void resolve_block(const syntax::Block& block);
  void resolve_statement(const syntax::Statement& statement);
  void resolve_if(const syntax::If& node);
  void resolve_try(const syntax::Try& node);
  void resolve_expression(const syntax::Expression& expression);
  void resolve_call(const syntax::Call& call);
  void resolve_function(const syntax::FunctionDefinition& function);
  void resolve_name(const syntax::Name& name);
  void resolve_self(const syntax::Name& name);
  void resolve_target(const syntax::Expression& target);

  void enter_block_scope(ScopeKind kind, const void* node, std::string_view variable, const syntax::Block& block);
  void declare_block(Scope* scope, const syntax::Block& block);
  void declare(Scope* scope, std::string_view name);
  void assign_definitely(std::string_view name);
  void mark_outer_use(Scope* target_function);

  std::size_t mark() const { return trail_.size(); }
  Trail undo(std::size_t mark);

  ScopeTree& tree_;
  Scope* top_level_;
  Scope* current_;
  bool has_includes_;  // the text has the word `include` in it
  Trail trail_;
  std::unordered_map<const syntax::Name*, Resolution> resolutions_;
  std::unordered_map<const syntax::Name*, std::vector<Scope*>> self_levels_;
  std::unordered_map<const void*, Scope*> scopes_;
  std::unordered_map<const syntax::Call*, Scope*> include_scopes_;
  std::unordered_map<const Scope*, const syntax::Try*> catch_of_;
  std::unordered_set<const syntax::Try*> mentioned_;
};

}  // namespace duso::execution
