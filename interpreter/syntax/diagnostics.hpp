// What the front end has to say about a script, and how it is said.
//
// A diagnostic is a message with a place. Everything that judges source text reports in this form: the parser its
// errors, lint its warnings; who shows them chooses between the one line and the excerpt of the source below it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "interpreter/syntax/source.hpp"

namespace duso::syntax {

enum class Severity : std::uint8_t { kError, kWarning };

struct Diagnostic {
  Position position;
  std::string message;
  Severity severity = Severity::kError;

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

// A message put together from its [parts].
std::string compose(std::initializer_list<std::string_view> parts);

// `FILE:LINE:COLUMN: MESSAGE`, the message of a warning being preceded by `warning: `.
std::string format(const Source& source, const Diagnostic& diagnostic);

// The line of [source] that [position] is in, and below it a caret under the place, each with a newline. Of a very long
// line only the surroundings of the place are shown.
std::string excerpt(const Source& source, Position position);

}  // namespace duso::syntax
