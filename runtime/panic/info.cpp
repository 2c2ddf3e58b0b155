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

std::string PanicInfo::error_stack() const {
  std::string text = file.empty() ? error_message() : location() + ": " + error_message();
  if (!stack.empty()) text += "\n\nCall stack:\n" + stack;
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace duso::panic
