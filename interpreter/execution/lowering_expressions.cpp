// Lowering of expressions.
#include <algorithm>

#include "interpreter/execution/arithmetic_nodes.hpp"
#include "interpreter/execution/comparison_nodes.hpp"
#include "interpreter/execution/concatenation.hpp"
#include "interpreter/execution/literals.hpp"
#include "interpreter/execution/lowering.hpp"
#include "interpreter/execution/statements.hpp"

namespace duso::execution {

namespace {

std::optional<Comparison> as_comparison(syntax::BinaryOperator op) {
  using syntax::BinaryOperator;
  switch (op) {
    case BinaryOperator::kLess:
      return Comparison::kLess;
    case BinaryOperator::kLessEqual:
      return Comparison::kLessEqual;
    case BinaryOperator::kGreater:
      return Comparison::kGreater;
    case BinaryOperator::kGreaterEqual:
      return Comparison::kGreaterEqual;
    default:
      return std::nullopt;
  }
}

// Whether [e] stands for the making of a new object, rather than for parts that may make some. Operators are left to
// the statement, because their nodes are looked into by the ones around them.
bool makes_value(const syntax::Expression& e) {
  using syntax::ExpressionKind;
  return e.kind == ExpressionKind::kArrayLiteral || e.kind == ExpressionKind::kObjectLiteral ||
         e.kind == ExpressionKind::kFunctionExpression || e.kind == ExpressionKind::kTemplate ||
         e.kind == ExpressionKind::kRegexLiteral || e.kind == ExpressionKind::kCall;
}

bool is_text(const syntax::Expression& e) {
  return e.kind == syntax::ExpressionKind::kStringLiteral || e.kind == syntax::ExpressionKind::kTemplate;
}

}  // namespace

std::optional<Arithmetic> as_arithmetic(syntax::BinaryOperator op) {
  using syntax::BinaryOperator;
  switch (op) {
    case BinaryOperator::kAdd:
      return Arithmetic::kAdd;
    case BinaryOperator::kSubtract:
      return Arithmetic::kSubtract;
    case BinaryOperator::kMultiply:
      return Arithmetic::kMultiply;
    case BinaryOperator::kDivide:
      return Arithmetic::kDivide;
    case BinaryOperator::kModulo:
      return Arithmetic::kModulo;
    default:
      return std::nullopt;
  }
}

Lowered Lowering::number(double value) {
  Lowered lowered;
  lowered.node = arena_.make<Constant>(Value(value));
  lowered.kind = Lowered::Kind::kNumber;
  lowered.value = value;
  lowered.is_simple = true;
  return lowered;
}

Lowered Lowering::constant(Value value) {
  Lowered lowered;
  lowered.node = arena_.make<Constant>(value);
  lowered.is_simple = true;
  lowered.is_string = value.is_string();
  return lowered;
}

Lowered Lowering::string_constant(std::string_view text) {
  // Short texts are likely to serve as keys, which are looked up by address when they are interned.
  constexpr std::size_t kLongestName = 40;
  NameTable& names = engine_.names();
  return constant(Value(text.size() <= kLongestName ? names.intern(text) : names.literal(text)));
}

Lowered Lowering::expression(const syntax::Expression& e) {
  Lowered lowered = unmarked_expression(e);
  if (engine_.marks_sites() && makes_value(e)) {
    lowered.node = arena_.make<MarkedExpression>(lowered.node, site_at(e.position));
  }
  return lowered;
}

Lowered Lowering::unmarked_expression(const syntax::Expression& e) {
  using syntax::ExpressionKind;
  Lowered lowered;
  switch (e.kind) {
    case ExpressionKind::kNumberLiteral:
      return number(syntax::as<syntax::NumberLiteral>(e).value);
    case ExpressionKind::kStringLiteral:
      return string_constant(syntax::as<syntax::StringLiteral>(e).value);
    case ExpressionKind::kBooleanLiteral:
      return constant(Value(syntax::as<syntax::BooleanLiteral>(e).value));
    case ExpressionKind::kNilLiteral:
      return constant(Value::nil());
    case ExpressionKind::kTemplate:
      return template_literal(syntax::as<syntax::Template>(e));
    case ExpressionKind::kRegexLiteral: {
      String* pattern = engine_.names().literal(syntax::as<syntax::RegexLiteral>(e).pattern);
      lowered.node = arena_.make<RegexLiteral>(pattern, e.position);
      return lowered;
    }
    case ExpressionKind::kName:
      return name(syntax::as<syntax::Name>(e));
    case ExpressionKind::kArrayLiteral: {
      std::vector<const Expression*> elements;
      for (const syntax::Expression* element : syntax::as<syntax::ArrayLiteral>(e).elements) {
        elements.push_back(node(*element));
      }
      lowered.node = arena_.make<ArrayLiteral>(copy(elements), e.position);
      return lowered;
    }
    case ExpressionKind::kObjectLiteral:
      return object_literal(syntax::as<syntax::ObjectLiteral>(e));
    case ExpressionKind::kFunctionExpression:
      return function(*syntax::as<syntax::FunctionExpression>(e).function);
    case ExpressionKind::kUnary:
      return unary(syntax::as<syntax::Unary>(e));
    case ExpressionKind::kBinary:
      return binary(syntax::as<syntax::Binary>(e));
    case ExpressionKind::kLogical: {
      const auto& logical = syntax::as<syntax::Logical>(e);
      const Lowered left = expression(*logical.left);
      const Lowered right = expression(*logical.right);
      lowered.is_simple = left.is_simple && right.is_simple;
      lowered.node = logical.op == syntax::LogicalOperator::kAnd
                         ? static_cast<const Expression*>(arena_.make<LogicalNode<true>>(left.node, right.node))
                         : arena_.make<LogicalNode<false>>(left.node, right.node);
      return lowered;
    }
    case ExpressionKind::kConditional: {
      const auto& conditional = syntax::as<syntax::Conditional>(e);
      const Lowered condition = expression(*conditional.condition);
      const Lowered consequence = expression(*conditional.consequence);
      const Lowered alternative = expression(*conditional.alternative);
      lowered.node = arena_.make<ConditionalNode>(condition.node, consequence.node, alternative.node);
      lowered.is_simple = condition.is_simple && consequence.is_simple && alternative.is_simple;
      return lowered;
    }
    case ExpressionKind::kCall:
      return call(syntax::as<syntax::Call>(e));
    case ExpressionKind::kIndex:
      return index(syntax::as<syntax::Index>(e));
    case ExpressionKind::kProperty:
      return property(syntax::as<syntax::Property>(e));
    case ExpressionKind::kPrefixStep:
      return prefix_step(syntax::as<syntax::PrefixStep>(e));
    case ExpressionKind::kErrorExpression:
      break;
  }
  lowered.node = arena_.make<RaiseExpression>("this code has syntax errors", e.position);
  return lowered;
}

Lowered Lowering::unary(const syntax::Unary& node) {
  const Lowered operand = expression(*node.operand);
  Lowered lowered;
  lowered.is_simple = operand.is_simple;
  if (node.op == syntax::UnaryOperator::kNot) {
    lowered.node = arena_.make<NotNode>(operand.node);
    return lowered;
  }
  if (operand.kind == Lowered::Kind::kNumber) return number(-operand.value);
  lowered.is_arithmetic = true;
  lowered.node = arena_.make<NegateNode>(operand.node, node.position);
  return lowered;
}

Lowered Lowering::binary(const syntax::Binary& node) {
  Lowered lowered;
  if (node.op == syntax::BinaryOperator::kAdd) {
    // A chain of `+` is text from the first string literal on: it is put together in one go.
    std::vector<const syntax::Expression*> pieces{node.right};
    const syntax::Expression* front = node.left;
    std::size_t first_text = is_text(*node.right) ? 1 : 0;  // counted from the back of the chain
    while (front->kind == syntax::ExpressionKind::kBinary &&
           syntax::as<syntax::Binary>(*front).op == syntax::BinaryOperator::kAdd) {
      const auto& sum = syntax::as<syntax::Binary>(*front);
      pieces.push_back(sum.right);
      if (is_text(*sum.right)) first_text = pieces.size();
      front = sum.left;
    }
    pieces.push_back(front);
    if (is_text(*front)) first_text = pieces.size();
    if (first_text != 0) {
      // What stands before the first text is a sum of its own.
      const syntax::Expression* before = nullptr;
      if (first_text < pieces.size()) {
        const syntax::Expression* sum = &node;
        for (std::size_t i = 0; i < first_text; ++i) sum = syntax::as<syntax::Binary>(*sum).left;
        before = sum;
      }
      std::vector<const Expression*> parts;
      if (before != nullptr) parts.push_back(this->node(*before));
      for (std::size_t i = first_text; i-- > 0;) parts.push_back(this->node(*pieces[i]));
      lowered.node = arena_.make<Concatenation>(copy(parts), node.position);
      lowered.is_string = true;
      return lowered;
    }
  }
  const Lowered left = expression(*node.left);
  const Lowered right = expression(*node.right);
  lowered.is_simple = left.is_simple && right.is_simple;
  if (const auto op = as_arithmetic(node.op)) {
    lowered = arithmetic(*op, left, right, node.position);
  } else if (const auto comparison = as_comparison(node.op)) {
    lowered.node = make_comparison(arena_, *comparison, left, right, node.position);
    lowered.test = as_test(arena_, Lowered::Test::Kind::kOrder, *comparison, left, right, node.position);
  } else {
    std::optional<Value> constant_right;
    switch (node.right->kind) {
      case syntax::ExpressionKind::kNilLiteral:
        constant_right = Value::nil();
        break;
      case syntax::ExpressionKind::kBooleanLiteral:
        constant_right = Value(syntax::as<syntax::BooleanLiteral>(*node.right).value);
        break;
      case syntax::ExpressionKind::kStringLiteral:
        constant_right = Value(intern(syntax::as<syntax::StringLiteral>(*node.right).value));
        break;
      default:
        break;
    }
    const bool negated = node.op == syntax::BinaryOperator::kNotEqual;
    lowered.node = make_equality(arena_, negated, left, right, constant_right);
    const auto kind = negated ? Lowered::Test::Kind::kNotEqual : Lowered::Test::Kind::kEqual;
    lowered.test = as_test(arena_, kind, Comparison::kLess, left, right, node.position);
  }
  return lowered;
}

Lowered Lowering::arithmetic(Arithmetic op, const Lowered& left, const Lowered& right, Position position) {
  Lowered lowered;
  lowered.is_simple = left.is_simple && right.is_simple;
  lowered.is_arithmetic = true;
  lowered.node = make_arithmetic(arena_, op, left, right, position);
  lowered.operation =
      arena_.make<Lowered::Operation>(op, arena_.make<Lowered>(left), arena_.make<Lowered>(right), position);
  return lowered;
}

Lowered Lowering::template_literal(const syntax::Template& node) {
  std::vector<TemplateLiteral::Piece> pieces;
  for (const syntax::TemplatePiece& piece : node.pieces) {
    if (piece.expression != nullptr) {
      pieces.push_back({nullptr, this->node(*piece.expression)});
    } else {
      pieces.push_back({engine_.names().literal(piece.text), nullptr});
    }
  }
  Lowered lowered;
  lowered.is_string = true;
  lowered.node = arena_.make<TemplateLiteral>(copy(pieces), node.position);
  return lowered;
}

Lowered Lowering::object_literal(const syntax::ObjectLiteral& node) {
  Lowered lowered;
  Shape* shape = engine_.shapes().empty();
  for (const syntax::ObjectEntry& entry : node.entries) {
    if (shape == nullptr) break;
    String* name = entry.computed_key == nullptr ? intern(entry.name) : nullptr;
    shape = name != nullptr && shape->find(name) == Shape::kMissing ? shape->with(name) : nullptr;
  }
  if (shape != nullptr) {
    std::vector<const Expression*> values;
    for (const syntax::ObjectEntry& entry : node.entries) values.push_back(this->node(*entry.value));
    lowered.node = arena_.make<ShapedLiteral>(shape, copy(values), node.position);
    return lowered;
  }
  std::vector<ObjectLiteral::Entry> entries;
  for (const syntax::ObjectEntry& entry : node.entries) {
    String* name = entry.computed_key == nullptr ? intern(entry.name) : nullptr;
    const Expression* key = entry.computed_key != nullptr ? this->node(*entry.computed_key) : nullptr;
    entries.push_back({name, key, this->node(*entry.value), entry.position});
  }
  lowered.node = arena_.make<ObjectLiteral>(copy(entries), node.position);
  return lowered;
}

Lowered Lowering::index(const syntax::Index& node) {
  const Lowered base = expression(*node.object);
  return make_index_read(arena_, base, expression(*node.index), node.position);
}

Lowered Lowering::property(const syntax::Property& node) {
  return make_property_read(arena_, expression(*node.object), intern(node.name), node.position);
}

Lowered Lowering::prefix_step(const syntax::PrefixStep& node) {
  Lowered lowered;
  const syntax::Expression& target = *node.target;
  if (const auto* name = syntax::try_as<syntax::Name>(&target)) {
    lowered.node = arena_.make<StepName>(name_read(*name, false), name_target(*name), static_cast<double>(node.step),
                                         node.position);
  } else if (const auto element = updated_element(target, node.position)) {
    lowered.node = arena_.make<StepElement>(*element, static_cast<double>(node.step));
  } else {
    lowered.node = arena_.make<RaiseExpression>("invalid increment/decrement target", node.position);
  }
  return lowered;
}

// --- functions and calls ---

const FunctionCode* Lowering::default_code(const syntax::Parameter& parameter) {
  FunctionCode* code = program_.add_function();
  FunctionState state{code};
  FunctionState* const outer_function = std::exchange(function_, &state);
  Scope* const outer_scope = std::exchange(scope_, resolver_.scope_of(&parameter));
  code->body = arena_.make<Return>(node(*parameter.default_value));
  code->stack_need = stack_need_of(*code, parameter.default_value->height);
  scope_ = outer_scope;
  function_ = outer_function;
  return code;
}

const FunctionCode* Lowering::function_code(const syntax::FunctionDefinition& definition) {
  FunctionCode* code = program_.add_function();
  code->name = definition.name;
  code->definition = &definition;
  for (const syntax::Parameter& parameter : definition.parameters) {
    const FunctionCode* fallback = parameter.default_value != nullptr ? default_code(parameter) : nullptr;
    code->parameters.push_back({intern(parameter.name), fallback});
    code->has_defaults |= fallback != nullptr;
  }
  lower_function_body(*code, resolver_.scope_of(&definition), definition.body, definition.body.height);
  // Defaults run before the body, with the frame in place.
  std::size_t defaults_need = 0;
  for (const ParameterCode& parameter : code->parameters) {
    if (parameter.default_value != nullptr)
      defaults_need = std::max(defaults_need, parameter.default_value->stack_need);
  }
  code->stack_need += defaults_need;
  return code;
}

Lowered Lowering::function(const syntax::FunctionDefinition& definition) {
  const bool has_environment = resolver_.scope_of(&definition)->needs_outer && has_environment_outside(scope_);
  const EnvironmentPath path = has_environment ? path_to(nullptr) : EnvironmentPath{};
  Lowered lowered;
  lowered.is_simple = true;
  lowered.node = arena_.make<FunctionLiteral>(function_code(definition), has_environment, path, definition.position);
  return lowered;
}

CallSite Lowering::call_site(const syntax::Call& node, String* callee_name) {
  std::vector<ArgumentCode> arguments;
  std::vector<const Expression*> positional;
  std::uint32_t height = 0;
  std::uint32_t unsettled = 0;
  const Scope* scope = resolver_.scope_of(&node);
  for (const syntax::Argument& argument : node.arguments) {
    height = std::max<std::uint32_t>(height, argument.value->height);
    const Lowered value = expression(*argument.value);
    if (!value.is_simple) unsettled = static_cast<std::uint32_t>(arguments.size());
    ArgumentCode code{nullptr, value.node, nullptr};
    if (argument.name.has_value()) {
      code.name = intern(*argument.name);
      if (scope != nullptr) code.visible_as = declaration_target(*argument.name);
    }
    arguments.push_back(code);
    positional.push_back(code.value);
  }
  const IncludeSite* include = nullptr;
  if (Scope* include_scope = resolver_.include_scope_of(node)) {
    const bool has_environment = has_environment_outside(scope_);
    include = arena_.make<IncludeSite>(include_scope, has_environment,
                                       has_environment ? path_to(nullptr) : EnvironmentPath{});
  }
  const auto stack_need = static_cast<std::uint32_t>(height * kStackPerLevel);
  return {copy(positional), copy(arguments), node.has_named, stack_need,
          unsettled,        callee_name,     node.position,  include};
}

Lowered Lowering::call(const syntax::Call& node) {
  // The callee stands outside of the scope that the arguments may have.
  const NameRead* name_callee = nullptr;
  bool is_global = false;
  std::uint32_t local = kNoSlot;
  const Expression* callee = nullptr;
  String* callee_name = nullptr;
  const auto* property = syntax::try_as<syntax::Property>(node.callee);
  if (const auto* name = syntax::try_as<syntax::Name>(node.callee)) {
    callee_name = intern(name->identifier);
    const Lowered variable = this->name(*name);
    name_callee = static_cast<const NameRead*>(variable.node);
    if (variable.kind == Lowered::Kind::kLocal) local = variable.slot;
    const std::vector<Candidate>& candidates = resolver_.resolution(*name).candidates;
    is_global = name->identifier != "self" && std::ranges::all_of(candidates, [&](const Candidate& candidate) {
                  return candidate.is_level_of(scope_->function);
                });
    if (!candidates.empty() && candidates.front().variable != nullptr &&
        candidates.front().level->function == scope_->function && scope_->function->kind == ScopeKind::kFunction) {
      name_callee = arena_.make<LocalCallee>(name_callee, callee_name);
    }
  } else if (property != nullptr) {
    callee_name = intern(property->name);
    callee = this->node(*property->object);
  } else {
    callee = this->node(*node.callee);
  }

  Scope* scope = resolver_.scope_of(&node);
  ScopeCode scope_code;
  if (scope != nullptr) scope_code = begin_scope(scope);
  const CallSite site = call_site(node, callee_name);
  if (scope != nullptr) end_scope(scope_code);

  Lowered lowered;
  if (local != kNoSlot) {
    lowered.node = make_local_call(arena_, local, name_callee, site);
  } else if (name_callee != nullptr) {
    lowered.node = make_name_call(arena_, name_callee, is_global, site);
  } else if (property != nullptr) {
    lowered.node = make_method_call(arena_, callee, callee_name, property->position, site);
  } else {
    lowered.node = make_value_call(arena_, callee, site);
  }
  if (scope != nullptr) lowered.node = arena_.make<ScopedExpression>(lowered.node, scope_code, node.position);
  return lowered;
}

}  // namespace duso::execution
