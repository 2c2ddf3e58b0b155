#include "stdlib/reference/language_pages.hpp"

namespace duso::stdlib {

std::span<const LanguagePage> keyword_pages() {
  static const std::vector<LanguagePage> kPages = {
      {
          .name = "if",
          .also = {"then", "elseif", "else", "end"},
          .form = R"(if CONDITION then STATEMENTS
elseif CONDITION then STATEMENTS
else STATEMENTS
end)",
          .summary =
              "Runs the statements behind the first condition that is truthy, or those behind `else`. False are `nil`, "
              "`false`, 0 and whatever is empty: a string, an array, an object; everything else is true. There may be "
              "any number of `elseif` parts, and no `else`. The block makes no scope of its own. For a choice between "
              "two values there is `CONDITION ? VALUE : VALUE`.",
          .example = R"(count = 3
if count == 0 then
  print("none")
elseif count < 5 then
  print("a few") // a few
else
  print("many")
end
print(count > 1 ? "apples" : "apple") // apples)",
      },
      {
          .name = "while",
          .also = {"do"},
          .form = "while CONDITION do STATEMENTS end",
          .summary =
              "Runs the statements again and again, as long as the condition is truthy before they do. `break` leaves "
              "the loop, `continue` goes on with the next round.",
          .example = R"(power = 1
while power < 100 do power *= 2 end
print(power) // 128)",
      },
      {
          .name = "for",
          .also = {"in"},
          .form = R"(for NAME = FIRST, LAST do STATEMENTS end
for NAME = FIRST, LAST, STEP do STATEMENTS end
for NAME in CONTAINER do STATEMENTS end)",
          .summary =
              "Counts from FIRST to LAST, both included, by STEP or by 1; all three are whole numbers, and a negative "
              "step counts down. Or goes over the elements of an array or the keys of an object, those that are there "
              "when the loop begins. NAME belongs to the loop; functions made in different rounds share it.",
          .example = R"(for i = 10, 1, -4 do print(i) end
// 10
// 6
// 2
for key in {width = 4, height = 3} do print(key) end
// width
// height)",
      },
      {
          .name = "break",
          .also = {},
          .form = "break",
          .summary = "Leaves the innermost loop of the function that it stands in.",
          .example = R"(for word in ["so", "far", "stop", "no further"] do
  if word == "stop" then break end
  print(word)
end
// so
// far)",
      },
      {
          .name = "continue",
          .also = {},
          .form = "continue",
          .summary = "Ends this round of the innermost loop of the function that it stands in, and begins the next.",
          .example = R"(for n = 1, 5 do
  if n % 2 == 0 then continue end
  print(n)
end
// 1
// 3
// 5)",
      },
      {
          .name = "function",
          .also = {},
          .form = R"(function NAME(PARAMETER, PARAMETER = DEFAULT) STATEMENTS end
function(PARAMETER, PARAMETER = DEFAULT) STATEMENTS end)",
          .summary =
              "A function, as a statement that gives it a name or as a value without one. It is called with arguments "
              "in "
              "order, by name (`f(b = 2)`), or both; what is missing is its default, or nil. The result is the value "
              "of "
              "`return`, or of the last statement that ran. A function sees and changes the variables around it, also "
              "when these are no longer in use elsewhere. Called as `object.name()` it finds the properties of the "
              "object by their bare names, and the object itself as `self`. As a value it is of type `function`, like "
              "the builtins.",
          .example = R"(function greet(name, greeting = "hello")
  return greeting + ", " + name
end
print(greet("ann"))                          // hello, ann
print(greet(greeting = "bye", name = "bob")) // bye, bob
double = function(n) return 2 * n end
print(map([1, 2], double))                   // [2, 4])",
      },
      {
          .name = "return",
          .also = {},
          .form = R"(return
return VALUE)",
          .summary =
              "Ends the function with VALUE as its result, or nil. It takes what follows as its value, on the next "
              "line "
              "too, unless that is the end of the block. At the top level it is for modules, whose value it is; in a "
              "script it is an error.",
          .example = R"(function sign(n)
  if n < 0 then return -1 end
  return n > 0 ? 1 : 0
