// Values on a terminal: in colour, over several lines where one would be too narrow, and no longer than somebody reads.
//
// What is shown is the form that print() has, and where nothing had to be left out and one line holds it, exactly that.
// A value may be as large as the heap, or contain itself, so the work is bounded by what is shown and not by what there
// is: every container shows its first elements, nesting ends at some depth, and all together have a budget.
#pragma once

#include <cstddef>
#include <string>

#include "interpreter/values/value.hpp"

namespace duso::cli::repl {

struct ViewLimits {
  std::size_t width = 80;    // columns of a line, before it is broken
  std::size_t depth = 5;     // nested containers
  std::size_t items = 100;   // of each container
  std::size_t leaves = 200;  // of all containers together
  std::size_t text = 300;    // characters of a string inside a container
  std::size_t lines = 25;    // of a string that is shown alone, which may have 80 characters for each of them
  bool quotes = false;       // around a string that is shown alone, as around all others
};

struct ValueView {
  std::string text;  // without a line end behind it
  bool is_cut = false;
};

// How [value] is shown. [colour] adds terminal colours and nothing else.
ValueView view_of(Value value, const ViewLimits& limits, bool colour);

}  // namespace duso::cli::repl
