// Turns bytes into a Duso program that parses.
//
// Every choice takes a byte, so a fuzzer that changes a byte changes one decision, and one that finds an interesting
// program keeps it. When the bytes run out every choice is the first one, which is always a plain one: programs end.
// Names come from a pool of a few, so that what is declared, captured, assigned and called keeps meeting.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace duso::fuzz {

class ProgramGenerator {
 public:
  // Builtins that a program of random text may call: they do not read, wait or reach anything outside.
  static constexpr std::array<std::string_view, 56> kBuiltins{
      "push",     "pop",       "shift",       "unshift",   "len",         "keys",       "values",    "range",
      "map",      "filter",    "reduce",      "sort",      "deep_copy",   "parallel",   "template",  "parse",
      "throw",    "assert",    "type",        "tostring",  "tonumber",    "tobool",     "split",     "join",
      "repeat",   "replace",   "find",        "contains",  "substr",      "trim",       "upper",     "lower",
      "pad_left", "pad_right", "starts_with", "ends_with", "escape_html", "toregex",    "floor",     "round",
      "abs",      "sqrt",      "pow",         "min",       "max",         "clamp",      "fibonacci", "print",
      "write",    "debug",     "error",       "sys",       "env",         "breakpoint", "exit",      "random"};

  explicit ProgramGenerator(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  // Most statements run in a `try`, or the first error would be the end of most programs.
  std::string program() {
    if (below(8) != 1) put(kBeginning);
    while (next_ < bytes_.size() && out_.size() < kLongest) {
      const bool is_guarded = below(4) != 1;
      if (is_guarded) put("try\n");
      statement();
      if (is_guarded) put("catch (e)\nt = e\nend\n");
    }
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kLongest = 64 * 1024;
  static constexpr int kDeepest = 12;

  static constexpr std::array<std::string_view, 12> kNames{"a", "b", "c", "d", "f", "g",
                                                           "h", "i", "o", "s", "t", "len"};
  static constexpr std::array<std::string_view, 7> kKeys{"x", "y", "next", "a", "f", "message", "stack"};
  static constexpr std::array<std::string_view, 16> kNumbers{
      "0", "1", "2", "3", "10", "100", "0.5", "7", "64", "1000", "1e9", "1e18", "1e400", "1e-300", "-1", "4294967296"};
  static constexpr std::array<std::string_view, 8> kTexts{"",    "a",     "abc",    "12",
                                                          "é€😀", "a,b,c", "x\\xff", "undefined variable: q"};
  static constexpr std::array<std::string_view, 6> kRegexes{"~a~", "~(\\w)(\\d*)~", "~[~", "~~", "~(?i)x|é~", "~.*~"};
  static constexpr std::array<std::string_view, 13> kOperators{
      "+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "and", "or"};
  static constexpr std::array<std::string_view, 5> kCompound{"+=", "-=", "*=", "/=", "%="};

  // Something for the names to mean.
  static constexpr std::string_view kBeginning = R"(
a = [3, 1, 2, "b"]
b = [a, [a], {x = a}, a]
c = 2.5
function d(a, b, x = c) return a end
function f(i, h) if i == nil or h then return [i, h] end return self end
g = {x = 1, y = [1], f = f, a = function(a) y = a  return x end, next = {f = function() return self end}}
function h() var s = 0  return {x = function(i) s = s + 1  return s end, y = function() return f end, f = h} end
i = 10
o = h()
s = "a,b,cé"
t = "template {{a}}"
)";

  std::uint8_t byte() { return next_ < bytes_.size() ? bytes_[next_++] : 0; }
  std::size_t below(std::size_t count) { return byte() % count; }
  void put(std::string_view text) { out_ += text; }
  template <std::size_t kCount>
  void one_of(const std::array<std::string_view, kCount>& texts) {
    put(texts[below(kCount)]);
  }
  void name() { one_of(kNames); }

  void block() {
    const std::size_t count = below(5);
    for (std::size_t i = 0; i < count && out_.size() < kLongest; ++i) statement();
  }

  void parameters() {
    put("(");
    const std::size_t count = below(5);
    for (std::size_t i = 0; i < count; ++i) {
      name();
      if (below(5) == 1) {
        put(" = ");
        expression();
      }
      put(", ");
    }
    put(")\n");
  }

  void statement() {
    if (depth_ >= kDeepest) return put("a = 1\n");
    ++depth_;
    plain_statement();
    put("\n");
    --depth_;
  }

  void plain_statement() {
    switch (below(22)) {
      default:
        name();
        put(" = ");
        return expression();
      case 1:
        put("var ");
        name();
        put(" = ");
        return expression();
      case 2:
        target();
        put(" ");
        one_of(kCompound);
        put(" ");
        return expression();
      case 3:
        target();
        return put(below(2) == 0 ? "++" : "--");
      case 4:
        target();
        put(" = ");
        return expression();
      case 5:
      case 6:
        put("if ");
        expression();
        put(" then\n");
        block();
        for (std::size_t i = below(4); i-- > 0;) {
          put("elseif ");
          expression();
          put(" then\n");
          block();
        }
        if (below(2) == 1) {
          put("else\n");
          block();
        }
        return put("end");
      case 7:
        put("while ");
        expression();
        put(" do\n");
        block();
        return put("end");
      case 8:
        put("for ");
        name();
        put(" = ");
        expression();
        put(", ");
        expression();
        if (below(4) == 1) {
          put(", ");
          expression();
        }
        put(" do\n");
        block();
        return put("end");
      case 9:
      case 10:
        put("for ");
        name();
        put(" in ");
        expression();
        put(" do\n");
        block();
        return put("end");
      case 11:
      case 12:
        put("function ");
        name();
        parameters();
        block();
        return put("end");
      case 13:
      case 14:
        put("try\n");
        block();
        put("catch (");
        name();
        put(")\n");
        block();
        return put("end");
      case 15:
        put("return ");
        return expression();
      case 16:
        return put(below(2) == 0 ? "break" : "continue");
      case 17:
        put("throw(");
        expression();
        return put(")");
      case 18:
        return call();
      case 19:  // an array that changes while it is walked
        put("for ");
        name();
        put(" in ");
        name();
        put(" do\n");
        one_of(std::array<std::string_view, 4>{"push", "pop", "shift", "unshift"});
        put("(");
        name();
        put(", ");
        expression();
        put(")\n");
        block();
        return put("end");
      case 20:
        name();
        put(" = ");
        name();
        put(" + ");
        return expression();
      case 21:
        put("{");
        return put("x = 1}.x");
    }
  }

  // Something to assign to; now and then something that is none.
  void target() {
    switch (below(6)) {
      default:
        return name();
      case 1:
        name();
        put(".");
        return one_of(kKeys);
      case 2:
        name();
        put("[");
        expression();
        return put("]");
      case 3:
        put("self.");
        return one_of(kKeys);
      case 4:
        name();
        put(".");
        one_of(kKeys);
        put("[");
        expression();
        return put("]");
      case 5:
        return call();
    }
  }

  void expression() {
    if (depth_ >= kDeepest || out_.size() >= kLongest) return put("1");
    ++depth_;
    plain_expression();
    --depth_;
  }

  void plain_expression() {
    switch (below(26)) {
      default:
        return one_of(kNumbers);
      case 1:
      case 2:
      case 3:
        return name();
      case 4:
      case 5:
        put("(");
        expression();
        put(" ");
        one_of(kOperators);
        put(" ");
        expression();
        return put(")");
      case 6:
        return text();
      case 7:
      case 8:
        return call();
      case 9:
        put("[");
        for (std::size_t i = below(5); i-- > 0;) {
          expression();
          if (i != 0) put(", ");
        }
        return put("]");
      case 10:
      case 11:
        return object();
      case 12:
      case 13:
        if (in_template_) return name();
        put("function");
        parameters();
        block();
        return put("end");
      case 14:
        name();
        put(".");
        return one_of(kKeys);
      case 15:
        name();
        put("[");
        expression();
        return put("]");
      case 16:
        return template_text();
      case 17:
        put(below(2) == 0 ? "(not " : "(-");
        expression();
        return put(")");
      case 18:
        put("(");
        expression();
        put(" ? ");
        name();
        put(" : ");
        expression();
        return put(")");
      case 19:
        put(below(2) == 0 ? "(++" : "(--");
        target();
        return put(")");
      case 20:
        return put("self");
      case 21:
        return put("nil");
      case 22:
        return put(below(2) == 0 ? "true" : "false");
      case 23:
        if (in_template_) return name();
        return one_of(kRegexes);
      case 24:
        return one_of(kBuiltins);
      case 25:
        expression();
        put(".");
        one_of(kKeys);
        return arguments();
    }
  }

  void text() {
    put(in_template_ ? "'" : "\"");
    one_of(kTexts);
    put(in_template_ ? "'" : "\"");
  }

  void template_text() {
    if (in_template_) return text();
    in_template_ = true;
    put("\"");
    for (std::size_t i = below(3) + 1; i-- > 0;) {
      one_of(kTexts);
      put("{{ ");
      expression();
      put(" }}");
    }
    put("\"");
    in_template_ = false;
  }

  void object() {
    put("{");
    for (std::size_t i = below(5); i-- > 0;) {
      if (below(4) == 1) {
        put("[");
        expression();
        put("]");
      } else {
        one_of(kKeys);
      }
      put(" = ");
      expression();
      if (i != 0) put(", ");
    }
    put("}");
  }

  void call() {
    switch (below(5)) {
      default:
        one_of(kBuiltins);
        break;
      case 1:
      case 2:
        name();
        break;
      case 3:
        name();
        put(".");
        one_of(kKeys);
        break;
      case 4:
        put("(");
        expression();
        put(")");
        break;
    }
    arguments();
  }

  void arguments() {
    put("(");
    for (std::size_t i = below(5); i-- > 0;) {
      if (below(5) == 1) {
        name();
        put(" = ");
      }
      expression();
      if (i != 0) put(", ");
    }
    put(")");
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t next_ = 0;
  std::string out_;
  int depth_ = 0;
  bool in_template_ = false;
};

}  // namespace duso::fuzz
