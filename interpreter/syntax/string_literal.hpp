// What is inside a string token.
//
// A string is worked on in three steps, and their order matters: the quotes are taken off, with the common indentation
// of a triple-quoted string; what is left is cut into texts and template expressions; the texts have their escapes
// resolved. The first and last step are here, the cutting is the parser's business (parser_templates.cpp), because only
// it knows where an expression ends. The rules are section 2 of the language's specification.
#pragma once

#include <string_view>

#include "interpreter/syntax/arena.hpp"
#include "interpreter/syntax/mapped_text.hpp"
#include "interpreter/syntax/token.hpp"

namespace duso::syntax {

// The inside of the string [token], which was read from [text], with its escapes still unresolved. Triple-quoted
// strings are trimmed and lose their indentation; what has to be copied for that goes to [arena].
TextRange string_content(const MappedText& text, const Token& token, Arena& arena);

// [text] with its escapes resolved: a view of the same bytes if there are none, else a copy in [arena].
std::string_view unescape(std::string_view text, Arena& arena);

}  // namespace duso::syntax
