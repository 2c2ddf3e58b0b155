#include "cli/terminal_width.hpp"

#include <sys/ioctl.h>

namespace duso::cli {

namespace {

constexpr std::size_t kUsual = 80;

}  // namespace

std::size_t terminal_width(int descriptor) {
  winsize size = {};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : kUsual;
}

}  // namespace duso::cli
