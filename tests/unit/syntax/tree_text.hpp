// Syntax trees as text, so that a test can show at a glance what the parser makes of a script.
//
// Operations come as lists with the operator first: `a + b * c` is `(+ a (* b c))`, `f(1, n = 2)` is `(call f 1 n=2)`.
// Statements are separated by `; `.
#pragma once

#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "interpreter/syntax/parser.hpp"

namespace duso::syntax::test {

class TreeWriter {
 public:
  std::string take() { return std::move(text_).str(); }

  void write(const Block& block) {
    bool first = true;
    for (const Statement* statement : block.statements) {
      if (!std::exchange(first, false)) text_ << "; ";
      write(*statement);
    }
  }

  void write(const Expression& e) {
    switch (e.kind) {
      case ExpressionKind::kNumberLiteral:
        text_ << as<NumberLiteral>(e).value;
        return;
      case ExpressionKind::kStringLiteral:
        text_ << '"' << as<StringLiteral>(e).value << '"';
        return;
      case ExpressionKind::kTemplate:
        write_template(as<Template>(e));
        return;
      case ExpressionKind::kRegexLiteral:
        text_ << '~' << as<RegexLiteral>(e).pattern << '~';
        return;
      case ExpressionKind::kBooleanLiteral:
        text_ << (as<BooleanLiteral>(e).value ? "true" : "false");
        return;
      case ExpressionKind::kNilLiteral:
        text_ << "nil";
        return;
      case ExpressionKind::kName:
        text_ << as<Name>(e).identifier;
        return;
      case ExpressionKind::kArrayLiteral:
        write_array(as<ArrayLiteral>(e));
        return;
      case ExpressionKind::kObjectLiteral:
        write_object(as<ObjectLiteral>(e));
        return;
      case ExpressionKind::kFunctionExpression:
        write(*as<FunctionExpression>(e).function);
        return;
      case ExpressionKind::kUnary:
        write_list(as<Unary>(e).op == UnaryOperator::kNot ? "not" : "-", {as<Unary>(e).operand});
        return;
      case ExpressionKind::kBinary:
        write_list(symbol_of(as<Binary>(e).op), {as<Binary>(e).left, as<Binary>(e).right});
        return;
      case ExpressionKind::kLogical:
        write_list(as<Logical>(e).op == LogicalOperator::kAnd ? "and" : "or",
                   {as<Logical>(e).left, as<Logical>(e).right});
        return;
      case ExpressionKind::kConditional:
        write_list("?", {as<Conditional>(e).condition, as<Conditional>(e).consequence, as<Conditional>(e).alternative});
        return;
      case ExpressionKind::kCall:
        write_call(as<Call>(e));
        return;
      case ExpressionKind::kIndex:
        write_list("index", {as<Index>(e).object, as<Index>(e).index});
        return;
      case ExpressionKind::kProperty:
        text_ << "(. ";
        write(*as<Property>(e).object);
        text_ << ' ' << as<Property>(e).name << ')';
        return;
      case ExpressionKind::kPrefixStep:
        write_list(as<PrefixStep>(e).step > 0 ? "++" : "--", {as<PrefixStep>(e).target});
        return;
      case ExpressionKind::kErrorExpression:
        text_ << "<error>";
        return;
    }
  }

  void write(const Statement& s) {
    switch (s.kind) {
      case StatementKind::kExpressionStatement:
        write(*as<ExpressionStatement>(s).expression);
        return;
      case StatementKind::kAssignment:
        write_list("=", {as<Assignment>(s).target, as<Assignment>(s).value});
        return;
      case StatementKind::kCompoundAssignment:
        write_list(std::string(symbol_of(as<CompoundAssignment>(s).op)) + '=',
                   {as<CompoundAssignment>(s).target, as<CompoundAssignment>(s).value});
        return;
      case StatementKind::kPostfixStep:
        write_list(as<PostfixStep>(s).step > 0 ? "post++" : "post--", {as<PostfixStep>(s).target});
        return;
      case StatementKind::kVarDeclaration:
        text_ << "(var " << as<VarDeclaration>(s).name << ' ';
        write(*as<VarDeclaration>(s).value);
        text_ << ')';
        return;
      case StatementKind::kFunctionDeclaration:
        write(*as<FunctionDeclaration>(s).function);
        return;
      case StatementKind::kIf:
        write_if(as<If>(s));
        return;
      case StatementKind::kWhile:
        text_ << "(while ";
        write(*as<While>(s).condition);
        write_body(as<While>(s).body);
        text_ << ')';
        return;
      case StatementKind::kForNumeric:
        write_for(as<ForNumeric>(s));
        return;
      case StatementKind::kForEach:
        text_ << "(each " << as<ForEach>(s).variable.name << ' ';
        write(*as<ForEach>(s).iterable);
        write_body(as<ForEach>(s).body);
        text_ << ')';
        return;
      case StatementKind::kTry:
        text_ << "(try";
        write_body(as<Try>(s).body);
        text_ << " (catch " << as<Try>(s).error_name;
        write_body(as<Try>(s).handler);
        text_ << "))";
        return;
      case StatementKind::kReturn:
        if (as<Return>(s).value == nullptr) {
          text_ << "(return)";
        } else {
          write_list("return", {as<Return>(s).value});
        }
        return;
      case StatementKind::kBreak:
        text_ << "break";
        return;
      case StatementKind::kContinue:
        text_ << "continue";
        return;
      case StatementKind::kErrorStatement:
        text_ << "<error>";
        return;
    }
  }

