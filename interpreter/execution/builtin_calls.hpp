// Calls of builtins and of host functions.
#pragma once

#include <span>

#include "interpreter/execution/builtin.hpp"
#include "interpreter/execution/calls.hpp"
#include "interpreter/execution/instance.hpp"

namespace duso::execution {

// Calls the builtin of [spec] as the call at [site]; [bound] (borrowed) is what a host function remembers.
Value call_builtin(Frame& caller, const BuiltinSpec& spec, Value bound, const CallSite& site);

// Runs the builtin's function. What it throws ends here, as an error of this call or as a panic.
[[gnu::always_inline]] inline Value invoke(Call& call, const CallSite& site) {
  call.set_site(&site);
  Frame& caller = call.caller();
  const NativeSite here(caller, &site.position);
  Value result;
  try {
    result = call.spec().function(call);
  } catch (...) {
    return caller.instance->raise_exception(caller, site.position);
  }
  if (result.is_raise()) [[unlikely]]
    caller.instance->locate(caller, site.position);
  return result;
}

// The common call of a builtin: [kCount] positional arguments.
template <std::uint32_t kCount>
Value call_builtin_exactly(Frame& caller, const BuiltinSpec& spec, const Expression* const* arguments,
                           const CallSite& site) {
  if (site.unsettled != 0 && spec.snapshot != nullptr) return call_builtin(caller, spec, Value::nil(), site);
  Value values[kCount == 0 ? 1 : kCount];
  for (std::uint32_t i = 0; i < kCount; ++i) {
    values[i] = arguments[i]->eval(caller);
    if (values[i].is_raise()) [[unlikely]] {
      while (i-- > 0) release(values[i]);
      return Value::raise();
    }
  }
  Call call(caller, spec, {values, kCount});
  const Value result = invoke(call, site);
  for (std::uint32_t i = 0; i < kCount; ++i) release(values[i]);
  return result;
}

}  // namespace duso::execution
