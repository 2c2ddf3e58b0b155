// The native call stack of the calling thread.
//
// The compiler describes every function's frame for the sake of exceptions; the unwinder of the C++ runtime reads that
// and needs no frame pointers. It finds its way through signal frames and off the end of a fiber's stack. No function
// here allocates or takes a lock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "runtime/panic/symbols.hpp"
#include "runtime/panic/text_sink.hpp"

namespace duso::panic {

class Backtrace {
 public:
  // Frames that are kept; the ones further out are left away.
  static constexpr std::size_t kMostFrames = 64;

  // The calls that led to [address], innermost first: an address that some function here returns to, or the place where
  // a signal came in. What lies above it belongs to the reporting itself and is left away. If the address does not
  // appear, because there is no code, everything.
  static Backtrace capture_from(const void* address);

  std::size_t size() const { return size_; }

  // One line a frame: "  #0 0x000055d0c0ffee00 duso::panic::raise+0x4e".
  void write(TextSink& sink, Demangling demangling) const;

 private:
  struct Frame {
    std::uint64_t address = 0;
    bool of_caller = true;  // an address to return to, not one that was reached
  };

  std::array<Frame, kMostFrames> frames_;
  std::size_t size_ = 0;
};

}  // namespace duso::panic