 private:
  static std::string_view symbol_of(BinaryOperator op) {
    switch (op) {
      case BinaryOperator::kAdd:
        return "+";
      case BinaryOperator::kSubtract:
        return "-";
      case BinaryOperator::kMultiply:
        return "*";
      case BinaryOperator::kDivide:
        return "/";
      case BinaryOperator::kModulo:
        return "%";
      case BinaryOperator::kEqual:
        return "==";
      case BinaryOperator::kNotEqual:
        return "!=";
      case BinaryOperator::kLess:
        return "<";
      case BinaryOperator::kLessEqual:
        return "<=";
      case BinaryOperator::kGreater:
        return ">";
      case BinaryOperator::kGreaterEqual:
        return ">=";
    }
    return "?";
  }

  void write_list(std::string_view head, std::initializer_list<const Expression*> items) {
    text_ << '(' << head;
    for (const Expression* item : items) {
      text_ << ' ';
      write(*item);
    }
    text_ << ')';
  }

  void write_body(const Block& block) {
    if (block.statements.empty()) return;
    text_ << ' ';
    write(block);
  }

  void write_template(const Template& e) {
    text_ << "(template";
    for (const TemplatePiece& piece : e.pieces) {
      text_ << ' ';
      if (piece.expression != nullptr) {
        write(*piece.expression);
      } else {
        text_ << '"' << piece.text << '"';
      }
    }
    text_ << ')';
  }

  void write_array(const ArrayLiteral& e) {
    text_ << '[';
    const char* separator = "";
    for (const Expression* element : e.elements) {
      text_ << std::exchange(separator, " ");
      write(*element);
    }
    text_ << ']';
  }

  void write_object(const ObjectLiteral& e) {
    text_ << '{';
    const char* separator = "";
    for (const ObjectEntry& entry : e.entries) {
      text_ << std::exchange(separator, " ") << entry.name;
      if (entry.computed_key != nullptr) {
        text_ << '[';
        write(*entry.computed_key);
        text_ << ']';
      }
      text_ << '=';
      write(*entry.value);
    }
    text_ << '}';
  }

  void write_call(const Call& e) {
    text_ << "(call ";
    write(*e.callee);
    for (const Argument& argument : e.arguments) {
      text_ << ' ';
      if (argument.name) text_ << *argument.name << '=';
      write(*argument.value);
    }
    text_ << ')';
  }

  void write(const FunctionDefinition& function) {
    text_ << "(function " << function.name << (function.name.empty() ? "(" : " (");
    const char* separator = "";
    for (const Parameter& parameter : function.parameters) {
      text_ << std::exchange(separator, " ") << parameter.name;
      if (parameter.default_value == nullptr) continue;
      text_ << '=';
      write(*parameter.default_value);
    }
    text_ << ')';
    write_body(function.body);
    text_ << ')';
  }

  void write_if(const If& s) {
    text_ << "(if";
    for (const IfClause& clause : s.clauses) {
      text_ << " (";
      write(*clause.condition);
      write_body(clause.body);
      text_ << ')';
    }
    if (s.else_block) {
      text_ << " (else";
      write_body(*s.else_block);
      text_ << ')';
    }
    text_ << ')';
  }

  void write_for(const ForNumeric& s) {
    text_ << "(for " << s.variable.name << ' ';
    write(*s.first);
    text_ << ' ';
    write(*s.last);
    if (s.step != nullptr) {
      text_ << ' ';
      write(*s.step);
    }
    text_ << " do";
    write_body(s.body);
    text_ << ')';
  }

  std::ostringstream text_;
};

// What the parser makes of [text]; the file is called "t.du".
inline ParseResult parse_text(std::string_view text) {
  return parse(std::make_shared<const Source>("t.du", std::string(text)));
}

// The tree of the valid program [text]. Of an invalid one, its error.
inline std::string tree_of(std::string_view text) {
  const ParseResult result = parse_text(text);
  if (!result.ok()) return format(result.program->source(), result.diagnostics.front());
  TreeWriter writer;
  writer.write(result.program->body());
  return writer.take();
}

// The tree of a program with errors, with "<error>" where something is missing.
inline std::string broken_tree_of(std::string_view text) {
  TreeWriter writer;
  writer.write(parse_text(text).program->body());
  return writer.take();
}

// The error of [text], as `LINE:COLUMN: MESSAGE`; empty if it is valid.
inline std::string error_of(std::string_view text) {
  const ParseResult result = parse_text(text);
  if (result.ok()) return "";
  return format(result.program->source(), result.diagnostics.front()).substr(std::string_view("t.du:").size());
}

// The only expression of the program [result], whose body must be an expression statement.
inline const Expression& only_expression(const ParseResult& result) {
  return *as<ExpressionStatement>(*result.program->body().statements.front()).expression;
}

// The value of the string literal that [text] consists of.
inline std::string string_of(std::string_view text) {
  const ParseResult result = parse_text(text);
  if (!result.ok()) return compose({"error: ", result.diagnostics.front().message});
  const auto* literal = try_as<StringLiteral>(&only_expression(result));
  return literal != nullptr ? std::string(literal->value) : "no plain string";
}

}  // namespace duso::syntax::test
