// Lowering: from the resolved syntax tree to the executable tree.
//
// Lowering decides where variables live (slots of the frame, environments), turns every name into the shortest chain of
// nodes that the resolver's proof allows, and picks the node that is specialised for the operands at hand. It never
// fails: what the language calls an error at run time becomes a node that raises it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "interpreter/execution/assignments.hpp"
#include "interpreter/execution/calls.hpp"
#include "interpreter/execution/code.hpp"
#include "interpreter/execution/engine.hpp"
#include "interpreter/execution/loops.hpp"
#include "interpreter/execution/operand_nodes.hpp"
#include "interpreter/execution/resolver.hpp"
#include "interpreter/execution/scopes.hpp"
#include "interpreter/execution/site_marks.hpp"
#include "runtime/memory/sanitizers.hpp"

namespace duso::execution {

struct LoweringOptions {
  bool is_module = false;     // the value of the last statement is wanted, and `return` is allowed
  bool with_builtins = true;  // false: names that are no variables are undefined (`-config`)
};

// Lowers [tree], whose parse must have been without errors. [globals] are the names of the root that the code will run
// in; null for a root of its own. [outer] is the scope of the call that includes the code (from `IncludeSite`), or
// null.
std::shared_ptr<ProgramCode> lower(Engine& engine, std::shared_ptr<const syntax::Program> tree,
                                   const LoweringOptions& options, std::shared_ptr<GlobalNames> globals = nullptr,
                                   Scope* outer = nullptr);

// What becomes of the value of a statement (language.md 12).
struct StatementResult {
  enum class Use : std::uint8_t { kDrop, kReturn, kStore } use = Use::kDrop;
  std::uint32_t slot = 0;  // kStore: the slot that receives it
};

// Native stack that evaluating one level of nested expressions takes at most, builtins apart. Measured are 530 bytes (a
// constructor call); unoptimised and sanitized code needs several times as much.
#if defined(NDEBUG) && DUSO_ADDRESS_SANITIZER == 0 && DUSO_THREAD_SANITIZER == 0
inline constexpr std::size_t kStackPerLevel = 1024;
#else
inline constexpr std::size_t kStackPerLevel = 4096;
#endif

// The arithmetic that [op] does; nothing for comparisons.
std::optional<Arithmetic> as_arithmetic(syntax::BinaryOperator op);

class Lowering {
 public:
  Lowering(Engine& engine, ProgramCode& program, const Resolver& resolver, const LoweringOptions& options)
      : engine_(engine), program_(program), arena_(program.arena()), resolver_(resolver), options_(options) {}

  void lower_top_level();

 private:
  using Result = StatementResult;
  static constexpr Result kDrop{};

  // statements (lowering_statements.cpp)
  const Statement* block(const syntax::Block& block, Result result);
  std::vector<const Statement*> block_statements(const syntax::Block& block, Result result);
  const Statement* sequence(const std::vector<const Statement*>& statements);
  LoopBody loop_body(const syntax::Block& block, Result result, Position position);
  void flush_copies(std::vector<LocalCopy>& run, std::vector<const Statement*>& statements);
  struct LocalAssignment {
    std::uint32_t slot;
    const syntax::Expression* value;
  };
  std::optional<LocalAssignment> as_local_assignment(const syntax::Statement& statement);
  std::optional<LocalCopy> as_copy(const syntax::Statement& statement);
  const Statement* assign_then_copy(const syntax::Statement& statement, std::span<const LocalCopy> copies);
  const Statement* statement(const syntax::Statement& statement, bool is_last, Result result);
  const Statement* unmarked_statement(const syntax::Statement& statement, bool is_last, Result result);
  const Statement* expression_statement(const syntax::ExpressionStatement& node, bool is_last, Result result);
  const Statement* assignment(const syntax::Assignment& node, Result result);
  const Statement* assign_to(const syntax::Expression& target, Lowered value, Position position);
  const Statement* assign_name(const syntax::Name& name, const Expression* value);
  const Statement* assign_local(std::uint32_t slot, const Lowered& value);
  const Statement* compound(const syntax::CompoundAssignment& node, Result result);
  // The property or element that [target] is, for statements at [position]; nothing if it is something else.
  std::optional<UpdatedElement> updated_element(const syntax::Expression& target, Position position);
  const Statement* step_statement(const syntax::Expression& target, int step, Position position, Result result);
  const Statement* declaration(std::string_view name, Lowered value, Position position, bool is_var, Result result);
  const Statement* if_statement(const syntax::If& node, Result result);
  const Statement* while_loop(const syntax::While& node, Result result);
  const Statement* for_numeric(const syntax::ForNumeric& node, Result result);
  const Statement* for_each(const syntax::ForEach& node, Result result);
  const Statement* try_statement(const syntax::Try& node, Result result);
  const Statement* return_statement(const syntax::Return& node);
  const Statement* jump(Value flow, const char* word, Position position);
  const Statement* raise(std::string message, Position position, const Expression* before = nullptr,
                         bool is_located = true);
  const Statement* give(const Expression* value, Result result);
  const Statement* give_nil(Result result);
  const Statement* after(const Statement* first, const Statement* second);
  const ElementTarget* element_target(const syntax::Expression& target, Position position);
  const Statement* append_to(const syntax::Expression& target, const syntax::Expression& value, Position position,
                             Result result);
  const Statement* append_and_give(const Statement* append, const Expression* value, Result result);

