// Lowering of statements.
#include <algorithm>

#include "interpreter/execution/assignments.hpp"
#include "interpreter/execution/literals.hpp"
#include "interpreter/execution/loops.hpp"
#include "interpreter/execution/lowering.hpp"
#include "interpreter/execution/statements.hpp"

namespace duso::execution {

namespace {

// What a chain of `+` adds to its first operand, and where each operator stands.
struct Sum {
  std::vector<const syntax::Expression*> operands;
  std::vector<Position> positions;
};

// Whether evaluating [expression] again gives the same, and has no effect: variables, elements of such by constants or
// variables.
bool is_plain_place(const syntax::Expression& expression) {
  switch (expression.kind) {
    case syntax::ExpressionKind::kName:
    case syntax::ExpressionKind::kNumberLiteral:
    case syntax::ExpressionKind::kStringLiteral:
      return true;
    case syntax::ExpressionKind::kProperty:
      return is_plain_place(*syntax::as<syntax::Property>(expression).object);
    case syntax::ExpressionKind::kIndex:
      return is_plain_place(*syntax::as<syntax::Index>(expression).object) &&
             is_plain_place(*syntax::as<syntax::Index>(expression).index);
    default:
      return false;
  }
}

// Whether [a] and [b], of which one is a plain place, are written the same way.
bool is_same_place(const syntax::Expression& a, const syntax::Expression& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case syntax::ExpressionKind::kName:
      return syntax::as<syntax::Name>(a).identifier == syntax::as<syntax::Name>(b).identifier;
    case syntax::ExpressionKind::kNumberLiteral:
      return syntax::as<syntax::NumberLiteral>(a).value == syntax::as<syntax::NumberLiteral>(b).value;
    case syntax::ExpressionKind::kStringLiteral:
      return syntax::as<syntax::StringLiteral>(a).value == syntax::as<syntax::StringLiteral>(b).value;
    case syntax::ExpressionKind::kProperty: {
      const auto& left = syntax::as<syntax::Property>(a);
      const auto& right = syntax::as<syntax::Property>(b);
      return left.name == right.name && is_same_place(*left.object, *right.object);
    }
    case syntax::ExpressionKind::kIndex: {
      const auto& left = syntax::as<syntax::Index>(a);
      const auto& right = syntax::as<syntax::Index>(b);
      return is_same_place(*left.object, *right.object) && is_same_place(*left.index, *right.index);
    }
    default:
      return false;
  }
}

bool may_be_text(const syntax::Expression* expression) {
  if (expression->kind == syntax::ExpressionKind::kNumberLiteral) return false;
  const auto* binary = syntax::try_as<syntax::Binary>(expression);
  return binary == nullptr || binary->op == syntax::BinaryOperator::kAdd;
}

// The chain that [value] is, if it begins with the plain place [first]; no operands otherwise.
Sum sum_after(const syntax::Expression& value, const syntax::Expression& first) {
  Sum sum;
  const syntax::Expression* at = &value;
  while (at->kind == syntax::ExpressionKind::kBinary &&
         syntax::as<syntax::Binary>(*at).op == syntax::BinaryOperator::kAdd) {
    sum.operands.push_back(syntax::as<syntax::Binary>(*at).right);
    sum.positions.push_back(at->position);
    at = syntax::as<syntax::Binary>(*at).left;
  }
  if (!is_same_place(*at, first)) return {};
  std::reverse(sum.operands.begin(), sum.operands.end());
  std::reverse(sum.positions.begin(), sum.positions.end());
  return sum;
}

// How many copies between locals one statement takes in.
constexpr std::size_t kMaxJoinedCopies = 3;

bool is_assignable(const syntax::Expression& target) {
  return target.kind == syntax::ExpressionKind::kName || target.kind == syntax::ExpressionKind::kProperty ||
         target.kind == syntax::ExpressionKind::kIndex;
}

// Where an error of an assignment to [target] is reported: at its beginning.
Position start_of(const syntax::Program& program, const syntax::Expression& target) {
  return program.source().position_at(target.begin);
}

}  // namespace

// --- results ---

const Statement* Lowering::give(const Expression* value, Result result) {
  switch (result.use) {
    case Result::Use::kReturn:
      return arena_.make<Return>(value);
    case Result::Use::kStore:
      return arena_.make<AssignLocal>(result.slot, value);
    case Result::Use::kDrop:
      break;
  }
  return arena_.make<Evaluate>(value);
}

