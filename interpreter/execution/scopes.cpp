#include "interpreter/execution/scopes.hpp"

namespace duso::execution {

bool make_scope_environment(Frame& frame, const ScopeCode& scope, Position position) {
  const Value made = guarded(frame, position, [&] {
    Environment* parent = scope.has_parent ? scope.parent.find(frame) : nullptr;
    Environment* environment = new_environment(frame.instance->heap(), parent, scope.environment_size);
    environment->branch = frame.instance->branch();
    return Value::other(environment);
  });
  if (made.is_raise()) return false;
  replace(frame.slot(scope.environment_slot), made);
  return true;
}

}  // namespace duso::execution
