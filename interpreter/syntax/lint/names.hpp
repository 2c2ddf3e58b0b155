// What every name in a program means, as far as the text tells.
//
// The language looks a name up when it is read: in the scopes around it, in the properties of the object that a method
// was called on, among the builtins; and an assignment to a name that is found nowhere makes a variable of the script.
// So the analysis takes two walks. The first collects definitions, those in functions included, because they may run
// before what stands above them. The second looks up every use.
//
// The properties of a method's receiver are not known. In a function that can be called as a method - one that an
// object is made with, or that is assigned to a property - a name that the file uses as a property somewhere is taken
// for one. A misspelled name is not used as a property anywhere, and is still found.
//
// Statements that cannot be reached do not count as use. What they define at the top level does count.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "interpreter/syntax/ast.hpp"
#include "interpreter/syntax/lint/linter.hpp"

namespace duso::syntax {

struct Variable {
  enum class Kind : std::uint8_t { kAssigned, kFunction, kParameter, kLoopVariable, kCatchVariable };

  std::string_view name;
  Kind kind = Kind::kAssigned;  // of its first definition, as everything about definitions here
  Position begin;               // of the defining statement
  Position end;                 // of the name in it
  bool passing = false;         // first assigned in the body of a loop or a catch
  bool is_read = false;

  // Where an assignment or a function declaration outside of functions first defines it, if one does.
  std::optional<Position> at_top_level;

  // The function that it stands for; null if it has other values or may have them.
  const FunctionDefinition* function = nullptr;
  std::size_t definitions = 0;

  explicit Variable(std::string_view name_of_variable) : name(name_of_variable) {}
};

// A call whose callee is known.
struct KnownCall {
  const Call* call;
  std::string_view name;
  const FunctionDefinition* function;  // null if it is a builtin
};

class Names {
 public:
  Names(const Program& program, const LintSurroundings& surroundings);

  // All variables, in no particular order. Every name that a scope defines is one.
  const std::deque<Variable>& variables() const { return variables_; }

  // The places where a name is read that nothing defines.
  const std::vector<const Name*>& undefined() const { return undefined_; }

  // The calls of functions of the file, and of builtins.
  const std::vector<KnownCall>& known_calls() const { return known_calls_; }

 private:
  class Walk;
  struct Scope {
    Scope* parent = nullptr;
    std::unordered_map<std::string_view, Variable*> variables;
  };

  // The names of the files that were looked at on the way here. Each counts once, however often it is included.
  using Seen = std::unordered_set<std::string>;

  Names() = default;
  void analyze(const Program& program, const LintSurroundings& surroundings, Seen& seen);
  void take_included(const std::shared_ptr<const Program>& program, const LintSurroundings& surroundings, Seen& seen);

  std::deque<Variable> variables_;
  std::unordered_map<const void*, Scope> scopes_;  // by the function or the block that they belong to
  std::unordered_set<std::string_view> property_names_;
  std::vector<const Name*> undefined_;
  std::vector<KnownCall> known_calls_;

  // What included files define and what they read, and the files themselves, which these names point into.
  std::unordered_set<std::string_view> included_names_;
  std::unordered_set<std::string_view> names_included_files_read_;
  std::vector<std::shared_ptr<const Program>> included_;
};

}  // namespace duso::syntax