const Statement* Lowering::give_nil(Result result) {
  if (result.use == Result::Use::kDrop) return arena_.make<Sequence>(std::span<const Statement* const>{});
  return give(arena_.make<Constant>(Value::nil()), result);
}

const Statement* Lowering::after(const Statement* first, const Statement* second) {
  return arena_.make<ShortSequence<2>>(std::vector<const Statement*>{first, second});
}

Lowering::LoopResult Lowering::begin_loop_result(Result outer) {
  if (outer.use == Result::Use::kDrop) return {kDrop, kNoSlot};
  if (outer.use == Result::Use::kStore) return {outer, outer.slot};
  const std::uint32_t slot = new_slot();
  return {{Result::Use::kStore, slot}, slot};
}

const Statement* Lowering::end_loop_result(const Statement* loop, LoopResult loop_result, Result outer) {
  if (outer.use == Result::Use::kDrop) return loop;
  // A loop without a full turn has the value nil.
  const Statement* begin = give_nil(loop_result.inner);
  if (outer.use == Result::Use::kStore) return after(begin, loop);
  const Statement* end = arena_.make<Return>(arena_.make<LocalTake>(loop_result.slot));
  return after(begin, after(loop, end));
}

// --- blocks ---

// A run of neighbouring assignments from local to local becomes one statement.
void Lowering::flush_copies(std::vector<LocalCopy>& run, std::vector<const Statement*>& statements) {
  const LocalCopy* at = run.data();
  for (std::size_t left = run.size(); left != 0;) {
    const std::size_t count = std::min(left, kMaxJoinedCopies);
    switch (count) {
      case 1:
        statements.push_back(arena_.make<CopyLocals<1>>(at));
        break;
      case 2:
        statements.push_back(arena_.make<CopyLocals<2>>(at));
        break;
      default:
        statements.push_back(arena_.make<CopyLocals<3>>(at));
        break;
    }
    at += count;
    left -= count;
  }
  run.clear();
}

// The local that [statement] sets by `=` or `var`, and the value it gets; nothing when it does anything else.
std::optional<Lowering::LocalAssignment> Lowering::as_local_assignment(const syntax::Statement& statement) {
  if (const auto* assignment = syntax::try_as<syntax::Assignment>(&statement)) {
    const auto* name = syntax::try_as<syntax::Name>(assignment->target);
    const std::optional<std::uint32_t> slot = name != nullptr ? local_slot(*name) : std::nullopt;
    if (slot.has_value()) return LocalAssignment{*slot, assignment->value};
  } else if (const auto* declaration = syntax::try_as<syntax::VarDeclaration>(&statement)) {
    const Variable* variable = scope_->find(declaration->name);
    if (variable != nullptr && !variable->captured && !variable->is_parameter) {
      return LocalAssignment{variable->slot, declaration->value};
    }
  }
  return std::nullopt;
}

// What [statement] copies, if all it does is to copy a local to a local.
std::optional<LocalCopy> Lowering::as_copy(const syntax::Statement& statement) {
  const std::optional<LocalAssignment> assignment = as_local_assignment(statement);
  if (!assignment.has_value() || assignment->value->kind != syntax::ExpressionKind::kName) return std::nullopt;
  const std::optional<std::uint32_t> source = local_slot(syntax::as<syntax::Name>(*assignment->value));
  if (!source.has_value()) return std::nullopt;
  return LocalCopy{*source, assignment->slot};
}

// One statement for an operation assigned to a local and the copies behind it; null when [statement] is no such
// assignment.
const Statement* Lowering::assign_then_copy(const syntax::Statement& statement, std::span<const LocalCopy> copies) {
  const std::optional<LocalAssignment> assignment = as_local_assignment(statement);
  if (!assignment.has_value() || assignment->value->kind != syntax::ExpressionKind::kBinary) return nullptr;
  const syntax::BinaryOperator op = syntax::as<syntax::Binary>(*assignment->value).op;
  if (op != syntax::BinaryOperator::kAdd && op != syntax::BinaryOperator::kSubtract &&
      op != syntax::BinaryOperator::kMultiply) {
    return nullptr;
  }
  const Lowered value = expression(*assignment->value);
  if (value.operation == nullptr) return nullptr;
  const Lowered::Operation& operation = *value.operation;
  return make_assign_then_copy(arena_, assignment->slot, operation.op, *operation.left, *operation.right,
                               operation.position, copies);
}

