// Expressions that say the same thing twice: duplicate-key, self-assign.
#include <optional>
#include <unordered_set>

#include "interpreter/syntax/lint/rules.hpp"
#include "interpreter/syntax/lint/tree_walk.hpp"

namespace duso::syntax {

namespace {

// The key of [entry], if it is the same at every evaluation.
std::optional<std::string_view> constant_key(const ObjectEntry& entry) {
  if (entry.computed_key == nullptr) return entry.name;
  const auto* literal = try_as<StringLiteral>(entry.computed_key);
  return literal != nullptr ? std::optional(literal->value) : std::nullopt;
}

// Whether [a] and [b] are the same place for a value: a name, a property of such a place, or an element of one at an
// index that is a name or a literal. Nothing in it is computed twice with different results.
bool is_same_place(const Expression& a, const Expression& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case ExpressionKind::kName:
      return as<Name>(a).identifier == as<Name>(b).identifier;
    case ExpressionKind::kNumberLiteral:
      return as<NumberLiteral>(a).value == as<NumberLiteral>(b).value;
    case ExpressionKind::kStringLiteral:
      return as<StringLiteral>(a).value == as<StringLiteral>(b).value;
    case ExpressionKind::kProperty:
      return as<Property>(a).name == as<Property>(b).name &&
             is_same_place(*as<Property>(a).object, *as<Property>(b).object);
    case ExpressionKind::kIndex:
      return is_same_place(*as<Index>(a).object, *as<Index>(b).object) &&
             is_same_place(*as<Index>(a).index, *as<Index>(b).index);
    default:
      return false;
  }
}

class ExpressionRules final : public TreeWalk {
 public:
  explicit ExpressionRules(Examination& examination) : examination_(examination) {}

  using TreeWalk::visit;
  void visit(const Expression& e) override {
    if (const auto* object = try_as<ObjectLiteral>(&e)) check_keys(*object);
    visit_parts(e);
  }

  void visit(const Statement& s) override {
    const auto* assignment = try_as<Assignment>(&s);
    if (assignment != nullptr && is_same_place(*assignment->target, *assignment->value)) {
      const std::string_view source = examination_.program().source().text();
      const std::string_view target =
          source.substr(assignment->target->begin, assignment->target->end - assignment->target->begin);
      examination_.report(kSelfAssign, s.position, examination_.position_at(s.end),
                          compose({"self-assignment: ", target}));
    }
    visit_parts(s);
  }

 private:
  void check_keys(const ObjectLiteral& object) {
    std::unordered_set<std::string_view> keys;
    for (const ObjectEntry& entry : object.entries) {
      const std::optional<std::string_view> key = constant_key(entry);
      if (!key || keys.insert(*key).second) continue;
      examination_.report(kDuplicateKey, entry.position, examination_.position_at(entry.end),
                          compose({"duplicate key: ", *key}));
    }
  }

  Examination& examination_;
};

}  // namespace

void check_expressions(Examination& examination) { ExpressionRules(examination).visit(examination.program().body()); }

}  // namespace duso::syntax
