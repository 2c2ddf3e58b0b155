// The grammar of the language in the form in which editors want it: TextMate's, as JSON with sorted keys.
//
// It is written down as it is printed, but for its lists of words. Editors try the patterns in their order at each
// place, and take the one that matches first; so what comes first hides what follows: `function` is a keyword before
// the pattern for names behind it is asked, and a string begins with three quotes before it begins with one.
#pragma once

#include <string_view>

namespace duso::cli {

// @KEYWORDS@, @BUILTINS@ and @ADDED@ stand in it for alternations of words.
extern const std::string_view kTextmateGrammar;

}  // namespace duso::cli