const Statement* Lowering::block(const syntax::Block& block, Result result) {
  return sequence(block_statements(block, result));
}

// At least one statement.
std::vector<const Statement*> Lowering::block_statements(const syntax::Block& block, Result result) {
  if (block.statements.empty()) return {give_nil(result)};
  std::vector<const Statement*> statements;
  std::vector<LocalCopy> copies;
  const auto use_of = [&](std::size_t i) { return i + 1 == block.statements.size() ? result : kDrop; };
  for (std::size_t i = 0; i < block.statements.size(); ++i) {
    const syntax::Statement& tree = *block.statements[i];
    // The copies behind this statement, if their values are not wanted.
    std::size_t end = i + 1;
    while (end < block.statements.size() && use_of(end).use == Result::Use::kDrop) {
      const std::optional<LocalCopy> copied = as_copy(*block.statements[end]);
      if (!copied.has_value()) break;
      copies.push_back(*copied);
      ++end;
    }
    const bool few = !copies.empty() && copies.size() <= kMaxJoinedCopies;
    const Statement* joined = few ? assign_then_copy(tree, copies) : nullptr;
    if (joined != nullptr) {
      copies.clear();
    } else {
      joined = statement(tree, i + 1 == block.statements.size(), use_of(i));
    }
    statements.push_back(joined);
    flush_copies(copies, statements);
    i = end - 1;
  }
  return statements;
}

LoopBody Lowering::loop_body(const syntax::Block& block, Result result, Position position) {
  ++function_->loops;
  const std::vector<const Statement*> statements = block_statements(block, result);
  --function_->loops;
  if (statements.size() <= LoopBody::kMaxStatements) return LoopBody(statements, position);
  const Statement* const whole = sequence(statements);
  return LoopBody({&whole, 1}, position);
}

const Statement* Lowering::sequence(const std::vector<const Statement*>& statements) {
  switch (statements.size()) {
    case 1:
      return statements.front();
    case 2:
      return arena_.make<ShortSequence<2>>(statements);
    case 3:
      return arena_.make<ShortSequence<3>>(statements);
    case 4:
      return arena_.make<ShortSequence<4>>(statements);
    case 5:
      return arena_.make<ShortSequence<5>>(statements);
    case 6:
      return arena_.make<ShortSequence<6>>(statements);
    default:
      return arena_.make<Sequence>(copy(statements));
  }
}

const Statement* Lowering::statement(const syntax::Statement& s, bool is_last, Result result) {
  const Statement* lowered = unmarked_statement(s, is_last, result);
  if (!engine_.marks_sites()) return lowered;
  return arena_.make<MarkedStatement>(lowered, site_at(program_.tree().source().position_at(s.begin)));
}

const Statement* Lowering::unmarked_statement(const syntax::Statement& s, bool is_last, Result result) {
  using syntax::StatementKind;
  switch (s.kind) {
    case StatementKind::kExpressionStatement:
      return expression_statement(syntax::as<syntax::ExpressionStatement>(s), is_last, result);
    case StatementKind::kAssignment:
      return assignment(syntax::as<syntax::Assignment>(s), result);
    case StatementKind::kCompoundAssignment:
      return compound(syntax::as<syntax::CompoundAssignment>(s), result);
    case StatementKind::kPostfixStep: {
      const auto& node = syntax::as<syntax::PostfixStep>(s);
      const Statement* step = step_statement(*node.target, node.step, node.position, kDrop);
      return result.use == Result::Use::kDrop ? step : after(step, give_nil(result));
    }
    case StatementKind::kVarDeclaration: {
      const auto& node = syntax::as<syntax::VarDeclaration>(s);
      return declaration(node.name, expression(*node.value), node.position, true, result);
    }
    case StatementKind::kFunctionDeclaration: {
      const auto& node = syntax::as<syntax::FunctionDeclaration>(s);
      const Statement* defined =
          declaration(node.function->name, function(*node.function), node.position, false, kDrop);
      return result.use == Result::Use::kDrop ? defined : after(defined, give_nil(result));
    }
    case StatementKind::kIf:
      return if_statement(syntax::as<syntax::If>(s), result);
    case StatementKind::kWhile:
      return while_loop(syntax::as<syntax::While>(s), result);
    case StatementKind::kForNumeric:
      return for_numeric(syntax::as<syntax::ForNumeric>(s), result);
    case StatementKind::kForEach:
      return for_each(syntax::as<syntax::ForEach>(s), result);
    case StatementKind::kTry:
      return try_statement(syntax::as<syntax::Try>(s), result);
    case StatementKind::kReturn:
      return return_statement(syntax::as<syntax::Return>(s));
    case StatementKind::kBreak:
      return jump(Value::break_out(), "break", s.position);
    case StatementKind::kContinue:
      return jump(Value::continue_on(), "continue", s.position);
    case StatementKind::kErrorStatement:
      break;
  }
  return raise("this code has syntax errors", s.position);
}

