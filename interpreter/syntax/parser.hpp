// Source text to syntax tree: the way into the front end.
//
// All of a text is cut into tokens, then all of it is parsed, before anything runs. There is always a tree, as complete
// as the text allows, for tools have to work on code that is being written; a program with diagnostics must not be
// executed.
//
// The first diagnostic is the error of the text: its words and place are part of the language (section 15 of its
// specification). Mistakes in tokens come first, wherever they stand. The others are there for the convenience of
// editors; the parser goes on after an error where a statement seems to begin, and gives up after kMaxDiagnostics.
//
// Nesting costs heap and not stack (deep_call.hpp), so any text can be parsed on a small stack; beyond kMaxNesting
// levels, and for trees higher than kMaxTreeHeight (ast.hpp), it is refused with `expression nested too deeply`.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "interpreter/syntax/ast.hpp"
#include "interpreter/syntax/diagnostics.hpp"

namespace duso::syntax {

// How many constructs may be open at the same time: the program itself, parentheses, brackets, braces, prefix
// operators, parameter lists, blocks, templates, last operands of `?:`.
inline constexpr int kMaxNesting = 2000;

// How many diagnostics a text gets at most.
inline constexpr std::size_t kMaxDiagnostics = 50;

struct ParseResult {
  std::shared_ptr<const Program> program;  // never null
  std::vector<Diagnostic> diagnostics;     // empty if the text is a valid program
  bool incomplete = false;  // the error may vanish if more text follows: something is still open at the end

  bool ok() const { return diagnostics.empty(); }
};

// Parses [source] as a script.
ParseResult parse(std::shared_ptr<const Source> source);

// Parses [source] as one expression with nothing behind it. The program's body is one ExpressionStatement.
ParseResult parse_expression(std::shared_ptr<const Source> source);

// Parses [source] as the text of a template whose escapes were resolved before: only {{ and }} mean something in it.
// The program's body is one ExpressionStatement of a Template, or of a StringLiteral if there is no {{ in it.
ParseResult parse_template(std::shared_ptr<const Source> source);

}  // namespace duso::syntax
