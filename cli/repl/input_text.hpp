// From lines to inputs: when one is complete, and what is asked for before the language is.
#pragma once

#include <string>
#include <string_view>

namespace duso::cli::repl {

// Whether something in [text] is still open at its end - a bracket, a string, a block, an operator that waits for its
// operand - so that the next line belongs to it. A command never is.
bool is_open(std::string_view text);

// Whether the line [text] says that the next one belongs to it: its last character is a backslash.
bool ends_in_backslash(std::string_view text);

// Whether [text] is a command of the prompt and no Duso code: its first character is a colon.
bool is_command(std::string_view text);

// Whether [text] is one of the words that leave the session, and nothing else.
bool asks_to_leave(std::string_view text);

}  // namespace duso::cli::repl
