#include "cli/repl/input_text.hpp"

#include <memory>

#include "interpreter/syntax/parser.hpp"
#include "interpreter/values/utf8.hpp"

namespace duso::cli::repl {

bool is_open(std::string_view text) {
  if (is_command(text)) return false;
  return syntax::parse(std::make_shared<const syntax::Source>("<stdin>", std::string(text))).incomplete;
}

bool ends_in_backslash(std::string_view text) { return text.ends_with('\\'); }

bool is_command(std::string_view text) { return utf8::trim_start(text).starts_with(':'); }

bool asks_to_leave(std::string_view text) {
  const std::string_view word = utf8::trim(text);
  return word == "exit" || word == "quit";
}

}  // namespace duso::cli::repl