const Statement* Lowering::raise(std::string message, Position position, const Expression* before, bool is_located) {
  return arena_.make<RaiseError>(keep(std::move(message)), position, before, is_located);
}

const Statement* Lowering::jump(Value flow, const char* word, Position position) {
  if (function_->loops == 0) return raise(std::string(word) + " outside of loop", position);
  return arena_.make<Jump>(flow);
}

const Statement* Lowering::return_statement(const syntax::Return& node) {
  Lowered value = constant(Value::nil());
  if (node.value != nullptr) value = expression(*node.value);
  if (function_->code->is_top_level && (!options_.is_module || function_->code->is_included)) {
    // Of an included file this says something as a whole, so no place in it is named (files-and-modules.md 8).
    return raise("return outside of function", node.position, value.node, !function_->code->is_included);
  }
  // The variable dies with the call: its value moves out instead of being shared for a moment.
  if (value.kind == Lowered::Kind::kLocal) return arena_.make<ReturnLocal>(value.slot);
  if (value.kind == Lowered::Kind::kCaptured) {
    return arena_.make<ReturnNode<CapturedRead<true>>>(static_cast<const CapturedRead<true>*>(value.node));
  }
  if (value.operation != nullptr) {
    const Lowered::Operation& operation = *value.operation;
    return make_return_arithmetic(arena_, operation.op, *operation.left, *operation.right, operation.position);
  }
  return arena_.make<Return>(value.node);
}

const Statement* Lowering::expression_statement(const syntax::ExpressionStatement& node, bool is_last, Result result) {
  const auto* name = syntax::try_as<syntax::Name>(node.expression);
  if (name != nullptr && !is_last) {
    const std::string text(name->identifier);
    return raise(
        "bare identifier '" + text + "' has no effect; did you mean to call a function? (try '" + text + "()')",
        name->position);
  }
  if (const auto* step = syntax::try_as<syntax::PrefixStep>(node.expression)) {
    if (result.use == Result::Use::kDrop) return step_statement(*step->target, step->step, step->position, kDrop);
  }
  return give(this->node(*node.expression), result);
}

// --- assignments ---

const Statement* Lowering::assign_name(const syntax::Name& name, const Expression* value) {
  const NameTarget* target = name_target(name);
  const std::vector<Candidate>& candidates = resolver_.resolution(name).candidates;
  const bool is_global = std::ranges::all_of(
      candidates, [&](const Candidate& candidate) { return candidate.is_level_of(scope_->function); });
  if (!is_global) {
    // The usual assignment in a closure: a captured variable, perhaps behind the call's own receiver.
    const std::size_t first = !candidates.empty() && candidates.front().variable == nullptr ? 1 : 0;
    if (candidates.size() == first + 1 && candidates[first].definite && candidates[first].variable->captured &&
        (first == 0 || candidates.front().is_level_of(scope_->function))) {
      const Candidate& captured = candidates[first];
      const EnvironmentPath path = path_to(captured.level);
      if (path.is_nearest()) return arena_.make<AssignCaptured<true>>(path, captured.variable->slot, target, value);
      return arena_.make<AssignCaptured<false>>(path, captured.variable->slot, target, value);
    }
    return arena_.make<AssignName>(target, value);
  }
  String* text = intern(name.identifier);
  return arena_.make<AssignGlobal>(program_.globals().slot_of(text), text, target, value);
}

