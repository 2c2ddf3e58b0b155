// Names for code addresses.
//
// The names come from the symbol tables of the program's own file and of its libraries, read the hard way: mapped and
// searched from front to back. That takes no lock and no memory, so a signal handler may do it, and it knows static and
// hidden functions, which the dynamic linker (dladdr) does not: everything of ours is hidden. It costs a fraction of a
// millisecond a frame, and nothing until somebody asks. A program without symbol table (`strip`) has offsets instead of
// names, which can be looked up in a copy that has one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runtime/panic/text_sink.hpp"

namespace duso::panic {

enum class Demangling {
  kSafe,  // without memory; names stay as the linker knows them where the C++ library offers no such way
  kFull,
};

// Names addresses, one after the other; neighbours in the same file share one mapping. Async-signal-safe with
// Demangling::kSafe.
class Symbolizer {
 public:
  explicit Symbolizer(Demangling demangling) : demangling_(demangling) {}
  ~Symbolizer() { unmap(); }
  Symbolizer(const Symbolizer&) = delete;
  Symbolizer& operator=(const Symbolizer&) = delete;

  // Writes what lies at [address]: "duso::panic::raise+0x4e", "libc.so.6+0x3c050" if there is no name, "?" if there is
  // no code. [of_caller]: the address is one to return to, so the call it belongs to lies before it.
  void write_name(TextSink& sink, std::uint64_t address, bool of_caller);

 private:
  struct Symbol {
    const char* name = nullptr;  // as the linker knows it; null: there is none
    std::uint64_t address = 0;
  };

  void map(const char* path);
  void unmap();
  Symbol find(std::uint64_t address) const;
  void write_function(TextSink& sink, const char* name) const;

  Demangling demangling_;
  const void* module_ = nullptr;  // the dynamic linker's record of the file that is mapped
  std::string_view file_;
};

// [name], a demangled function, without its parameters: "duso::Freezer::thaw".
std::string_view without_parameters(std::string_view name);

}  // namespace duso::panic
