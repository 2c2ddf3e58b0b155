// Panics as scripts see them: the part of the module `runtime` that raises, stops and remembers them.
//
// Rules: memory-and-panics.md 6.4, 6.5, 6.7.
#pragma once

#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

// panic, protect, panics, last_panic, clear_panics, on_panic, test_fault: fields of the module, no global builtins.
Family panic_functions();

}  // namespace duso::stdlib
