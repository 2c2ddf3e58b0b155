#include "cli/repl/session.hpp"

#include <algorithm>

#include "interpreter/execution/code.hpp"
#include "interpreter/execution/names.hpp"
#include "interpreter/values/function.hpp"
#include "interpreter/values/object.hpp"

namespace duso::cli::repl {

using execution::PendingKind;

Result Session::run(std::shared_ptr<const syntax::Program> program) {
  instance_.begin_attempt();
  Value value = Value::raise();
  try {
    value = execution::run_included(call_.caller(), nullptr, std::move(program));
  } catch (...) {
    value = instance_.raise_exception();
  }
  const bool is_broken = instance_.end_attempt();
  if (!value.is_raise()) return {.kind = Result::Kind::kDone, .value = Owned(value)};
  const PendingKind kind = instance_.pending().kind;
  if (kind == PendingKind::kError) {
    return {.kind = Result::Kind::kFailed, .outcome = execution::take_outcome(instance_, value)};
  }
  if (kind != PendingKind::kStopped || !is_broken) return {.kind = Result::Kind::kEnding};
  instance_.discard_pending();
  return {.kind = Result::Kind::kBroken};
}

void Session::assign(std::string_view name, Value value) {
  const std::uint32_t slot = names().slot_of(instance_.engine().names().intern(name));
  try {
    ensure_root_size(instance_.heap(), &root(), names().size());
  } catch (const std::bad_alloc&) {
    return;
  }
  execution::replace(root().slots[slot], retain(value));
}

Value Session::variable(std::string_view name) const {
  for (std::uint32_t slot = 0; slot < root().size; ++slot) {
    if (names().name(slot)->view() == name) return root().slots[slot];
  }
  return Value::unset();
}

std::vector<std::pair<std::string, Value>> Session::variables() const {
  std::vector<std::pair<std::string, Value>> found;
  for (std::uint32_t slot = 0; slot < root().size; ++slot) {
    const Value value = root().slots[slot];
    if (!value.is_unset()) found.emplace_back(names().name(slot)->view(), value);
  }
  std::ranges::sort(found, {}, &std::pair<std::string, Value>::first);
  return found;
}

std::vector<std::string> Session::members(const std::vector<std::string>& path) const {
  if (path.empty()) return {};
  Value value = variable(path.front());
  for (std::size_t i = 1; i < path.size() && value.is_object(); ++i) {
    const String* const name = instance_.engine().names().find(path[i]);
    const Value* const place = name != nullptr ? find_property(value.object(), name) : nullptr;
    value = place != nullptr ? *place : Value::nil();
  }
  std::vector<std::string> found;
  if (!value.is_object()) return found;
  const Object* const object = value.object();
  for (std::uint32_t i = 0; i < property_count(object); ++i) found.emplace_back(property_name(object, i)->view());
  return found;
}

void Session::reset() {
  for (std::uint32_t slot = 0; slot < root().size; ++slot) {
    execution::replace(root().slots[slot], Value::unset());
  }
  if (instance_.config().heap.collect_cycles) instance_.heap().collect();
}

}  // namespace duso::cli::repl