end
print(sign(-5), sign(0), sign(9)) // -1 0 1)",
      },
      {
          .name = "var",
          .also = {},
          .form = "var NAME = VALUE",
          .summary =
              "Makes a variable in the innermost scope - of a function, a loop, a catch block or the script - whatever "
              "has that name further out. Without `var` an assignment changes the nearest variable of that name, and "
              "makes a global one if there is none.",
          .example = R"(total = 1
function local_total()
  var total = 2
  return total
end
print(local_total(), total) // 2 1)",
      },
      {
          .name = "try",
          .also = {"catch"},
          .form = "try STATEMENTS catch (NAME) STATEMENTS end",
          .summary =
              "Runs the first statements. An error in them, raised by `throw` or by the runtime, ends them and runs "
              "the "
              "others with NAME as an error value: `NAME.message` is what was thrown, `NAME.stack` says where. "
              "Thrown again, an error value becomes the message of a new one. `exit` and `shutdown` are not caught.",
          .example = R"(try
  throw({code = 404})
catch (problem)
  print(type(problem), problem.message.code) // error 404
end
try
  print(1 / 0)
catch (problem)
  print(problem.message) // division by zero
end)",
      },
      {
          .name = "and",
          .also = {},
          .form = "VALUE and VALUE",
          .summary =
              "The first value if it is falsy, otherwise the second, which is looked at only then. Binds tighter than "
              "`or`.",
          .example = R"(print(1 and 2, 0 and 2, nil and missing()) // 2 0 nil)",
      },
      {
          .name = "or",
          .also = {},
          .form = "VALUE or VALUE",
          .summary = "The first value if it is truthy, otherwise the second, which is looked at only then.",
          .example = R"(print(1 or 2, "" or "default", nil or 0) // 1 default 0)",
      },
      {
          .name = "not",
          .also = {},
          .form = "not VALUE",
          .summary =
              "`true` if the value is falsy, otherwise `false`; also written `!`. It binds tighter than any operator "
              "between two values, so `not a == b` compares `not a` with `b`.",
          .example = R"(print(not nil, not "text", not (1 == 2), not 1 == 2) // true false true false)",
      },
      {
          .name = "raw",
          .also = {},
          .form = "raw STRING",
          .summary =
              "A string in which `{{` begins no template. Escapes such as `\\n` keep their meaning. What `template` is "
              "given is usually written so.",
          .example = R"(name = "ann"
print("{{name}}", raw "{{name}}") // ann {{name}})",
      },
      {
          .name = "nil",
          .also = {},
          .form = "nil",
          .summary =
              "No value: what a missing property, a missing argument and a function without a result are. It is falsy, "
              "equal only to itself, and its properties are nil as well, so that `a.b.c` is nil where `a.b` is. "
              "A property that is set to nil stays there.",
          .example = R"(point = {x = 1}
print(point.y, point.y.z, type(nil), len({a = nil})) // nil nil nil 1)",
      },
      {
          .name = "true",
          .also = {"false"},
          .form = R"(true
false)",
          .summary = "The two values of type `boolean`: what comparisons and `not` give. Every value is truthy or "
                     "falsy where a "
                     "condition is wanted; see `if`.",
          .example = R"(print(1 < 2, "a" == "b", type(true)) // true false boolean)",
      },
  };
  return kPages;
}

