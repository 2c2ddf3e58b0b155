#include "stdlib/builtins/callbacks.hpp"

#include <string>

#include "interpreter/execution/instance.hpp"

namespace duso::stdlib {

Value wrap_callback_error(execution::Call& call, std::string_view prefix) {
  execution::Instance& instance = call.instance();
  if (!instance.is_catchable() || !instance.pending().payload.is_string()) return Value::raise();
  const std::string text = std::string(prefix) + instance.pending_text();
  instance.discard_pending();
  return call.raise(text);
}

}  // namespace duso::stdlib
