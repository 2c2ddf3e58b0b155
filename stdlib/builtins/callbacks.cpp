#include "stdlib/builtins/callbacks.hpp"

#include <string>

#include "interpreter/execution/instance.hpp"

namespace duso::stdlib {

bool may_wrap(const execution::Instance& instance) {
  constexpr std::size_t kLongestWrapped = std::size_t{64} * 1024;
  const execution::Pending& pending = instance.pending();
  if (pending.limit != StackLimit::kNone) return false;
  return !pending.payload.is_string() || pending.payload.string()->size <= kLongestWrapped;
}

Value wrap_callback_error(execution::Call& call, std::string_view prefix) {
  execution::Instance& instance = call.instance();
  if (!instance.is_catchable() || !instance.pending().payload.is_string() || !may_wrap(instance)) return Value::raise();
  const std::string text = std::string(prefix) + instance.pending_text();
  instance.discard_pending();
  return call.raise(text);
}

}  // namespace duso::stdlib
