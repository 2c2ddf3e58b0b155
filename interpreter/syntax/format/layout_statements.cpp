// Statements, and the blocks they are made of.
#include "interpreter/syntax/format/layout.hpp"

namespace duso::syntax {

void Layout::statement(const Statement& s) {
  switch (s.kind) {
    case StatementKind::kExpressionStatement:
      return expression(*as<ExpressionStatement>(s).expression);
    case StatementKind::kAssignment:
      expression(*as<Assignment>(s).target);
      return assigned(*as<Assignment>(s).value);
    case StatementKind::kCompoundAssignment:
      expression(*as<CompoundAssignment>(s).target);
      return assigned(*as<CompoundAssignment>(s).value);
    case StatementKind::kPostfixStep:
      expression(*as<PostfixStep>(s).target);
      tight();
      return word();
    case StatementKind::kVarDeclaration:
      word();
      space();
      word();
      return assigned(*as<VarDeclaration>(s).value);
    case StatementKind::kFunctionDeclaration:
      return function(*as<FunctionDeclaration>(s).function);
    case StatementKind::kIf:
      return if_statement(as<If>(s));
    case StatementKind::kWhile:
      return while_loop(as<While>(s));
    case StatementKind::kForNumeric:
      return numeric_loop(as<ForNumeric>(s));
    case StatementKind::kForEach:
      return each_loop(as<ForEach>(s));
    case StatementKind::kTry:
      return try_statement(as<Try>(s));
    case StatementKind::kReturn: {
      const Expression* const value = as<Return>(s).value;
      word();
      if (value == nullptr) return;
      space();
      indent_ = continuation(indent_, value->end);
      return expression(*value);
    }
    case StatementKind::kBreak:
    case StatementKind::kContinue:
      return word();
    case StatementKind::kErrorStatement:
      return;
  }
}

// The rest of an assignment behind its target, or of a default or a named argument behind its name: "=" value.
void Layout::assigned(const Expression& value) {
  space();
  word();
  space_or_line();
  indent_ = continuation(indent_, value.end);
  expression(value);
}

// ---- Branches, loops, errors ----

// The condition between a keyword and `then` or `do`. Lines that go on with it are told from the block by being
// indented twice as far.
void Layout::condition(const Expression& e) {
  const std::size_t outer = indent_;
  indent_ += kStep;
  space();
  indent_ = continuation(indent_, e.end);
  expression(e);
  space();
  word();
  indent_ = outer;
}

void Layout::if_statement(const If& s) {
  const IfClause& last = s.clauses.back();
  const std::uint32_t else_line = s.else_block ? line_of(s.else_block->begin - 1) : 0;
  const Shape shape = s.else_block ? shape_of(s.begin, s.end, else_line, *s.else_block)
                                   : shape_of(s.begin, s.end, last.position.line, last.body);
  word();
  const std::size_t base = page_.indent();
  for (const IfClause& part : s.clauses) {
    if (&part != &s.clauses.front()) clause(shape, base);
    condition(*part.condition);
    block(part.body, shape_of_clause(shape, part.position.line, part.body), base + kStep);
  }
  if (s.else_block) {
    clause(shape, base);
    block(*s.else_block, shape_of_clause(shape, else_line, *s.else_block), base + kStep);
  }
  end(shape, base);
}

void Layout::while_loop(const While& s) {
  const Shape shape = shape_of(s.begin, s.end);
  word();
  const std::size_t base = page_.indent();
  condition(*s.condition);
  block(s.body, shape, base + kStep);
  end(shape, base);
}

void Layout::numeric_loop(const ForNumeric& s) {
  const Shape shape = shape_of(s.begin, s.end);
  word();
  const std::size_t base = page_.indent();
  loop_head(s.variable);
  for (const Expression* bound : {s.first, s.last, s.step}) {
    if (bound == nullptr) continue;
    if (bound != s.first) {
      tight();
      word();
    }
    space_or_line();
    expression(*bound);
  }
  loop_body(s.body, shape, base);
}

void Layout::each_loop(const ForEach& s) {
  const Shape shape = shape_of(s.begin, s.end);
  word();
  const std::size_t base = page_.indent();
  loop_head(s.variable);
  space();
  expression(*s.iterable);
  loop_body(s.body, shape, base);
}

// Behind `for`: ["var"] IDENT ("=" | "in")
void Layout::loop_head(const LoopVariable& variable) {
  indent_ += kStep;
  for (int words = variable.with_var ? 3 : 2; words > 0; --words) {
    space();
    word();
  }
}

// "do" stmt* "end"
void Layout::loop_body(const Block& body, Shape shape, std::size_t base) {
  space();
  word();
  block(body, shape, base + kStep);
  end(shape, base);
}

void Layout::try_statement(const Try& s) {
  const std::uint32_t catch_line = line_of(s.body.end);
  const Shape shape = shape_of(s.begin, s.end, catch_line, s.handler);
  word();
  const std::size_t base = page_.indent();
  block(s.body, shape_of_clause(shape, line_of(s.begin), s.body), base + kStep);
  clause(shape, base);
  space();
  word();
  for (int words = 2; words > 0; --words) {  // the variable and its closing parenthesis
    tight();
    word();
  }
  block(s.handler, shape_of_clause(shape, catch_line, s.handler), base + kStep);
  end(shape, base);
}

// ---- Blocks ----

// The statements of [block], each in a line of its own indented by [indent] if the [shape] is open.
void Layout::block(const Block& block, Shape shape, std::size_t indent) {
  const std::size_t outer = indent_;
  for (const Statement* s : block.statements) {
    const bool is_first = s == block.statements.front();
    if (shape == Shape::kOpen) {
      const bool behind_shell_line = next_ == 0 && !page_.is_empty();
      line(indent, is_first && !behind_shell_line);
      indent_ = indent + kStep;
    } else {
      space();
      spacing_.semicolon = !is_first && words_[next_].before.semicolon;
    }
    statement(*s);
  }
  indent_ = outer;
}

// The keyword that begins the next clause of a statement whose first keyword is indented by [base]. A comment in front
// of it is about the clause, and not the end of the block before it, if it is no further to the right.
void Layout::clause(Shape shape, std::size_t base) {
  if (shape == Shape::kOneLine) {
    space();
  } else {
    const Word& keyword = words_[next_];
    std::size_t remark_indent = base + kStep;
    for (const Remark& remark : keyword.before.remarks) {
      if (remark.breaks == 0) continue;
      if (remark.column <= keyword.column) remark_indent = base;
      break;
    }
    closing_line(base, remark_indent);
  }
  word();
}

// The `end` of a statement or function whose first keyword is indented by [base].
void Layout::end(Shape shape, std::size_t base) {
  if (shape == Shape::kOpen) {
    closing_line(base, base + kStep);
  } else {
    space();
  }
  word();
}

// ---- Shapes ----

// The line that [block] ends in: that of its last word, or of the one in front of it if it is empty.
std::uint32_t Layout::last_line(const Block& block) const {
  return line_of(block.statements.empty() ? block.begin - 1 : block.statements.back()->end - 1);
}

Layout::Shape Layout::shape_of(std::uint32_t begin, std::uint32_t end) const {
  return line_of(begin) == line_of(end - 1) ? Shape::kOneLine : Shape::kOpen;
}

// Of a statement with several clauses, the last of which has its keyword in the line [last_keyword_line].
Layout::Shape Layout::shape_of(std::uint32_t begin, std::uint32_t end, std::uint32_t last_keyword_line,
                               const Block& last) const {
  if (shape_of(begin, end) == Shape::kOneLine) return Shape::kOneLine;
  const bool is_line = last_keyword_line == last_line(last) && last_keyword_line == line_of(end - 1);
  return is_line ? Shape::kLastLine : Shape::kOpen;
}

// Of the [block] of a clause whose keyword is in the line [keyword_line], in a statement of that [shape].
Layout::Shape Layout::shape_of_clause(Shape shape, std::uint32_t keyword_line, const Block& block) const {
  return shape == Shape::kLastLine && keyword_line != last_line(block) ? Shape::kOpen : shape;
}

}  // namespace duso::syntax
