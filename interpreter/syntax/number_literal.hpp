// The value of a number as it is written in a script.
#pragma once

#include <string_view>

namespace duso::syntax {

// The double nearest to the decimal number [text], which has the form of a number token. What is too large is infinity,
// what is too small is 0.
double number_value(std::string_view text);

}  // namespace duso::syntax
