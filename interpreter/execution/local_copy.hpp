// One assignment from local to local.
#pragma once

#include "interpreter/execution/names.hpp"
#include "interpreter/execution/node.hpp"

namespace duso::execution {

struct LocalCopy {
  std::uint32_t from;
  std::uint32_t to;

  [[gnu::always_inline]] void run(Frame& frame) const {
    const Value value = frame.slot(from);
    Value& place = frame.slot(to);
    if (value.is_heap() || place.is_heap()) [[unlikely]]
      return run_counted(frame);
    place = value;
  }

 private:
  [[gnu::noinline]] void run_counted(Frame& frame) const { replace(frame.slot(to), retain(frame.slot(from))); }
};

}  // namespace duso::execution