const Statement* Lowering::assign_local(std::uint32_t slot, const Lowered& value) {
  if (value.operation != nullptr) {
    const Lowered::Operation& operation = *value.operation;
    return make_assign_arithmetic(arena_, slot, operation.op, *operation.left, *operation.right, operation.position);
  }
  if (value.kind == Lowered::Kind::kLocal) {
    const LocalCopy one{value.slot, slot};
    return arena_.make<CopyLocals<1>>(&one);
  }
  if (value.is_arithmetic) return arena_.make<AssignLocalNumber>(slot, value.node);
  if (const Statement* access = make_assign_access(arena_, slot, value)) return access;
  return arena_.make<AssignLocal>(slot, value.node);
}

const Statement* Lowering::assign_to(const syntax::Expression& target, Lowered value, Position position) {
  if (const auto* name = syntax::try_as<syntax::Name>(&target)) {
    const Lowered variable = this->name(*name);
    if (variable.kind != Lowered::Kind::kLocal) return assign_name(*name, value.node);
    return assign_local(variable.slot, value);
  }
  if (const auto* property = syntax::try_as<syntax::Property>(&target)) {
    return arena_.make<AssignProperty>(this->node(*property->object), intern(property->name), value.node, position);
  }
  if (const auto* index = syntax::try_as<syntax::Index>(&target)) {
    const Lowered base = expression(*index->object);
    const Lowered key = expression(*index->index);
    return make_assign_index(arena_, base, key, value, position);
  }
  return raise("invalid assignment target", position, value.node);
}

const ElementTarget* Lowering::element_target(const syntax::Expression& target, Position position) {
  if (const auto* property = syntax::try_as<syntax::Property>(&target)) {
    return arena_.make<ElementTarget>(this->node(*property->object), intern(property->name), nullptr, position);
  }
  const auto& index = syntax::as<syntax::Index>(target);
  return arena_.make<ElementTarget>(this->node(*index.object), nullptr, this->node(*index.index), position);
}

// target = target + a + b grows the string in a variable, property or element when it can; null when [value] is no such
// sum.
const Statement* Lowering::append_to(const syntax::Expression& target, const syntax::Expression& value,
                                     Position position, Result result) {
  if (!is_assignable(target) || !is_plain_place(target)) return nullptr;
  const auto* name = syntax::try_as<syntax::Name>(&target);
  if (name != nullptr && name->identifier == "self") return nullptr;
  const Sum sum = sum_after(value, target);
  if (sum.operands.empty() || sum.operands.size() > AppendToName::kMaxPieces) return nullptr;
  // Handing out the value as well costs more than it saves where there can be no text.
  if (result.use != Result::Use::kDrop && std::ranges::none_of(sum.operands, may_be_text)) return nullptr;
  std::vector<const Expression*> pieces;
  const Lowered variable = expression(target);
  if (variable.kind == Lowered::Kind::kLocal && sum.operands.size() == 1) {
    const Lowered piece = expression(*sum.operands.front());
    return make_local_update(arena_, Arithmetic::kAdd, variable.slot, piece, sum.positions.front(), false);
  }
  if (name == nullptr && sum.operands.size() == 1) {
    const Lowered piece = expression(*sum.operands.front());
    Lowered total = arithmetic(Arithmetic::kAdd, variable, piece, sum.positions.front());
    if (piece.kind != Lowered::Kind::kNumber && !piece.is_arithmetic) {
      total =
          Lowered{make_appending_sum(arena_, variable, piece, element_target(target, position), sum.positions.front())};
      total.is_arithmetic = true;
    }
    return assign_to(target, total, position);
  }
  Lowered total = variable;
  bool maybe_text = false;
  for (std::size_t i = 0; i < sum.operands.size(); ++i) {
    const Lowered piece = expression(*sum.operands[i]);
    // An element is most likely a number, unless there is certainly text in the sum.
    maybe_text |= name != nullptr ? !piece.is_arithmetic && piece.kind != Lowered::Kind::kNumber : piece.is_string;
    pieces.push_back(piece.node);
    // The same as an ordinary sum, for a variable that holds no string.
    total = arithmetic(Arithmetic::kAdd, total, piece, sum.positions[i]);
  }
  const Statement* plain = assign_to(target, total, position);
  if (!maybe_text) return plain;
  if (name != nullptr) {
    return arena_.make<AppendToName>(static_cast<const NameRead*>(variable.node), name_target(*name), copy(pieces),
                                     plain, position);
  }
  const ElementTarget* element = element_target(target, position);
  return arena_.make<AppendToName>(arena_.make<ElementRead>(element), element, copy(pieces), plain, position);
}

