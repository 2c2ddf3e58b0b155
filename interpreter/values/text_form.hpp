// The two ways a value becomes text (language.md 9): *display form* for output and everything nested, *concat form* for
// `+`, keys and `join`. Cycles print as `[...]` and `{...}` at the inner occurrence; nesting is limited by the heap,
// not by the native stack.
#pragma once

#include <string>
#include <string_view>

#include "interpreter/values/value.hpp"

namespace duso {

// Appends the text of [value] to [out].
void append_display(std::string& out, Value value);
void append_concat(std::string& out, Value value);

// As inside an array or object: strings quoted and escaped.
void append_nested(std::string& out, Value value);
// The same for the [text] of a string.
void append_quoted(std::string& out, std::string_view text);

std::string display_text(Value value);
std::string concat_text(Value value);

}  // namespace duso
