// The difference of two texts, in the form that `patch` and everybody's eyes understand.
//
// Lines are compared by the greedy algorithm of E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986:
// it finds a shortest list of lines to take out and put in, and takes time and memory for the number of those and not
// for the length of the texts. Texts that have little in common would cost too much; then what lies between their
// common beginning and their common end is shown as replaced.
#pragma once

#include <string>
#include <string_view>

namespace duso::cli {

// How [before] becomes [after], with three lines around each change, under the heading "--- [old_name]" and
// "+++ [new_name]". Empty if they are equal.
std::string unified_diff(std::string_view old_name, std::string_view before, std::string_view new_name,
                         std::string_view after);

}  // namespace duso::cli
