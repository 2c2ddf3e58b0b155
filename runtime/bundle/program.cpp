#include "runtime/bundle/program.hpp"

#include "runtime/bundle/archive.hpp"

namespace duso::bundle {

namespace {

// Volatile, or the compiler would know what is in it and put copies elsewhere. The number is that of the archive's
// form.
const volatile char kFuse[] = "duso fuse e1f02c5d, an application of form 1 follows: 0";
constexpr std::size_t kMark = sizeof kFuse - 2;

// What stands in front of the mark.
std::string fuse_text() {
  std::string text;
  for (std::size_t i = 0; i < kMark; ++i) text += kFuse[i];
  return text;
}

}  // namespace

bool carries_application() { return kFuse[kMark] != kFuseIntact; }

Result<Program, std::string> find_program(std::string_view executable) {
  const std::string text = fuse_text();
  const std::size_t found = executable.find(text);
  if (found == executable.npos || found + text.size() == executable.size()) {
    return std::string("it is no executable of duso, or one of a version that runs no applications");
  }
  const std::size_t mark = found + text.size();
  if (executable[mark] == kFuseIntact) return Program{executable, mark};
  const Result<ArchiveParts, std::string> carried = find_archive(executable);
  if (!carried.ok()) return "the application in it is damaged: " + carried.error();
  if (carried.value().program_size <= mark) return std::string("the application in it is damaged");
  return Program{executable.substr(0, carried.value().program_size), mark};
}

}  // namespace duso::bundle