// [append] grows a string; then [value], which refers to it, is the result.
const Statement* Lowering::append_and_give(const Statement* append, const Expression* value, Result result) {
  const Statement* result_statement = give(value, result);
  if (result.use == Result::Use::kReturn) return after(append, result_statement);
  // The value of the last turn would be a second reference to the string, and keep it from growing in place.
  const Statement* forget = arena_.make<Evaluate>(arena_.make<LocalTake>(result.slot));
  return sequence({forget, append, result_statement});
}

const Statement* Lowering::assignment(const syntax::Assignment& node, Result result) {
  const Position position = start_of(program_.tree(), *node.target);
  if (const Statement* append = append_to(*node.target, *node.value, position, result)) {
    if (result.use == Result::Use::kDrop) return append;
    return append_and_give(append, expression(*node.target).node, result);
  }
  Lowered value = expression(*node.value);
  if (result.use == Result::Use::kDrop || !is_assignable(*node.target)) return assign_to(*node.target, value, position);
  // The assigned value is the result as well: it is remembered on its way.
  const std::uint32_t slot = result.use == Result::Use::kStore ? result.slot : new_slot();
  const Statement* assign = assign_to(*node.target, Lowered{arena_.make<Remember>(value.node, slot)}, position);
  if (result.use == Result::Use::kStore) return assign;
  return after(assign, arena_.make<Return>(arena_.make<LocalTake>(slot)));
}

const Statement* Lowering::declaration(std::string_view name, Lowered value, Position position, bool is_var,
                                       Result result) {
  const Variable* variable = scope_->find(name);
  if (is_var && variable != nullptr && variable->is_parameter) {
    const std::string text(name);
    return raise("cannot use 'var' to declare function parameter '" + text + "'; use '" + text + " = value' instead",
                 position);
  }
  std::uint32_t slot = kNoSlot;
  if (result.use != Result::Use::kDrop) {
    slot = result.use == Result::Use::kStore ? result.slot : new_slot();
    value = Lowered{arena_.make<Remember>(value.node, slot)};
  }
  const Statement* declare = nullptr;
  if (variable != nullptr && !variable->captured) {
    declare = assign_local(variable->slot, value);
  } else {
    declare = arena_.make<AssignName>(declaration_target(name), value.node);
  }
  if (result.use != Result::Use::kReturn) return declare;
  return after(declare, arena_.make<Return>(arena_.make<LocalTake>(slot)));
}

const Statement* Lowering::compound(const syntax::CompoundAssignment& node, Result result) {
  const Arithmetic op = *as_arithmetic(node.op);
  const Position position = start_of(program_.tree(), *node.target);
  const Statement* statement = nullptr;
  const Expression* new_value = nullptr;  // the target's value afterwards
  const std::uint32_t slot = result.use == Result::Use::kDrop ? kNoSlot : new_slot();
  if (const auto* name = syntax::try_as<syntax::Name>(node.target)) {
    const Lowered variable = this->name(*name);
    const Lowered value = expression(*node.value);
    const std::uint32_t local = variable.kind == Lowered::Kind::kLocal ? variable.slot : kNoSlot;
    if (local != kNoSlot) {
      statement = make_local_update(arena_, op, local, value, position, true);
    } else {
      const NameTarget* target = name_target(*name);
      const NameRead* current = name_read(*name, false);
      statement = make_compound(arena_, op, current, target, value.node, position);
      if (op == Arithmetic::kAdd && !value.is_arithmetic && value.kind != Lowered::Kind::kNumber) {
        const std::vector<const Expression*> pieces{value.node};
        statement = arena_.make<AppendToName>(current, target, copy(pieces), statement, position);
      }
    }
    new_value = variable.node;
  } else if (const auto element = updated_element(*node.target, position)) {
    statement = arena_.make<CompoundElement>(op, *element, this->node(*node.value), slot);
  } else {
    return raise("invalid assignment target", position);
  }
  if (result.use == Result::Use::kDrop) return statement;
  if (new_value == nullptr) new_value = arena_.make<LocalTake>(slot);
  if (op == Arithmetic::kAdd && may_be_text(node.value)) return append_and_give(statement, new_value, result);
  return after(statement, give(new_value, result));
}

