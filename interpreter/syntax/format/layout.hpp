// Where the words of a program go: the rules of its appearance.
//
// A Layout walks over the tree and over the words side by side. The tree says what the next word means: whether a `-`
// is a sign, a parenthesis begins arguments, a name begins a statement. The words say what there is to write. Before
// each word the walk decides what may stand in front of it (a Spacing), and `word` writes both. Decisions are made
// about gaps only; nothing is taken from the tree but its shape.
//
// What the author decided well is kept: within an expression or a list a line breaks where it broke before, and what
// follows a break is aligned with what it continues if it was. A statement that stands in one line, all of it, stays
// there. The rest has one form: each statement in a line of its own, two columns to the right of what it is part of.
//
// There is no longest line, and nothing is ever joined or broken to make it fit. All decisions rest on where the source
// has its line breaks, and the text that they lead to leads to the same decisions: formatting twice is formatting once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "interpreter/syntax/ast.hpp"
#include "interpreter/syntax/format/page.hpp"
#include "interpreter/syntax/format/words.hpp"

namespace duso::syntax {

class Layout {
 public:
  // [program] must be free of errors.
  explicit Layout(const Program& program);

  // The laid out text; to be called once.
  std::string run();

 private:
  // How far each level is indented.
  static constexpr std::size_t kStep = 2;

  // What stands in front of a word.
  struct Spacing {
    enum class Break : std::uint8_t { kNever, kAsWritten, kAlways };

    Break line = Break::kNever;
    bool space = false;             // if the word stays in its line
    bool semicolon = false;         // one is written in front of everything
    bool blank_lines = false;       // one may be kept in this gap
    bool opens = false;             // the word comes first in something: no blank line at the beginning of the gap
    bool closes = false;            // the word is the end of something: no blank line in front of it
    std::size_t indent = 0;         // of the word, if it begins a line
    std::size_t remark_indent = 0;  // of comments that do
  };

  // How a statement with blocks, a function, or one of their blocks is laid out.
  enum class Shape : std::uint8_t {
    kOneLine,   // all of it in one line, as it was
    kLastLine,  // each clause begins a line; the last one is a line, `end` included, and others may be
    kOpen,      // keywords, statements and `end` are in lines of their own
  };

  // ---- Gaps and words (layout.cpp) ----

  void tight() { spacing_ = {.indent = indent_, .remark_indent = indent_}; }
  void space() { spacing_ = {.space = true, .indent = indent_, .remark_indent = indent_}; }
  void tight_or_line();
  void space_or_line();
  void line(std::size_t indent, bool opens);
  void closing_line(std::size_t indent, std::size_t remark_indent);

  bool at(TokenKind kind) const { return words_[next_].token.kind == kind; }
  void word();
  bool breaks_before_word(const Gap& gap) const;
  void write_gap(const Gap& gap);
  void begin_line(std::size_t indent, bool has_blank_line);
  void write_remarks(const Gap& gap, bool word_breaks);

  std::uint32_t line_of(std::uint32_t offset) const { return program_.source().position_at(offset).line; }
  bool is_aligned(std::uint32_t end) const;
  std::size_t continuation(std::size_t otherwise, std::uint32_t end) const;

  // ---- Statements (layout_statements.cpp) ----

  void statement(const Statement& s);
  void assigned(const Expression& value);
  void if_statement(const If& s);
  void while_loop(const While& s);
  void numeric_loop(const ForNumeric& s);
  void each_loop(const ForEach& s);
  void loop_head(const LoopVariable& variable);
  void loop_body(const Block& body, Shape shape, std::size_t base);
  void try_statement(const Try& s);
  void condition(const Expression& e);
  void block(const Block& block, Shape shape, std::size_t indent);
  void clause(Shape shape, std::size_t base);
  void end(Shape shape, std::size_t base);

  std::uint32_t last_line(const Block& block) const;
  Shape shape_of(std::uint32_t begin, std::uint32_t end) const;
  Shape shape_of(std::uint32_t begin, std::uint32_t end, std::uint32_t last_keyword_line, const Block& last) const;
  Shape shape_of_clause(Shape shape, std::uint32_t keyword_line, const Block& block) const;

  // ---- Expressions (layout_expressions.cpp) ----

  void expression(const Expression& e) { expression(e, e.parentheses); }
  void expression(const Expression& e, unsigned parentheses);
  void bare_expression(const Expression& e);
  void unary(const Unary& e);
  void infix(const Expression& right);
  void argument(const Argument& argument);
  void entry(const ObjectEntry& entry);
  void parameter(const Parameter& parameter);
  void function(const FunctionDefinition& f);
  template <typename WriteItem>
  void list(std::size_t count, WriteItem write_item);

  const Program& program_;
  std::vector<Word> words_;
  std::size_t next_ = 0;
  Page page_;
  Spacing spacing_;         // in front of the next word
  std::size_t indent_ = 0;  // of a line that goes on with what the line before began
};

}  // namespace duso::syntax
