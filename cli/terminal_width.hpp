// How wide a terminal is.
#pragma once

#include <cstddef>

namespace duso::cli {

// The columns of the terminal that [descriptor] is; 80 if it is none, or does not say.
std::size_t terminal_width(int descriptor);

}  // namespace duso::cli