std::span<const LanguagePage> type_pages() {
  static const std::vector<LanguagePage> kPages = {
      {
          .name = "number",
          .also = {},
          .form = R"(42
0.5
1e-3)",
          .summary =
              "A floating-point number of 64 bits; whole numbers are exact up to 2 to the power of 53. `+ - * / %` "
              "compute, and dividing by 0 is an error; `%` works on whole numbers, fractions are cut off. `< <= > >=` "
              "compare, also strings that are numbers throughout. 0 is falsy.",
          .example = R"(print(7 / 2, -7 % 3, 0.1 + 0.2, 1e20)  // 3.5 -1 0.30000000000000004 1e+20
print(10 > 9, "10" > "9", "5" == 5)     // true true false)",
      },
      {
          .name = "string",
          .also = {},
          .form = R"("text" or 'text'
"""text of several lines""")",
          .summary =
              "Text in UTF-8 that does not change; positions count characters from 0. `+` joins a string with any "
              "value. "
              "`{{EXPRESSION}}` in any string is replaced by the value, unless `raw` stands before it. Escapes are "
              "`\\n`, `\\t`, `\\r`, `\\xHH`, and a backslash before a quote, a brace or another backslash. Between "
              "three "
              "quotes, the indentation that all lines share is removed, and so is the white space at both ends.",
          .example = R"(name = "Zoë"
print("{{name}} has {{len(name)}} letters") // Zoë has 3 letters
print(name[2], name + 1, 'say "hi"')        // ë Zoë1 say "hi")",
      },
      {
          .name = "boolean",
          .also = {},
          .form = R"(true
false)",
          .summary = "`true` or `false`, the result of a comparison. `tobool` makes one of any value.",
          .example = R"(print(1 == 1, type(1 == 1), tobool("")) // true boolean false)",
      },
      {
          .name = "array",
          .also = {},
          .form = "[VALUE, VALUE]",
          .summary =
              "Values in order, counted from 0. It is shared, not copied, when it is assigned or passed: `deep_copy` "
              "copies, and calling it with values makes a copy that has these at its end. Assigning behind the end "
              "fills "
              "the gap with nil; reading there is an error. An empty array is falsy, and no array is equal to "
              "anything.",
          .example = R"(list = [1, "two"]
list[3] = 4
print(list, len(list)) // [1, "two", nil, 4] 4
print(list(5))         // [1, "two", nil, 4, 5])",
      },
      {
          .name = "object",
          .also = {},
          .form = R"({NAME = VALUE, "any text" = VALUE, [EXPRESSION] = VALUE})",
          .summary =
              "Values under names, in the order in which these were added; shown sorted by name. It is shared, not "
              "copied, when it is assigned or passed. Calling it with named values makes a copy in which these are "
              "set, "
              "which is all there is to classes: a function called as `object.name()` finds the properties of the "
              "object "
              "by their bare names. A missing property is nil. An empty object is falsy, and no object is equal to "
              "anything.",
          .example = R"(Point = {x = 0, y = 0, sum = function() return x + y end}
point = Point(x = 3)
point["y"] = 4
print(point.sum(), Point.sum(), point.z) // 7 0 nil
print(keys(point))                       // ["x", "y", "sum"])",
      },
      {
          .name = "regex",
          .also = {},
          .form = "~PATTERN~",
          .summary =
              "A pattern for `find`, `replace`, `contains`, `starts_with` and `ends_with`, in the syntax of RE2, which "
              "takes time in proportion to the text whatever the pattern is. `toregex` makes one of a string; `\\~` in "
              "a pattern stands for `~`.",
          .example = R"(print(contains("room 101", ~\d+~))              // true
print(replace("a-b", ~(\w)-(\w)~, "$2-$1"))     // b-a)",
      },
      {
          .name = "binary",
          .also = {},
          .form = R"(decode_base64(TEXT, "binary"))",
          .summary =
              "Bytes that do not change, with properties where they came with some, such as `filename`. `len` counts "
              "them, `encode_base64` makes text of them. A binary without bytes is falsy.",
          .example = R"(bytes = decode_base64("AAEC", "binary")
print(bytes, len(bytes), bytes.filename) // <binary: 3 bytes> 3 nil)",
      },
      {
          .name = "code",
          .also = {},
          .form = "parse(SOURCE)",
          .summary = "A program that was read and not run. It has the properties `source`, its text, and `metadata`, "
                     "the object "
                     "that `parse` was given.",
          .example = R"du(program = parse("print(1)", {author = "me"})
print(type(program), program.source) // code print(1)
print(program.metadata.author)       // me)du",
      },
  };
  return kPages;
}

}  // namespace duso::stdlib