  // A loop in result position collects the value of its last full turn in a slot, which is given away after the loop.
  struct LoopResult {
    Result inner;
    std::uint32_t slot = kNoSlot;
  };
  LoopResult begin_loop_result(Result outer);
  const Statement* end_loop_result(const Statement* loop, LoopResult loop_result, Result outer);

  // expressions (lowering_expressions.cpp)
  Lowered expression(const syntax::Expression& expression);
  Lowered unmarked_expression(const syntax::Expression& expression);
  const Expression* node(const syntax::Expression& tree) { return expression(tree).node; }
  Lowered number(double value);
  Lowered constant(Value value);
  Lowered string_constant(std::string_view text);
  Lowered binary(const syntax::Binary& node);
  Lowered arithmetic(Arithmetic op, const Lowered& left, const Lowered& right, Position position);
  Lowered unary(const syntax::Unary& node);
  Lowered call(const syntax::Call& node);
  Lowered object_literal(const syntax::ObjectLiteral& node);
  Lowered template_literal(const syntax::Template& node);
  Lowered function(const syntax::FunctionDefinition& definition);
  Lowered index(const syntax::Index& node);
  Lowered property(const syntax::Property& node);
  Lowered prefix_step(const syntax::PrefixStep& node);
  CallSite call_site(const syntax::Call& node, String* callee_name);
  const FunctionCode* function_code(const syntax::FunctionDefinition& definition);
  const FunctionCode* default_code(const syntax::Parameter& parameter);

  // names (lowering_names.cpp)
  Lowered name(const syntax::Name& node);
  std::optional<std::uint32_t> local_slot(const syntax::Name& node) const;
  const NameRead* name_read(const syntax::Name& node, bool with_builtins);
  const NameRead* captured_read(EnvironmentPath path, std::uint32_t slot, const NameRead* next,
                                const NameRead* dynamic);
  const NameRead* self_read(const syntax::Name& node, const NameRead* otherwise);
  const NameTarget* name_target(const syntax::Name& node);
  const NameTarget* declaration_target(std::string_view name);
  const GlobalRead* global_read(const syntax::Name& node, bool with_builtins, const NameRead* dynamic);
  EnvironmentPath path_to(const Scope* target) const;
  bool has_environment_outside(const Scope* scope) const;

  // scopes
  struct FunctionState {
    FunctionCode* code;
    std::uint32_t used = 0;   // slots in use now
    std::uint32_t loops = 0;  // loops around the current statement, in this function
  };
  std::uint32_t new_slot();
  void place_variables(Scope* scope);
  void place_environment(Scope* scope);
  ScopeCode begin_scope(Scope* scope);
  void end_scope(const ScopeCode& code);
  ScopeVariable scope_variable(const Scope* scope, std::string_view name) const;
  static std::size_t stack_need_of(const FunctionCode& code, std::size_t height);
  void lower_function_body(FunctionCode& code, Scope* scope, const syntax::Block& body, std::size_t height);

  memory::AllocationSite site_at(Position position) const {
    return {&program_.tree().source().name(), position.line, position.column};
  }
  String* intern(std::string_view text) { return engine_.names().intern(text); }
  std::string_view keep(std::string text) { return arena_.copy(std::string_view(text)); }
  template <class T>
  std::span<const T> copy(const std::vector<T>& items) {
    return arena_.copy(std::span<const T>(items));
  }

  Engine& engine_;
  ProgramCode& program_;
  syntax::Arena& arena_;
  const Resolver& resolver_;
  LoweringOptions options_;
  Scope* scope_ = nullptr;
  FunctionState* function_ = nullptr;
};

}  // namespace duso::execution
