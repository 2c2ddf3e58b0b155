#include "runtime/panic/info.hpp"

namespace duso::panic {

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::kException:
      return "exception";
    case Kind::kInvariant:
      return "invariant";
    case Kind::kScriptPanic:
      return "script_panic";
    case Kind::kPlugin:
      return "plugin";
    case Kind::kSignal:
      return "signal";
    case Kind::kNativeOverflow:
      return "native_overflow";
  }
  return {};
}

std::string PanicInfo::location() const {
  if (file.empty()) return {};
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

}  // namespace duso::panic