std::optional<UpdatedElement> Lowering::updated_element(const syntax::Expression& target, Position position) {
  if (const auto* property = syntax::try_as<syntax::Property>(&target)) {
    return UpdatedElement(node(*property->object), intern(property->name), nullptr, property->position, position);
  }
  if (const auto* index = syntax::try_as<syntax::Index>(&target)) {
    const Expression* base = node(*index->object);
    return UpdatedElement(base, nullptr, node(*index->index), index->position, position);
  }
  return std::nullopt;
}

const Statement* Lowering::step_statement(const syntax::Expression& target, int step, Position position, Result) {
  const double amount = step;
  if (const auto* name = syntax::try_as<syntax::Name>(&target)) {
    const Lowered variable = this->name(*name);
    if (variable.kind == Lowered::Kind::kLocal) return arena_.make<StepLocal>(variable.slot, amount, position);
    return arena_.make<Evaluate>(arena_.make<StepName>(name_read(*name, false), name_target(*name), amount, position));
  }
  if (const auto element = updated_element(target, position)) {
    return arena_.make<Evaluate>(arena_.make<StepElement>(*element, amount));
  }
  return raise("invalid increment/decrement target", position);
}

// --- control flow ---

const Statement* Lowering::if_statement(const syntax::If& node, Result result) {
  std::vector<Lowered> conditions;
  std::vector<IfChain::Clause> clauses;
  for (const syntax::IfClause& clause : node.clauses) {
    conditions.push_back(expression(*clause.condition));
    clauses.push_back({conditions.back().node, block(clause.body, result)});
  }
  const Statement* otherwise = nullptr;
  if (node.else_block.has_value()) {
    otherwise = block(*node.else_block, result);
  } else if (result.use != Result::Use::kDrop) {
    otherwise = give_nil(result);
  }
  constexpr std::size_t kNested = 4;
  if (clauses.size() > kNested) return arena_.make<IfChain>(copy(clauses), otherwise);
  for (std::size_t i = clauses.size(); i-- > 0;) {
    otherwise = make_if(arena_, conditions[i], clauses[i].body, otherwise);
  }
  return otherwise;
}

const Statement* Lowering::while_loop(const syntax::While& node, Result result) {
  const LoopResult loop_result = begin_loop_result(result);
  const Lowered condition = expression(*node.condition);
  const LoopBody body = loop_body(node.body, loop_result.inner, node.position);
  return end_loop_result(make_while(arena_, condition, body), loop_result, result);
}

const Statement* Lowering::for_numeric(const syntax::ForNumeric& node, Result result) {
  const LoopResult loop_result = begin_loop_result(result);
  const Expression* first = this->node(*node.first);
  const Expression* last = this->node(*node.last);
  const Expression* step = node.step != nullptr ? this->node(*node.step) : nullptr;
  Scope* scope = resolver_.scope_of(&node);
  const ScopeCode code = begin_scope(scope);
  const LoopBody body = loop_body(node.body, loop_result.inner, node.position);
  end_scope(code);
  const Statement* loop =
      arena_.make<ForNumeric>(first, last, step, code, scope_variable(scope, node.variable.name), body, node.position);
  return end_loop_result(loop, loop_result, result);
}

const Statement* Lowering::for_each(const syntax::ForEach& node, Result result) {
  const LoopResult loop_result = begin_loop_result(result);
  const Expression* container = this->node(*node.iterable);
  Scope* scope = resolver_.scope_of(&node);
  const ScopeCode code = begin_scope(scope);
  const LoopBody body = loop_body(node.body, loop_result.inner, node.position);
  end_scope(code);
  const Statement* loop =
      arena_.make<ForEach>(container, code, scope_variable(scope, node.variable.name), body, node.position);
  return end_loop_result(loop, loop_result, result);
}

const Statement* Lowering::try_statement(const syntax::Try& node, Result result) {
  const Statement* body = block(node.body, result);
  Scope* scope = resolver_.scope_of(&node);
  const ScopeCode code = begin_scope(scope);
  const Statement* handler = block(node.handler, result);
  end_scope(code);
  return arena_.make<TryCatch>(body, handler, code, scope_variable(scope, node.error_name),
                               resolver_.mentions_error(node), node.position);
}

}  // namespace duso::execution
