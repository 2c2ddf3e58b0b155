#include "cli/colour.hpp"

#include <unistd.h>

#include <cstdlib>

#include "runtime/command_line.hpp"

namespace duso::cli {

bool wants_colour(int descriptor, const CommandLine& line) {
  if (line.flag("no-color") != nullptr) return false;
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  return isatty(descriptor) == 1;
}

}  // namespace duso::cli
