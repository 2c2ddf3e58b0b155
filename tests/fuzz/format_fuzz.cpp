// Fuzz target: laying out source text of any kind.
//
// Of every text that is a program, the formatter must make one with the same words, comments and tree, and of that one
// exactly itself. The parser sees nothing but words, so the words decide; of the trees only the outlines are compared.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "interpreter/syntax/format/formatter.hpp"
#include "interpreter/syntax/format/words.hpp"
#include "interpreter/syntax/parser.hpp"

namespace {

using namespace duso::syntax;

void expect(bool holds) {
  if (!holds) std::abort();
}

ParseResult parse_text(std::string text) { return parse(std::make_shared<const Source>("fuzz.du", std::move(text))); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ParseResult original = parse_text(std::string(reinterpret_cast<const char*>(data), size));
  if (!original.ok()) return 0;
  const std::string text = format_program(*original.program);
  const ParseResult formatted = parse_text(text);
  expect(formatted.ok());
  expect(same_words(original.program->source(), formatted.program->source()));
  expect(formatted.program->body().statements.size() == original.program->body().statements.size());
  expect(formatted.program->body().height == original.program->body().height);
  expect(format_program(*formatted.program) == text);
  return 0;
}
