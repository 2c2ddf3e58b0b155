// Strings with expressions in them.
//
// Where the expression after a {{ ends is decided by search first and by grammar second. The text up to the next }} is
// tried; if an expression can be read from its beginning, whatever follows that is ignored. Only if there is none (in
// "{{ {a={b=1}} }}" the first }} belongs to the object) the end is the first }} that leaves a complete expression. To
// find it the parser need not try one }} after the other: it reads one expression from the text without a limit, and
// the expression itself shows where it is complete. So a string is read in linear time, however many braces it has.
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "interpreter/syntax/grammar.hpp"
#include "interpreter/syntax/string_literal.hpp"

namespace duso::syntax {

namespace {

constexpr std::string_view kOpening = "{{";
constexpr std::string_view kClosing = "}}";

}  // namespace

bool Parser::has_template(const Token& string) const {
  return text_of(string).find(kOpening) != std::string_view::npos;
}

// The value of the [string] token when nothing in it is a template.
std::string_view Parser::string_value(const Token& string) {
  return unescape(string_content(text(), string, program_.arena_).bytes(), program_.arena_);
}

// STRING
DeepCall<Expression*> Parser::parse_template() {
  const Nesting level(*this);
  const Start start = start_here();
  const Token string = advance();
  const TextRange content = string_content(text(), string, program_.arena_);
  const List<TemplatePiece> pieces = co_await parse_pieces(content, true);
  co_return make<Template>(start, start.position, tallest_piece(pieces), pieces);
}

// pieces := (TEXT | "{{" expr "}}")*
//
// With [escaped] the texts have escapes in them. After an error in an expression the rest is left: nobody knows where
// it would start.
DeepCall<List<TemplatePiece>> Parser::parse_pieces(TextRange content, bool escaped) {
  std::vector<TemplatePiece> pieces;
  std::uint32_t offset = content.begin;
  while (offset < content.end) {
    const std::string_view rest = content.text.slice(offset, content.end);
    const std::size_t opening = rest.find(kOpening);
    const std::string_view plain = rest.substr(0, opening);
    if (!plain.empty()) {
      pieces.push_back({.text = escaped ? unescape(plain, program_.arena_) : plain, .source = plain});
    }
    if (opening == rest.npos) break;
    const auto begin = offset + static_cast<std::uint32_t>(opening + kOpening.size());
    const TemplateExpression found = co_await parse_template_expression({content.text, begin, content.end});
    if (found.expression == nullptr) break;
    pieces.push_back({.text = {}, .expression = found.expression, .source = content.text.slice(begin, found.end)});
    offset = found.end + static_cast<std::uint32_t>(kClosing.size());
  }
  co_return keep(pieces);
}

// The expression that [rest], the text behind a {{, begins with, up to its }}.
DeepCall<Parser::TemplateExpression> Parser::parse_template_expression(TextRange rest) {
  const std::size_t closing = rest.bytes().find(kClosing);
  if (closing == std::string_view::npos) {
    const auto opening = rest.begin - static_cast<std::uint32_t>(kOpening.size());
    report(program_.source().position_at(rest.text.source_offset(opening)), "unclosed {{ in template string");
    co_return TemplateExpression{};
  }
  const std::uint32_t first_end = rest.begin + static_cast<std::uint32_t>(closing);
  const Embedded found = co_await parse_embedded({rest.text, rest.begin, first_end});
  if (found.errors.empty()) co_return TemplateExpression{found.expression, first_end};

  const Embedded longer = co_await parse_embedded(rest);
  const bool is_complete = longer.errors.empty() && rest.text.slice(longer.end, rest.end).starts_with(kClosing);
  if (is_complete) co_return TemplateExpression{longer.expression, longer.end};

  const Diagnostic& error = found.errors.front();
  report(error.position, compose({"error in template expression: ", error.message}));
  co_return TemplateExpression{};
}

// Parses the expression that [range] begins with, whatever follows it.
DeepCall<Parser::Embedded> Parser::parse_embedded(TextRange range) {
  Input embedded{.tokens = TokenStream(Lexer(program_.source(), range)), .diagnostics = {}, .is_file = false};
  Input* const surrounding = std::exchange(input_, &embedded);
  Expression* const expression = co_await parse_expression();
  const std::uint32_t end = embedded.tokens.peek().begin;
  input_ = surrounding;
  co_return Embedded{expression, end, std::move(embedded.diagnostics)};
}

std::uint16_t Parser::tallest_piece(List<TemplatePiece> pieces) {
  std::uint16_t height = 0;
  for (const TemplatePiece& piece : pieces) height = std::max(height, tallest(piece.expression));
  return height;
}

}  // namespace duso::syntax
