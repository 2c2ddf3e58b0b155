// What lowering produces: the code of functions and of whole programs.
//
// `ProgramCode` belongs to one worker and may be run by many instances one after the other, so it holds nothing of an
// instance: constants are immortal strings, globals are slot numbers, inline caches know shapes of the worker.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "interpreter/execution/node.hpp"
#include "interpreter/syntax/arena.hpp"
#include "interpreter/syntax/ast.hpp"
#include "interpreter/values/shape.hpp"

namespace duso::execution {

class ProgramCode;
class ScopeTree;
struct Scope;

inline constexpr std::uint32_t kNoSlot = 0xFFFF'FFFF;

// The global names that the programs around one root mention, each with its slot. Grows when code is included.
class GlobalNames {
 public:
  // The slot of the interned [name], new if need be.
  std::uint32_t slot_of(String* name) {
    const auto [entry, added] = slots_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
    if (added) names_.push_back(name);
    return entry->second;
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
  String* name(std::uint32_t slot) const { return names_[slot]; }

 private:
  std::unordered_map<const String*, std::uint32_t> slots_;
  std::vector<String*> names_;
};

// Frames with at most this many slots have a fixed place in the native frame of the call.
inline constexpr std::uint32_t kExactSlots = 8;

struct ParameterCode {
  String* name;
  const FunctionCode* default_value;  // evaluates the default in the scope of the definition; null if there is none
};

// A parameter that closures capture moves from the frame to the call's environment at entry.
struct CapturedParameter {
  std::uint32_t frame_slot;
  std::uint32_t environment_slot;
};

class FunctionCode {
 public:
  // What every call needs stands together.
  const Statement* body = nullptr;
  std::size_t stack_need = 0;           // bytes of native stack that one call may take, nested expressions included
  std::uint32_t exact_count = kNoSlot;  // the number of parameters, if filling a small frame is all that a call needs
  std::uint32_t parameter_count = 0;
  std::uint32_t slot_count = 0;              // of the frame; parameter i is slot i
  std::uint32_t environment_slot = kNoSlot;  // the frame slot of the call's environment, if it needs one
  bool has_defaults = false;
  bool is_top_level = false;  // the body of a program, not of a function
  bool is_included = false;   // a top level that runs inside the scope of another one's call

  std::uint32_t environment_size = 0;  // captured variables of the call
  std::vector<CapturedParameter> captured_parameters;
  std::vector<ParameterCode> parameters;

  std::string name;  // as declared; empty for function expressions
  const syntax::Source* source = nullptr;
  const syntax::FunctionDefinition* definition = nullptr;  // null for top levels and default values
  ProgramCode* program = nullptr;

  // The parameter called [name] (the last, if there are several), or kNoSlot.
  std::uint32_t parameter_index(const String* parameter_name) const {
    for (std::size_t i = parameters.size(); i-- > 0;) {
      if (parameters[i].name == parameter_name) return static_cast<std::uint32_t>(i);
    }
    return kNoSlot;
  }
};

class ProgramCode {
 public:
  explicit ProgramCode(std::shared_ptr<const syntax::Program> tree);
  // Code that runs in the root of another program: included files.
  ProgramCode(std::shared_ptr<const syntax::Program> tree, std::shared_ptr<GlobalNames> globals);
  ~ProgramCode();

  const syntax::Program& tree() const { return *tree_; }
  const std::shared_ptr<const syntax::Program>& shared_tree() const { return tree_; }
  GlobalNames& globals() { return *globals_; }
  const std::shared_ptr<GlobalNames>& shared_globals() { return globals_; }

  FunctionCode& top_level() { return *top_level_; }
  const FunctionCode& top_level() const { return *top_level_; }
  bool has_functions() const { return functions_.size() > 1; }
  FunctionCode* add_function() {
    FunctionCode* code = &functions_.emplace_back();
    code->program = this;
    code->source = &tree_->source();
    if (top_level_ == nullptr) top_level_ = code;
    return code;
  }

  // The code that [tree] was lowered to when it was included into [scope] before; null if it was not, or if another
  // program of that name was. A file that is included again and again is lowered once.
  std::shared_ptr<ProgramCode> find_included(const syntax::Program& tree, const Scope* scope) const;
  void remember_included(const Scope* scope, std::shared_ptr<ProgramCode> code);

  syntax::Arena& arena() { return arena_; }
  ScopeTree& scopes() { return *scopes_; }

 private:
  std::shared_ptr<const syntax::Program> tree_;
  syntax::Arena arena_;
  std::shared_ptr<GlobalNames> globals_;
  std::unique_ptr<ScopeTree> scopes_;  // kept: code may still be included into one of the scopes
  std::deque<FunctionCode> functions_;
  FunctionCode* top_level_ = nullptr;

  // What was included into the scopes of this program, by scope and name.
  static constexpr std::size_t kMostIncluded = 64;
  std::map<std::pair<const Scope*, std::string>, std::shared_ptr<ProgramCode>> included_;
};

}  // namespace duso::execution
