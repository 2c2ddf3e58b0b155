#include "runtime/panic/backtrace.hpp"

#include <unwind.h>

#include <algorithm>

namespace duso::panic {

Backtrace Backtrace::capture_from(const void* address) {
  Backtrace trace;
  _Unwind_Backtrace(
      [](_Unwind_Context* context, void* argument) {
        auto& to = *static_cast<Backtrace*>(argument);
        int is_before_instruction = 0;
        const std::uint64_t instruction = _Unwind_GetIPInfo(context, &is_before_instruction);
        if (instruction == 0 || to.size_ == kMostFrames) return _URC_END_OF_STACK;
        to.frames_[to.size_++] = {instruction, is_before_instruction == 0};
        return _URC_NO_REASON;
      },
      &trace);
  const auto end = trace.frames_.begin() + static_cast<std::ptrdiff_t>(trace.size_);
  const auto first = std::find_if(trace.frames_.begin(), end, [address](const Frame& frame) {
    return frame.address == reinterpret_cast<std::uint64_t>(address);
  });
  if (first != end)
    trace.size_ = static_cast<std::size_t>(std::copy(first, end, trace.frames_.begin()) - trace.frames_.begin());
  return trace;
}

void Backtrace::write(TextSink& sink, Demangling demangling) const {
  Symbolizer symbolizer(demangling);
  for (std::size_t i = 0; i < size_; ++i) {
    sink.write("  #");
    sink.write_decimal(i);
    sink.write(" ");
    sink.write_hex(frames_[i].address, 16);
    sink.write(" ");
    symbolizer.write_name(sink, frames_[i].address, frames_[i].of_caller);
    sink.write("\n");
  }
}

}  // namespace duso::panic
